#include "tests/stm/schedule.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pystm::stm::sched {

namespace {

struct Reader {
  std::string path;
  int line = 0;
  Schedule out;

  [[noreturn]] void fail(const std::string& what) const {
    std::fprintf(stderr, "%s:%d: %s\n", path.c_str(), line, what.c_str());
    std::exit(2);
  }
  int object(const std::string& name) const {
    for (size_t i = 0; i < out.objects.size(); ++i) {
      if (out.objects[i].name == name) return static_cast<int>(i);
    }
    fail("no object '" + name + "'");
  }
  static std::string trim(const std::string& s) {
    const size_t a = s.find_first_not_of(" \t"), b = s.find_last_not_of(" \t");
    return a == std::string::npos ? "" : s.substr(a, b - a + 1);
  }

  Expression expression(const std::string& text) const {
    Expression e;
    long sign = 1;
    for (size_t i = 0; i < text.size();) {
      const char c = text[i];
      if (c == ' ') {
        ++i;
      } else if (c == '+' || c == '-') {
        sign = c == '+' ? 1 : -1;
        ++i;
      } else {
        size_t end = i;
        while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0))
          ++end;
        if (end == i) fail("cannot read '" + text + "'");
        const std::string word = text.substr(i, end - i);
        if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
          e.terms.push_back({'n', std::atol(word.c_str()), sign});
        } else if (is_object(word)) {
          e.terms.push_back({'o', object(word), sign});
        } else {
          e.terms.push_back({'r', word[0] - 'a', sign});
        }
        sign = 1;
        i = end;
      }
    }
    return e;
  }
  bool is_object(const std::string& name) const {
    for (const ObjectLine& o : out.objects) {
      if (o.name == name) return true;
    }
    return false;
  }
  Comparison comparison(const std::string& text) const {
    for (const char* relation : {"==", "<=", "!="}) {
      const size_t at = text.find(relation);
      if (at == std::string::npos) continue;
      return {expression(text.substr(0, at)), expression(text.substr(at + 2)), relation,
              trim(text)};
    }
    fail("no comparison in '" + text + "'");
  }

  Op op(const std::string& text) const {
    std::istringstream in(text);
    std::string first, second, third;
    in >> first >> second >> third;
    auto rest_after = [&text](const std::string& word) {
      const size_t at = text.find(word);
      return text.substr(at + word.size());
    };
    if (first == "begin") return {Op::kBegin, 0, 0, {}, {}};
    if (first == "commit") return {Op::kCommit, 0, 0, {}, {}};
    if (first == "retry") return {Op::kRetry, 0, 0, {}, {}};
    if (first == "inevitable") return {Op::kInevitable, 0, 0, {}, {}};
    if (first == "abort") return {Op::kAbortOnce, 0, 0, {}, {}};
    if (first == "check") return {Op::kCheck, 0, 0, {}, comparison(rest_after("check"))};
    if (first == "read") return {Op::kRead, object(second), 25, {}, {}};
    if (first == "write") {
      const std::string value = rest_after(" " + second);
      return {Op::kWrite, object(second), 0, expression(value), {}};
    }
    if (second == "=" && third == "read") {
      std::string name;
      in >> name;
      return {Op::kRead, object(name), first[0] - 'a', {}, {}};
    }
    fail("cannot read '" + text + "'");
  }

  void statement(const std::string& text, const std::string& comment) {
    std::istringstream in(text);
    std::string word;
    in >> word;
    if (word == "object") {
      ObjectLine o;
      std::string equals, apart;
      in >> o.name >> equals >> o.initial >> apart;
      o.apart = apart == "apart";
      out.objects.push_back(o);
    } else if (word == "explore") {
      in >> out.preemptions >> out.mutant_preemptions;
    } else if (word == "mutant") {
      in >> word;
      out.mutants.push_back(word);
    } else if (word == "final") {
      out.finals.push_back(comparison(text.substr(text.find("final") + 5)));
    } else if (word.size() >= 2 && word[0] == 'T') {
      const int thread = std::atoi(word.c_str() + 1) - 1;
      const size_t need = static_cast<size_t>(thread) + 1;
      if (out.programs.size() < need) out.programs.resize(need);
      if (word.back() == ':') {
        std::istringstream parts(text.substr(text.find(':') + 1));
        for (std::string part; std::getline(parts, part, ';');)
          out.programs[static_cast<size_t>(thread)].push_back(op(trim(part)));
      } else {
        const bool abort = comment.find("expect: abort") != std::string::npos;
        out.steps.push_back({thread, op(trim(text.substr(word.size()))), abort, line});
      }
    } else {
      fail("cannot read '" + text + "'");
    }
  }
};

}  // namespace

Schedule parse_schedule(const std::string& path) {
  Reader reader{path, 0, {}};
  std::ifstream in(path);
  if (!in) reader.fail("cannot open");
  for (std::string line; std::getline(in, line);) {
    ++reader.line;
    const size_t hash = line.find('#');
    const std::string comment = hash == std::string::npos ? "" : line.substr(hash);
    std::string text = Reader::trim(line.substr(0, hash));
    if (text.empty()) continue;
    // "T1 begin; T1 write x 1" is two steps; a program's ';' belong to the program.
    const bool program = text[0] == 'T' && text.find(':') != std::string::npos;
    std::istringstream parts(text);
    if (program) {
      reader.statement(text, comment);
    } else {
      for (std::string part; std::getline(parts, part, ';');)
        reader.statement(Reader::trim(part), comment);
    }
  }
  return reader.out;
}

long evaluate(const Expression& e, const long* registers, const std::vector<long>& objects) {
  long sum = 0;
  for (const Expression::Term& t : e.terms) {
    const long v = t.kind == 'n'   ? t.value
                   : t.kind == 'r' ? registers[t.value]
                                   : objects[static_cast<size_t>(t.value)];
    sum += t.sign * v;
  }
  return sum;
}

bool holds(const Comparison& c, const long* registers, const std::vector<long>& objects) {
  const long a = evaluate(c.left, registers, objects), b = evaluate(c.right, registers, objects);
  return c.relation == "==" ? a == b : c.relation == "<=" ? a <= b : a != b;
}

}  // namespace pystm::stm::sched
