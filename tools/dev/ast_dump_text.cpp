// See ast_dump_text.h. Everything but constants comes from the field walk of ast_visit.h.
#include "tools/dev/ast_dump_text.h"

#include "vm/compiler/ast_visit.h"
#include "vm/compiler/repr.h"

namespace pystm::tools {
namespace {

using namespace vm::compiler;

class Dumper {
 public:
  explicit Dumper(std::string& out) : out_(out) {}

  void dump(Node& n) {
    out_ += node_name(n.kind);
    out_ += '(';
    const bool outer = first_;
    first_ = true;
    for_each_field(n, *this);
    if (Located* l = located(n)) attributes(*l);
    first_ = outer;
    out_ += ')';
  }

  void identifier(const char* name, Identifier value) { text(name, value); }
  void text(const char* name, std::string_view value) {
    if (!value.data()) return;
    label(name);
    out_ += str_repr_text(value);
  }
  void identifiers(const char* name, Seq<Identifier> values) {
    list(name, values, [&](Identifier i) { out_ += str_repr_text(i); });
  }
  void node(const char* name, Node* n) {
    if (!n) return;
    label(name);
    dump(*n);
  }
  template <class T>
  void nodes(const char* name, Seq<T*> values) {
    list(name, values, [&](T* n) {
      if (n)
        dump(*n);
      else
        out_ += "None";
    });
  }
  template <class E>
  void value(const char* name, E e) {
    label(name);
    (out_ += enum_name(e)) += "()";
  }
  template <class E>
  void values(const char* name, Seq<E> items) {
    list(name, items, [&](E e) { (out_ += enum_name(e)) += "()"; });
  }
  void integer(const char* name, int value) {
    label(name);
    out_ += std::to_string(value);
  }
  void constant(const char* name, const ConstantValue* c) {
    label(name);
    out_ += constant_repr(*c);
  }

 private:
  void label(const char* name) {
    if (!first_) out_ += ", ";
    first_ = false;
    const std::string_view s = name;
    out_ += s == "arg_name" ? "arg" : s == "kind_name" ? "kind" : s;
    out_ += '=';
  }
  template <class T, class F>
  void list(const char* name, Seq<T> items, F print) {
    label(name);
    out_ += '[';
    bool comma = false;
    for (T item : items) {
      if (comma) out_ += ", ";
      comma = true;
      print(item);
    }
    out_ += ']';
  }
  void attributes(Located& n) {
    integer("lineno", n.at.lineno);
    integer("col_offset", n.at.col_offset);
    integer("end_lineno", n.at.end_lineno);
    integer("end_col_offset", n.at.end_col_offset);
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace

std::string ast_dump_text(Node& tree) {
  std::string out;
  Dumper(out).dump(tree);
  return out;
}

}  // namespace pystm::tools
