// Who holds references: registered providers, Root objects, and native stacks as ambiguous words.
#include <algorithm>
#include <climits>

#include "gc/collector.h"
#include "gc/world.h"

namespace pystm::gc {

namespace {
std::mutex roots_mutex;
Root* root_list = nullptr;
Root* old_root_list = nullptr;
std::vector<RootProvider>& providers() {
  static auto* list = new std::vector<RootProvider>;  // never destroyed: threads may outlive main
  return *list;
}
}  // namespace

Root::Root(Value v, bool old) : value(v) {
  std::lock_guard lock(roots_mutex);
  Root*& list = old ? old_root_list : root_list;
  next_ = list;
  prev_ = &list;
  if (next_ != nullptr) next_->prev_ = &next_;
  list = this;
}

Root::~Root() {
  std::lock_guard lock(roots_mutex);
  *prev_ = next_;
  if (next_ != nullptr) next_->prev_ = prev_;
}

void visit_root_list(SlotVisitor& v, bool young_only) {
  for (Root* r = root_list; r != nullptr; r = r->next_) v.visit(r->value);
  if (young_only) return;
  // By now nothing is young, so no slot changes.
  for (Root* r = old_root_list; r != nullptr; r = r->next_) v.visit(r->value);
}

void add_root_provider(RootProvider provider) {
  std::lock_guard lock(roots_mutex);
  providers().push_back(std::move(provider));
}

void visit_precise_roots(SlotVisitor& v, bool young_only) {
  visit_root_list(v, young_only);
  visit_death_queues(v);
  for (Mutator* m : world.mutators) {
    for (Object*& o : m->gc_private->fresh_finalizable) v.visit(reinterpret_cast<Value&>(o));
    for (Value& taken : m->gc_private->taken_weakrefs) v.visit(taken);
    for (Value& taken : m->gc_private->taken_finalizables) v.visit(taken);
  }
  for (RootProvider& p : providers()) p(v, young_only);
}

namespace {

PYSTM_NOINLINE void keep_word(std::vector<Word>& out, Word w) { out.push_back(w); }

// Reads other frames' memory, redzones included.
__attribute__((no_sanitize("address", "thread"), noinline)) void scan_words(
    const Word* at, const Word* end, Word base, Word limit, std::vector<Word>& out) {
  for (; at < end; ++at) {
    const Word w = *at;
    if (PYSTM_UNLIKELY(w - base <= limit)) keep_word(out, w);
  }
}

}  // namespace

void ambiguous_words(std::vector<Word>& out) {
  const Word base = reinterpret_cast<Word>(space.base);
  const Word limit = Word{space.top} * kBlockBytes;  // one past the end included
  for (Mutator* m : world.mutators) {
    const Mutator::Private& p = *m->gc_private;
    if (p.registers[0] == 0) continue;
    scan_words(p.registers + 1, p.registers + 7, base, limit, out);
    scan_words(reinterpret_cast<const Word*>(p.registers[0] & ~Word{7}),
               reinterpret_cast<const Word*>(reinterpret_cast<Word>(p.stack_base) & ~Word{7}), base,
               limit, out);
  }
  // Loops leave the same words again and again.
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace pystm::gc
