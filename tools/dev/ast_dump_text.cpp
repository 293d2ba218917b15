// See ast_dump_text.h. Everything but constants comes from the field walk of ast_visit.h.
#include "tools/dev/ast_dump_text.h"

#include <gmp.h>

#include <charconv>
#include <cmath>
#include <cstdio>

#include "vm/compiler/ast_visit.h"
#include "vm/compiler/lexer_chars.h"
#include "vm/text/unicode_db.h"

namespace pystm::tools {
namespace {

using namespace vm::compiler;

std::string float_repr(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  char digits[64];
  const auto r = std::to_chars(digits, digits + sizeof digits, x, std::chars_format::scientific);
  std::string s(digits, r.ptr);
  const size_t e = s.find('e');
  const int exponent = std::atoi(s.c_str() + e + 1);
  std::string mantissa = s.substr(0, e);
  if (exponent < -4 || exponent >= 16) {
    char text[96];
    std::snprintf(text, sizeof text, "%se%c%02d", mantissa.c_str(), exponent < 0 ? '-' : '+',
                  std::abs(exponent));
    return text;
  }
  const auto f = std::to_chars(digits, digits + sizeof digits, x, std::chars_format::fixed);
  s.assign(digits, f.ptr);
  return s.find('.') == std::string::npos ? s + ".0" : s;
}

// A part of a complex number: no ".0".
std::string part_repr(double x) {
  std::string s = float_repr(x);
  return s.size() > 2 && s.ends_with(".0") ? s.substr(0, s.size() - 2) : s;
}

std::string big_repr(std::string_view text) {
  mpz_t n;
  mpz_init_set_str(n, std::string(text).c_str(), 0);
  char* digits = mpz_get_str(nullptr, 10, n);
  std::string s = digits;
  std::free(digits);
  mpz_clear(n);
  return s;
}

char best_quote(std::string_view s) {
  const bool single = s.find('\'') != std::string_view::npos;
  return single && s.find('"') == std::string_view::npos ? '"' : '\'';
}

bool short_escape(std::string& out, char32_t c, char quote) {
  if (c == '\n') out += "\\n";
  else if (c == '\r') out += "\\r";
  else if (c == '\t') out += "\\t";
  else if (c == '\\') out += "\\\\";
  else if (c == static_cast<unsigned char>(quote)) (out += '\\') += quote;
  else return false;
  return true;
}

std::string str_repr(std::string_view s) {
  const char quote = best_quote(s);
  std::string out(1, quote);
  for (size_t i = 0; i < s.size();) {
    size_t n;
    const char32_t c = decode_utf8(s, i, &n);
    char text[16] = "";
    if (short_escape(out, c, quote)) {
    } else if ((c >= 32 && c < 127) || (c >= 160 && vm::text::is_printable(c))) {
      out += s.substr(i, n);
    } else if (c < 256) {
      std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(c));
    } else if (c < 0x10000) {
      std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
    } else {
      std::snprintf(text, sizeof text, "\\U%08x", static_cast<unsigned>(c));
    }
    out += text;
    i += n;
  }
  return out + quote;
}

std::string bytes_repr(std::string_view s) {
  const char quote = best_quote(s);
  std::string out = std::string("b") + quote;
  for (unsigned char c : s) {
    char text[8] = "";
    if (short_escape(out, c, quote)) {
    } else if (c >= 32 && c < 127) {
      out += static_cast<char>(c);
    } else {
      std::snprintf(text, sizeof text, "\\x%02x", c);
    }
    out += text;
  }
  return out + quote;
}

std::string complex_repr(double real, double imag) {
  if (real == 0 && !std::signbit(real)) return part_repr(imag) + "j";
  std::string s = part_repr(imag);
  if (s[0] != '-') s = "+" + s;
  return "(" + part_repr(real) + s + "j)";
}

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
    out_ += str_repr(value);
  }
  void identifiers(const char* name, Seq<Identifier> values) {
    list(name, values, [&](Identifier i) { out_ += str_repr(i); });
  }
  void node(const char* name, Node* n) {
    if (!n) return;
    label(name);
    dump(*n);
  }
  template <class T>
  void nodes(const char* name, Seq<T*> values) {
    list(name, values, [&](T* n) {
      if (n) dump(*n);
      else out_ += "None";
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

std::string constant_repr(const ConstantValue& v) {
  switch (v.type) {
    case ConstantValue::kNone: return "None";
    case ConstantValue::kTrue: return "True";
    case ConstantValue::kFalse: return "False";
    case ConstantValue::kEllipsis: return "Ellipsis";
    case ConstantValue::kInt: return std::to_string(v.integer);
    case ConstantValue::kBigInt: return big_repr(v.text);
    case ConstantValue::kFloat: return float_repr(v.real);
    case ConstantValue::kComplex: return complex_repr(v.real, v.imag);
    case ConstantValue::kStr: return str_repr(v.text);
    case ConstantValue::kBytes: return bytes_repr(v.text);
    case ConstantValue::kTuple:
    case ConstantValue::kFrozenSet: break;
  }
  std::string s = v.type == ConstantValue::kTuple ? "(" : "frozenset({";
  for (const ConstantValue* item : v.items) {
    if (item != v.items[0]) s += ", ";
    s += constant_repr(*item);
  }
  if (v.type == ConstantValue::kFrozenSet) return s + "})";
  return s + (v.items.size() == 1 ? ",)" : ")");
}

std::string ast_dump_text(Node& tree) {
  std::string out;
  Dumper(out).dump(tree);
  return out;
}

}  // namespace pystm::tools
