// time: clocks, sleeping, calendar times.
#include <pthread.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "stdlib/modules.h"
#include "stdlib/support.h"

namespace pystm::lib {
namespace {

Type* g_struct_time = nullptr;

// --- clocks --------------------------------------------------------------------------------------

int64_t clock_ns(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}
template <clockid_t kId>
double seconds(Context&) {
  return static_cast<double>(clock_ns(kId)) / 1e9;
}
template <clockid_t kId>
int64_t nanoseconds(Context&) {
  return clock_ns(kId);
}
Result<int64_t> gettime_ns(Context& cx, int id) {
  timespec t{};
  if (::clock_gettime(id, &t) != 0) return raise_errno(cx, errno);
  return int64_t{t.tv_sec * 1'000'000'000LL + t.tv_nsec};
}
Result<double> gettime(Context& cx, int id) {
  return static_cast<double>(TRY(gettime_ns(cx, id))) / 1e9;
}
Result<double> getres(Context& cx, int id) {
  timespec t{};
  if (::clock_getres(id, &t) != 0) return raise_errno(cx, errno);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}
Result<void> set_clock(Context& cx, int id, int64_t ns) {
  stm::become_inevitable(cx, "clock_settime");
  const timespec t{ns / 1'000'000'000, ns % 1'000'000'000};
  if (::clock_settime(id, &t) != 0) return raise_errno(cx, errno);
  return {};
}
Result<void> settime(Context& cx, int id, Value time) {
  return set_clock(cx, id, TRY(to_nanoseconds(cx, time, false)));
}
Result<void> settime_ns(Context& cx, int id, int64_t time) { return set_clock(cx, id, time); }
Result<int64_t> pthread_clock(Context& cx, int64_t thread) {
  clockid_t id;
  if (const int error = ::pthread_getcpuclockid(static_cast<pthread_t>(thread), &id))
    return raise_errno(cx, error);
  return int64_t{id};
}
Result<Value> get_clock_info(Context& cx, Str* name) {
  const std::string n = to_utf8(name);
  const struct {
    const char* name;
    const char* implementation;
    clockid_t id;
    bool monotonic, adjustable;
  } kRows[] = {{"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
               {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
               {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
               {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID,
                true, false},
               {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID,
                true, false}};
  for (const auto& r : kRows) {
    if (n != r.name) continue;
    const Value ns = TRY(call(cx, TRY(import_attr(cx, "types", "SimpleNamespace")), {}));
    TRY(set_attr(cx, ns, intern(cx, "implementation"), intern(cx, r.implementation)));
    TRY(set_attr(cx, ns, intern(cx, "monotonic"), of_bool(r.monotonic)));
    TRY(set_attr(cx, ns, intern(cx, "adjustable"), of_bool(r.adjustable)));
    TRY(set_attr(cx, ns, intern(cx, "resolution"), make_float(cx, TRY(getres(cx, r.id)))));
    return ns;
  }
  return raise(cx, kValueError, "unknown clock");
}

// --- sleeping ------------------------------------------------------------------------------------

Result<void> time_sleep(Context& cx, Value secs) {
  const int64_t ns = TRY(to_nanoseconds(cx, secs, true));
  if (ns < 0) return raise(cx, kValueError, "sleep length must be non-negative");
  const int64_t end = clock_ns(CLOCK_MONOTONIC) + ns;
  const timespec until{end / 1'000'000'000, end % 1'000'000'000};
  for (;;) {
    int error = 0;
    stm::run_outside(cx, "sleep", [&] {
      error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    });
    if (error == 0) return {};
    if (error != EINTR) return raise_errno(cx, error);
    TRY(check_signals(cx));
  }
}

// --- calendar times ------------------------------------------------------------------------------

Result<Value> struct_of(Context& cx, const tm& t, bool utc) {
  const Value zone = TRY(str_of(cx, t.tm_zone == nullptr ? "" : t.tm_zone));
  const Value items[11] = {Value::of_int(t.tm_year + 1900),
                           Value::of_int(t.tm_mon + 1),
                           Value::of_int(t.tm_mday),
                           Value::of_int(t.tm_hour),
                           Value::of_int(t.tm_min),
                           Value::of_int(t.tm_sec),
                           Value::of_int((t.tm_wday + 6) % 7),
                           Value::of_int(t.tm_yday + 1),
                           Value::of_int(t.tm_isdst),
                           zone,
                           Value::of_int(utc ? 0 : t.tm_gmtoff)};
  return new_struct(cx, g_struct_time, items, 11);
}
Result<time_t> time_argument(Context& cx, Value secs) {
  if (secs == kNone) return ::time(nullptr);
  if (is_float(secs)) {
    const double d = std::floor(float_value(secs));
    if (std::isnan(d)) return raise(cx, kValueError, "Invalid value NaN (not a number)");
    if (!(d >= -9.3e18 && d <= 9.2e18))
      return raise(cx, kOverflowError, "timestamp out of range for platform time_t");
    return static_cast<time_t>(d);
  }
  if (!is_int(secs) && lookup_dunder(secs, Dunder::kIndex).is_unset())
    return raise(cx, kTypeError, "'%s' object cannot be interpreted as an integer",
                 TYPE_NAME(secs));
  auto r = to_index64(cx, secs, kOverflowError);
  if (r.is_error()) {
    clear_exception(cx);
    return raise(cx, kOverflowError, "timestamp out of range for platform time_t");
  }
  return static_cast<time_t>(r.value());
}
Result<Value> time_localtime(Context& cx, Value secs) {
  const time_t t = TRY(time_argument(cx, secs));
  tm out{};
  errno = EOVERFLOW;
  if (localtime_r(&t, &out) == nullptr) return raise_errno(cx, errno);
  return struct_of(cx, out, false);
}
Result<Value> time_gmtime(Context& cx, Value secs) {
  const time_t t = TRY(time_argument(cx, secs));
  tm out{};
  errno = EOVERFLOW;
  if (gmtime_r(&t, &out) == nullptr) return raise_errno(cx, errno);
  return struct_of(cx, out, true);
}

Result<void> tm_of(Context& cx, Value v, const char* function, tm* out) {
  if (!is_tuple(v)) return raise(cx, kTypeError, "Tuple or struct_time argument required");
  auto* t = v.as<Tuple>();
  if (t->length != 9) return raise(cx, kTypeError, "%s(): illegal time tuple argument", function);
  int64_t n[9];
  for (size_t i = 0; i < 9; ++i) {
    n[i] = TRY(to_index64(cx, (*t)[i], kOverflowError));
    if (n[i] > INT32_MAX || n[i] < INT32_MIN)
      return raise(cx, kOverflowError, "Python int too large to convert to C int");
  }
  if (n[0] < INT32_MIN + 1900) return raise(cx, kOverflowError, "year out of range");
  std::memset(out, 0, sizeof(*out));
  out->tm_year = static_cast<int>(n[0] - 1900);
  out->tm_mon = static_cast<int>(n[1] - 1);
  out->tm_mday = static_cast<int>(n[2]);
  out->tm_hour = static_cast<int>(n[3]);
  out->tm_min = static_cast<int>(n[4]);
  out->tm_sec = static_cast<int>(n[5]);
  out->tm_wday = static_cast<int>((n[6] + 1) % 7);
  out->tm_yday = static_cast<int>(n[7] - 1);
  out->tm_isdst = static_cast<int>(n[8]);
  if (type_of(v) == g_struct_time) {
    const Value offset = TRY(find_attr(cx, v, intern(cx, "tm_gmtoff")));
    if (offset.is_int()) out->tm_gmtoff = offset.as_int();
    const Value zone = TRY(find_attr(cx, v, intern(cx, "tm_zone")));
    if (!zone.is_unset() && is_str(zone)) out->tm_zone = tzname[out->tm_isdst > 0];
  }
  return {};
}
// Ranges that strftime and asctime insist on; 0 counts as 1 for month and days.
Result<void> check_tm(Context& cx, tm* t) {
  if (t->tm_mon == -1) t->tm_mon = 0;
  if (t->tm_mon < 0 || t->tm_mon > 11) return raise(cx, kValueError, "month out of range");
  if (t->tm_mday == 0) t->tm_mday = 1;
  if (t->tm_mday < 0 || t->tm_mday > 31) return raise(cx, kValueError, "day of month out of range");
  if (t->tm_hour < 0 || t->tm_hour > 23) return raise(cx, kValueError, "hour out of range");
  if (t->tm_min < 0 || t->tm_min > 59) return raise(cx, kValueError, "minute out of range");
  if (t->tm_sec < 0 || t->tm_sec > 61) return raise(cx, kValueError, "seconds out of range");
  if (t->tm_wday < 0) return raise(cx, kValueError, "day of week out of range");
  if (t->tm_yday == -1) t->tm_yday = 0;
  if (t->tm_yday < 0 || t->tm_yday > 365) return raise(cx, kValueError, "day of year out of range");
  return {};
}
Result<void> time_of(Context& cx, Opt v, const char* function, tm* out) {
  if (!v.given()) {
    const time_t now = ::time(nullptr);
    localtime_r(&now, out);
    return {};
  }
  return tm_of(cx, v.value, function, out);
}
Result<Value> text_of_time(Context& cx, const tm& t) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[64];
  std::snprintf(text, sizeof(text), "%s %s%3d %.2d:%.2d:%.2d %d", kDays[t.tm_wday % 7],
                kMonths[t.tm_mon % 12], t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, 1900 + t.tm_year);
  return str_of(cx, text);
}
Result<Value> time_asctime(Context& cx, Opt t) {
  tm out{};
  TRY(time_of(cx, t, "asctime", &out));
  TRY(check_tm(cx, &out));
  return text_of_time(cx, out);
}
Result<Value> time_ctime(Context& cx, Value secs) {
  const time_t t = TRY(time_argument(cx, secs));
  tm out{};
  errno = EOVERFLOW;
  if (localtime_r(&t, &out) == nullptr) return raise_errno(cx, errno);
  return text_of_time(cx, out);
}
Result<double> time_mktime(Context& cx, Value t) {
  tm in{};
  TRY(tm_of(cx, t, "mktime", &in));
  in.tm_wday = -1;
  const time_t r = ::mktime(&in);
  if (r == -1 && in.tm_wday == -1) return raise(cx, kOverflowError, "mktime argument out of range");
  return static_cast<double>(r);
}
Result<Value> time_strftime(Context& cx, Value format, Opt t) {
  if (!is_str(format))
    return raise(cx, kTypeError, "strftime() argument 1 must be str, not %s", TYPE_NAME(format));
  tm in{};
  TRY(time_of(cx, t, "strftime", &in));
  TRY(check_tm(cx, &in));
  const std::string f = fs_encode(TRY(flatten(cx, format)));
  if (f.find('\0') != std::string::npos) return raise(cx, kValueError, "embedded null character");
  if (f.empty()) return str_of(cx, "");
  std::string out;
  // A marker tells an empty result from a buffer that is too small.
  for (size_t size = f.size() * 4 + 256;; size *= 4) {
    out.resize(size);
    const size_t n = ::strftime(out.data(), size, (f + "x").c_str(), &in);
    if (n == 0 && size < (64u << 20)) continue;
    out.resize(n == 0 ? 0 : n - 1);
    return fs_decode(cx, out);
  }
}
Result<Value> time_strptime(Context& cx, Args args) {
  return call(cx, TRY(import_attr(cx, "_strptime", "_strptime_time")), args.items, args.count);
}

Result<void> set_zone(Context& cx, Module* m) {
  ::tzset();
  // Offsets in winter and summer of this year.
  const time_t now = ::time(nullptr);
  constexpr time_t kYear = (365 * 24 + 6) * 3600;
  const time_t start = now / kYear * kYear;
  tm january{}, july{};
  localtime_r(&start, &january);
  const time_t middle = start + kYear / 2;
  localtime_r(&middle, &july);
  const int64_t a = -january.tm_gmtoff, b = -july.tm_gmtoff;
  const std::string name_a = january.tm_zone, name_b = july.tm_zone;
  const bool south = a < b;
  TRY(module_add_int(cx, m, "timezone", south ? b : a));
  TRY(module_add_int(cx, m, "altzone", south ? a : b));
  TRY(module_add_int(cx, m, "daylight", a != b));
  const Value first = TRY(str_of(cx, south ? name_b : name_a)),
              second = TRY(str_of(cx, south ? name_a : name_b));
  return module_add(cx, m, "tzname", TRY(new_tuple(cx, {first, second})));
}
Result<void> time_tzset(Context& cx) {
  stm::become_inevitable(cx, "tzset");
  const Value m = TRY(import_module(cx, "time"));
  return set_zone(cx, m.as<Module>());
}

constexpr BuiltinDef kFunctions[] = {
    function<&seconds<CLOCK_REALTIME>>("time", "()"),
    function<&nanoseconds<CLOCK_REALTIME>>("time_ns", "()"),
    function<&seconds<CLOCK_MONOTONIC>>("monotonic", "()"),
    function<&nanoseconds<CLOCK_MONOTONIC>>("monotonic_ns", "()"),
    function<&seconds<CLOCK_MONOTONIC>>("perf_counter", "()"),
    function<&nanoseconds<CLOCK_MONOTONIC>>("perf_counter_ns", "()"),
    function<&seconds<CLOCK_PROCESS_CPUTIME_ID>>("process_time", "()"),
    function<&nanoseconds<CLOCK_PROCESS_CPUTIME_ID>>("process_time_ns", "()"),
    function<&seconds<CLOCK_THREAD_CPUTIME_ID>>("thread_time", "()"),
    function<&nanoseconds<CLOCK_THREAD_CPUTIME_ID>>("thread_time_ns", "()"),
    function<&gettime>("clock_gettime", "(clk_id, /)"),
    function<&gettime_ns>("clock_gettime_ns", "(clk_id, /)"),
    function<&getres>("clock_getres", "(clk_id, /)"),
    function<&settime>("clock_settime", "(clk_id, time, /)"),
    function<&settime_ns>("clock_settime_ns", "(clk_id, time, /)"),
    function<&pthread_clock>("pthread_getcpuclockid", "(thread_id, /)"),
    function<&get_clock_info>("get_clock_info", "(name, /)"),
    function<&time_sleep>("sleep", "(seconds, /)", Effects::kBlocks),
    function<&time_localtime>("localtime", "(seconds=None, /)"),
    function<&time_gmtime>("gmtime", "(seconds=None, /)"),
    function<&time_asctime>("asctime", "(tuple=<unrepresentable>, /)"),
    function<&time_ctime>("ctime", "(seconds=None, /)"),
    function<&time_mktime>("mktime", "(tuple, /)"),
    function<&time_strftime>("strftime", "(format, tuple=<unrepresentable>, /)"),
    function<&time_strptime>("strptime", "(*args)"),
    function<&time_tzset>("tzset", "()"),
};
Result<void> init(Context& cx, Module* m) {
  if (g_struct_time == nullptr)
    g_struct_time = make_structseq(cx, "time.struct_time",
                                   {"tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec",
                                    "tm_wday", "tm_yday", "tm_isdst", "tm_zone", "tm_gmtoff"},
                                   9);
  TRY(module_add_type(cx, m, g_struct_time));
  for (auto [name, id] : {std::pair{"CLOCK_REALTIME", CLOCK_REALTIME},
                          {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
                          {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
                          {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
                          {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
                          {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
                          {"CLOCK_TAI", CLOCK_TAI}})
    TRY(module_add_int(cx, m, name, id));
  TRY(module_add_int(cx, m, "_STRUCT_TM_ITEMS", 11));
  return set_zone(cx, m);
}
const ModuleDef kModule = {"time", kFunctions, init};

}  // namespace

void register_time() { register_module(kModule); }

}  // namespace pystm::lib
