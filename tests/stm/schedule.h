// Small transactions written as text, and the language of tests/stm/*.sched.
//
//   object x = 0              a public object
//   object y = 0 apart        one whose region holds nothing else that is written
//   T1: a = read x; write y a+1; check a <= 1; inevitable; abort once
//                             a transaction, begun and retried until it commits
//   explore 2 3               all interleavings of its steps with at most 2 preemptions (3 under a
//                             mutant; the same if only one number is given)
//   T1 begin                  or single steps, in this order, each on its thread
//   T1 write x 1              # expect: abort     (ok where nothing is said)
//   final x + y <= 1          holds after every run
//   mutant NAME               with this mutant some interleaving must fail
#pragma once

#include <string>
#include <vector>

#include "base/bits.h"

namespace pystm::stm::sched {

// Sum of terms: registers a..z, objects (in `final`), numbers.
struct Expression {
  struct Term {
    char kind;  // 'r' register, 'o' object, 'n' number
    long value;
    long sign;
  };
  std::vector<Term> terms;
};
struct Comparison {
  Expression left, right;
  std::string relation;  // == <= !=
  std::string text;
};

struct Op {
  enum Kind { kBegin, kCommit, kRetry, kRead, kWrite, kCheck, kInevitable, kAbortOnce } kind;
  int object = 0;
  int target = 0;  // register
  Expression value;
  Comparison check;
};

struct ObjectLine {
  std::string name;
  long initial = 0;
  bool apart = false;
};
struct Step {
  int thread;
  Op op;
  bool expect_abort = false;
  int line = 0;
};

struct Schedule {
  std::vector<ObjectLine> objects;
  std::vector<std::vector<Op>> programs;  // by thread; empty in stepwise schedules
  std::vector<Step> steps;
  std::vector<Comparison> finals;
  std::vector<std::string> mutants;
  int preemptions = 2;
  int mutant_preemptions = 0;  // 0: the same
};

// Exits with a message on a mistake in the file.
Schedule parse_schedule(const std::string& path);
long evaluate(const Expression& e, const long* registers, const std::vector<long>& objects);
bool holds(const Comparison& c, const long* registers, const std::vector<long>& objects);

}  // namespace pystm::stm::sched
