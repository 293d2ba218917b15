// Statistics, conflict records and --stm-log.
//
// A record names both sides. The victim knows where it stands; the winner is asked to say so at its
// next poll, and the record is complete (and logged) then.
#include <algorithm>
#include <cstdio>

#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

namespace {

std::mutex mutex;
std::vector<Tx*>& threads() {
  static auto* list = new std::vector<Tx*>;
  return *list;
}
Stats ended;  // of threads that are gone
std::vector<Conflict> records;
Locator locate = nullptr;
Describer describe = nullptr;
std::FILE* log_file = nullptr;

constexpr size_t kMostRecords = 4096;
constexpr Word kReportEveryUs = 100;  // per thread, unless a log is open

void add(Stats& to, const Stats& s) {
  to.begun += s.begun;
  to.committed += s.committed;
  to.commits_readonly += s.commits_readonly;
  to.aborted += s.aborted;
  to.inevitable += s.inevitable;
  to.extensions += s.extensions;
  to.splits += s.splits;
  to.elided_locks += s.elided_locks;
  to.taken_locks += s.taken_locks;
  to.waits += s.waits;
  for (size_t i = 0; i < std::size(s.aborts_by_reason); ++i)
    to.aborts_by_reason[i] += s.aborts_by_reason[i];
  to.seconds_in_aborted += s.seconds_in_aborted;
  to.seconds_waiting += s.seconds_waiting;
}

const char* text_of(AbortReason reason) {
  switch (reason) {
#define ABORT_REASON(name, text) \
  case AbortReason::name:        \
    return text;
#include "stm/abort_reasons.def"
#undef ABORT_REASON
  }
  return "";
}

std::string quoted(const std::string& s) {
  std::string out = "\"";
  for (unsigned char c : s) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", c);
      out += buffer;
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

std::string json_of(const SourcePosition& p) {
  return "{\"file\":" + quoted(p.file) + ",\"line\":" + std::to_string(p.line) +
         ",\"column\":" + std::to_string(p.column) +
         ",\"end_column\":" + std::to_string(p.end_column) + ",\"function\":" + quoted(p.function) +
         "}";
}

// REQUIRES mutex.
void log_record(const Conflict& c) {
  if (log_file == nullptr) return;
  std::fprintf(log_file,
               "{\"reason\":%s,\"victim\":%s,\"other\":%s,\"object\":%s,\"lost_us\":%.1f}\n",
               quoted(text_of(c.reason)).c_str(), json_of(c.victim).c_str(),
               json_of(c.other).c_str(), quoted(c.object).c_str(), c.seconds_lost * 1e6);
  std::fflush(log_file);
}

// Asks the thread of `stamp` for its position; false if there is nobody to ask.
bool ask(Word stamp, size_t record) {
  Segment& s = segments[tid_of(stamp)];
  s.pokes.fetch_add(1);
  Tx* other = s.tx.load();
  if (other != nullptr) {
    other->priv->unplaced.push_back(record);
    other->priv->position_wanted.store(true, std::memory_order_relaxed);
    other->poll.store(INT_MAX, std::memory_order_relaxed);
  }
  s.pokes.fetch_sub(1);
  return other != nullptr;
}

}  // namespace

void register_for_reports(Tx& tx) {
  std::lock_guard lock(mutex);
  threads().push_back(&tx);
}

void unregister_for_reports(Tx& tx) {
  std::lock_guard lock(mutex);
  for (size_t record : tx.priv->unplaced) {
    if (record < records.size()) log_record(records[record]);
  }
  add(ended, tx.priv->stats);
  std::erase(threads(), &tx);
}

// World stopped, or `f` touches nothing that the other threads change.
void stats_for_each(const std::function<void(Tx&)>& f) {
  std::lock_guard lock(mutex);
  for (Tx* tx : threads()) f(*tx);
}

void report_conflict(Tx& tx, AbortReason reason, Object* holder, size_t offset, Word other) {
  Tx::Private& p = *tx.priv;
  if (locate == nullptr && log_file == nullptr) return;
  const Word now = base::cycles(), us = base::cycles_per_us();
  if (log_file == nullptr && now - p.last_report < kReportEveryUs * us) return;
  p.last_report = now;
  Conflict c;
  c.reason = reason;
  if (locate != nullptr) c.victim = locate(tx);
  if (describe != nullptr && holder != nullptr) c.object = describe(holder, offset);
  if (p.tx_start != 0) c.seconds_lost = double(now - p.tx_start) / double(us) * 1e-6;
  std::lock_guard lock(mutex);
  if (records.size() >= kMostRecords) {
    log_record(c);
    return;
  }
  records.push_back(std::move(c));
  if (other == 0 || !ask(other, records.size() - 1)) log_record(records.back());
}

void publish_position(Tx& tx) {
  Tx::Private& p = *tx.priv;
  p.position_wanted.store(false, std::memory_order_relaxed);
  SourcePosition here;
  if (locate != nullptr) here = locate(tx);
  std::lock_guard lock(mutex);
  for (size_t record : p.unplaced) {
    if (record >= records.size()) continue;  // reset in between
    records[record].other = here;
    log_record(records[record]);
  }
  p.unplaced.clear();
}

void set_locator(Locator l) { locate = l; }
void set_describer(Describer d) { describe = d; }

uint64_t mode_switches();
Stats stats() {
  Stats s;
  {
    std::lock_guard lock(mutex);
    s = ended;
    for (Tx* tx : threads()) add(s, tx->priv->stats);
  }
  s.mode_switches = mode_switches();
  return s;
}

std::vector<Conflict> conflicts() {
  std::lock_guard lock(mutex);
  return records;
}

void reset_stats() {
  std::lock_guard lock(mutex);
  ended = Stats();
  records.clear();
  for (Tx* tx : threads()) tx->priv->stats = Stats();
}

void open_log(const std::string& path) {
  std::lock_guard lock(mutex);
  if (log_file != nullptr) std::fclose(log_file);
  log_file = std::fopen(path.c_str(), "w");
}

void reports_before_fork() { mutex.lock(); }
void reports_after_fork(Tx* survivor) {
  if (survivor != nullptr) threads().assign(1, survivor);
  mutex.unlock();
}

}  // namespace pystm::stm
