// Threads that wait for the end of a stop may lend a hand to the collection.
//
// Invariant: a helper works with its native stack as it was when it stopped, or below; what the
// collection does to other threads' stacks and registers was done before the offer.
#pragma once

namespace pystm::gc {

class Job {
 public:
  // Runs on a waiting thread, beside others; returns when nothing is left to do.
  virtual void help() = 0;

 protected:
  ~Job() = default;
};

// By the thread that has stopped the world. `job` must stay until withdraw() returns, which waits
// for every helper to have left it.
void offer(Job& job);
void withdraw();
// Called again and again by threads that wait in a stop.
// True: there was something to do.
bool help_if_offered();

}  // namespace pystm::gc
