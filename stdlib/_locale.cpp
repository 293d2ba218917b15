// _locale: the C library's locale, as far as the standard library asks.
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <string.h>

#include "stdlib/modules.h"
#include "stdlib/support.h"

namespace pystm::lib {
namespace {

Value g_error;

Result<Value> locale_setlocale(Context& cx, int category, Value locale) {
  std::string name;
  if (locale != kNone) {
    if (!is_str(locale))
      return raise(cx, kTypeError, "setlocale() argument 2 must be str or None, not %s",
                   TYPE_NAME(locale));
    name = to_utf8(cx, locale);
    stm::become_inevitable(cx, "setlocale");
  }
  const char* r = ::setlocale(category, locale == kNone ? nullptr : name.c_str());
  if (r == nullptr) {
    const Value text = TRY(new_str(cx, "unsupported locale setting"));
    return raise_value(cx, TRY(call(cx, g_error, {text})));
  }
  return str_of(cx, r);
}
Result<Value> group_list(Context& cx, const char* s) {
  List* l = new_list(cx);
  for (; *s != 0; ++s) {
    TRY(list_append(cx, l, Value::of_int(*s)));
    if (*s == CHAR_MAX) return Value(l);
  }
  if (list_length(cx, l) > 0) TRY(list_append(cx, l, Value::of_int(0)));
  return Value(l);
}
Result<Value> locale_conv(Context& cx) {
  const lconv* l = ::localeconv();
  Dict* d = new_dict(cx);
#define TEXT(x) TRY(dict_set_str(cx, d, #x, TRY(new_str(cx, l->x))))
#define NUMBER(x) TRY(dict_set_str(cx, d, #x, Value::of_int(l->x)))
  TEXT(decimal_point);
  TEXT(thousands_sep);
  TRY(dict_set_str(cx, d, "grouping", TRY(group_list(cx, l->grouping))));
  TEXT(int_curr_symbol);
  TEXT(currency_symbol);
  TEXT(mon_decimal_point);
  TEXT(mon_thousands_sep);
  TRY(dict_set_str(cx, d, "mon_grouping", TRY(group_list(cx, l->mon_grouping))));
  TEXT(positive_sign);
  TEXT(negative_sign);
  NUMBER(int_frac_digits);
  NUMBER(frac_digits);
  NUMBER(p_cs_precedes);
  NUMBER(p_sep_by_space);
  NUMBER(n_cs_precedes);
  NUMBER(n_sep_by_space);
  NUMBER(p_sign_posn);
  NUMBER(n_sign_posn);
#undef TEXT
#undef NUMBER
  return Value(d);
}
Result<int64_t> locale_strcoll(Context& cx, Str* a, Str* b) {
  return int64_t{::strcoll(to_utf8(a).c_str(), to_utf8(b).c_str())};
}
Result<Value> locale_strxfrm(Context& cx, Str* s) {
  const std::string text = to_utf8(s);
  std::string out(::strxfrm(nullptr, text.c_str(), 0) + 1, '\0');
  out.resize(::strxfrm(out.data(), text.c_str(), out.size()));
  return str_of(cx, out);
}
Result<Value> locale_langinfo(Context& cx, int key) { return str_of(cx, ::nl_langinfo(key)); }
Value locale_encoding(Context& cx) { return intern(cx, "UTF-8"); }
Result<Value> locale_gettext(Context& cx, Str* msg) {
  return str_of(cx, ::gettext(to_utf8(msg).c_str()));
}
Result<Value> locale_dgettext(Context& cx, Value domain, Str* msg) {
  return str_of(cx, ::dgettext(domain == kNone ? nullptr : to_utf8(cx, domain).c_str(),
                               to_utf8(msg).c_str()));
}
Result<Value> locale_textdomain(Context& cx, Value domain) {
  const char* r = ::textdomain(domain == kNone ? nullptr : to_utf8(cx, domain).c_str());
  return r == nullptr ? Result<Value>(raise_errno(cx, errno)) : str_of(cx, r);
}
Result<Value> locale_bindtextdomain(Context& cx, Str* domain, Value dir) {
  if (domain->length == 0) {
    const Value text = TRY(new_str(cx, "domain must be a non-empty string"));
    return raise_value(cx, TRY(call(cx, g_error, {text})));
  }
  const char* r =
      ::bindtextdomain(to_utf8(domain).c_str(), dir == kNone ? nullptr : to_utf8(cx, dir).c_str());
  return r == nullptr ? Result<Value>(raise_errno(cx, errno)) : str_of(cx, r);
}

constexpr BuiltinDef kFunctions[] = {
    function<&locale_setlocale>("setlocale", "(category, locale=None, /)"),
    function<&locale_conv>("localeconv", "()"),
    function<&locale_strcoll>("strcoll", "(os1, os2, /)"),
    function<&locale_strxfrm>("strxfrm", "(string, /)"),
    function<&locale_langinfo>("nl_langinfo", "(key, /)"),
    function<&locale_encoding>("getencoding", "()"),
    function<&locale_gettext>("gettext", "(msg, /)"),
    function<&locale_dgettext>("dgettext", "(domain, msg, /)"),
    function<&locale_textdomain>("textdomain", "(domain, /)"),
    function<&locale_bindtextdomain>("bindtextdomain", "(domain, dir, /)"),
};
constexpr struct {
  const char* name;
  int value;
} kNumbers[] = {
#define N(x) {#x, x},
    N(LC_CTYPE) N(LC_TIME) N(LC_COLLATE) N(LC_MONETARY) N(LC_MESSAGES) N(LC_NUMERIC) N(LC_ALL)
        N(CODESET) N(RADIXCHAR) N(THOUSEP) N(CRNCYSTR) N(D_FMT) N(D_T_FMT) N(T_FMT) N(AM_STR)
            N(PM_STR) N(T_FMT_AMPM) N(ERA) N(ERA_D_FMT) N(ERA_D_T_FMT) N(ERA_T_FMT) N(ALT_DIGITS)
                N(YESEXPR) N(NOEXPR) N(DAY_1) N(DAY_2) N(DAY_3) N(DAY_4) N(DAY_5) N(DAY_6) N(DAY_7)
                    N(ABDAY_1) N(ABDAY_2) N(ABDAY_3) N(ABDAY_4) N(ABDAY_5) N(ABDAY_6) N(ABDAY_7)
                        N(MON_1) N(MON_2) N(MON_3) N(MON_4) N(MON_5) N(MON_6) N(MON_7) N(MON_8)
                            N(MON_9) N(MON_10) N(MON_11) N(MON_12) N(ABMON_1) N(ABMON_2) N(ABMON_3)
                                N(ABMON_4) N(ABMON_5) N(ABMON_6) N(ABMON_7) N(ABMON_8) N(ABMON_9)
                                    N(ABMON_10) N(ABMON_11) N(ABMON_12) N(CHAR_MAX)
#undef N
};
Result<void> init(Context& cx, Module* m) {
  for (const auto& n : kNumbers) TRY(module_add_int(cx, m, n.name, n.value));
  if (g_error.is_unset()) {
    Dict* ns = new_dict(cx);
    TRY(dict_set_str(cx, ns, names().__module__, intern(cx, "locale")));
    Tuple* bases = TRY(new_tuple(cx, {Value(exception_type(kException))}));
    g_error = Value(keep(as_type(
        TRY(new_class(cx, types().type, intern(cx, "Error"), bases, ns, Value(), nullptr)))));
  }
  return module_add(cx, m, "Error", g_error);
}
const ModuleDef kModule = {"_locale", kFunctions, init};

}  // namespace

void register_locale() { register_module(kModule); }

}  // namespace pystm::lib
