// str.format with its replacement fields, and the % operator.
#include "vm/text/format_spec.h"
#include "vm/text/search.h"
#include "vm/text/unicode_db.h"
#include "vm/types/int_limits.h"
#include "vm/types/percent.h"
#include "vm/types/str_methods.h"

namespace pystm::vm {

Error raise_format_error(Context& cx, const text::FormatError& e) {
  return raise(cx, e.kind == text::FormatError::OverflowError ? kOverflowError : kValueError, "%s",
               e.message.c_str());
}

namespace {

// --- str.format ----------------------------------------------------------------------------------

class Formatter {
 public:
  Formatter(Context& cx, Str* text, const Args* args, const Kwargs* kwargs, Value mapping)
      : cx_(cx), s_(text), args_(args), kwargs_(kwargs), mapping_(mapping) {}

  // Formats text[start:end) into out. depth: how deep fields in format specifications may still
  // nest.
  Result<void> run(size_t start, size_t end, int depth, text::TextBuilder& out) {
    if (depth < 0) return error("Max string recursion exceeded");
    size_t at = start;
    while (at < end) {
      const size_t literal = at;
      char32_t c = 0;
      bool brace = false;
      while (at < end && !brace) {
        c = char_at(s_, at++);
        brace = c == '{' || c == '}';
      }
      const bool at_end = at >= end;
      if (brace && c == '}' && (at_end || char_at(s_, at) != c))
        return error("Single '}' encountered in format string");
      if (brace && at_end) return error("Single '{' encountered in format string");
      size_t length = at - literal;
      if (brace && char_at(s_, at) == c) {
        ++at;  // doubled: one of them is text
        brace = false;
      } else if (brace) {
        --length;
      }
      out.append(view_of(s_).substr(literal, length));
      if (brace) TRY(field(&at, end, depth, out));
    }
    return {};
  }

 private:
  struct Field {
    size_t name_start, name_end, spec_start, spec_end;
    bool nested = false;
    char32_t conversion = 0;
  };

  Error error(const char* text) { return raise(cx_, kValueError, "%s", text); }

  // The part after '{', up to its '}'.
  Result<Field> parse(size_t* at, size_t end) {
    Field f{};
    char32_t c = 0;
    f.name_start = *at;
    bool done = false;
    while (*at < end && !done) {
      c = char_at(s_, (*at)++);
      switch (c) {
        case '{':
          return error("unexpected '{' in field name");
        case '[':
          while (*at < end && char_at(s_, *at) != ']') ++*at;
          break;
        case '}':
        case ':':
        case '!':
          done = true;
          break;
        default:
          break;
      }
    }
    f.name_end = *at - 1;
    if (c == '}') return f;
    if (!done) return error("expected '}' before end of string");
    if (c == '!') {
      if (*at >= end) return error("end of string while looking for conversion specifier");
      f.conversion = char_at(s_, (*at)++);
      if (*at < end) {
        c = char_at(s_, (*at)++);
        if (c == '}') return f;
        if (c != ':') return error("expected ':' after conversion specifier");
      }
    }
    f.spec_start = *at;
    for (int open = 1; *at < end;) {
      c = char_at(s_, (*at)++);
      if (c == '{') {
        f.nested = true;
        ++open;
      } else if (c == '}' && --open == 0) {
        f.spec_end = *at - 1;
        return f;
      }
    }
    return error("unmatched '{' in format spec");
  }

  Result<void> field(size_t* at, size_t end, int depth, text::TextBuilder& out) {
    const Field f = TRY(parse(at, end));
    Value v = TRY(find_object(f.name_start, f.name_end));
    if (f.conversion != 0) v = TRY(convert(v, f.conversion));
    Value spec = empty_str();
    if (f.nested) {
      text::TextBuilder inner;
      TRY(run(f.spec_start, f.spec_end, depth - 1, inner));
      spec = TRY(finish_text(cx_, inner));
    } else if (f.spec_end > f.spec_start) {
      spec = TRY(str_slice(cx_, s_, f.spec_start, f.spec_end));
    }
    const Value text = TRY(vm::format(cx_, v, spec));
    out.append(view_of(TRY(flatten(cx_, text))));
    return {};
  }

  Result<Value> convert(Value v, char32_t conversion) {
    switch (conversion) {
      case 'r':
        return repr(cx_, v);
      case 's':
        return str(cx_, v);
      case 'a':
        return ascii(cx_, v);
      default:
        if (conversion > 32 && conversion < 127)
          return raise(cx_, kValueError, "Unknown conversion specifier %c",
                       static_cast<int>(conversion));
        return raise(cx_, kValueError, "Unknown conversion specifier \\x%x",
                     static_cast<unsigned>(conversion));
    }
  }

  // A number made of decimal digits only, or -1.
  Result<int64_t> number(size_t start, size_t end) {
    if (start >= end) return int64_t{-1};
    int64_t n = 0;
    for (size_t i = start; i < end; ++i) {
      const int digit = text::decimal_value(char_at(s_, i));
      if (digit < 0) return int64_t{-1};
      if (n > (INT64_MAX - digit) / 10) return error("Too many decimal digits in format string");
      n = n * 10 + digit;
    }
    return n;
  }

  Result<Value> find_object(size_t start, size_t end) {
    size_t at = start;
    while (at < end && char_at(s_, at) != '.' && char_at(s_, at) != '[') ++at;
    const int64_t index = TRY(number(start, at));
    Value v = TRY(start == at || index >= 0 ? positional(index, start == at) : named(start, at));
    while (at < end) v = TRY(step(v, &at, end));
    return v;
  }

  Result<Value> positional(int64_t index, bool automatic) {
    if (mapping_.is_unset() || args_ != nullptr) {
      if (mode_ == Mode::kUndecided) mode_ = automatic ? Mode::kAutomatic : Mode::kManual;
      if (automatic && mode_ == Mode::kManual)
        return error("cannot switch from manual field specification to automatic field numbering");
      if (!automatic && mode_ == Mode::kAutomatic)
        return error("cannot switch from automatic field numbering to manual field specification");
      if (automatic) index = next_++;
    }
    if (args_ == nullptr) return error("Format string contains positional fields");
    if (index >= static_cast<int64_t>(args_->count))
      return raise(cx_, kIndexError,
                   "Replacement index %lld out of range for positional args tuple",
                   static_cast<long long>(index));
    return (*args_)[static_cast<size_t>(index)];
  }

  Result<Value> named(size_t start, size_t end) {
    Str* name = TRY(str_slice(cx_, s_, start, end));
    if (!mapping_.is_unset()) return get_item(cx_, mapping_, name);
    const Value v = kwargs_->find(name);
    if (v.is_unset()) return raise_type_value(cx_, kKeyError, name);
    return v;
  }

  // One ".name" or "[key]".
  Result<Value> step(Value v, size_t* at, size_t end) {
    const char32_t c = char_at(s_, (*at)++);
    const size_t start = *at;
    if (c == '.') {
      while (*at < end && char_at(s_, *at) != '.' && char_at(s_, *at) != '[') ++*at;
      if (*at == start) return error("Empty attribute in format string");
      return get_attr(cx_, v, intern(cx_, TRY(str_slice(cx_, s_, start, *at))));
    }
    if (c != '[') return error("Only '.' or '[' may follow ']' in format field specifier");
    while (*at < end && char_at(s_, *at) != ']') ++*at;
    if (*at >= end) return error("Missing ']' in format string");
    const size_t stop = (*at)++;
    if (stop == start) return error("Empty attribute in format string");
    const int64_t index = TRY(number(start, stop));
    if (index >= 0) return get_item(cx_, v, make_int(cx_, index));
    return get_item(cx_, v, TRY(str_slice(cx_, s_, start, stop)));
  }

  enum class Mode : uint8_t { kUndecided, kAutomatic, kManual };
  Context& cx_;
  Str* s_;
  const Args* args_;
  const Kwargs* kwargs_;
  Value mapping_;
  Mode mode_ = Mode::kUndecided;
  int64_t next_ = 0;
};

}  // namespace

namespace str_methods {

Result<Value> format(Context& cx, StrSelf self, Args args, Kwargs kwargs) {
  text::TextBuilder out;
  TRY(Formatter(cx, self, &args, &kwargs, Value()).run(0, self->length, 1, out));
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> format_map(Context& cx, StrSelf self, Value mapping) {
  text::TextBuilder out;
  TRY(Formatter(cx, self, nullptr, nullptr, mapping).run(0, self->length, 1, out));
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> mod(Context& cx, Value self, Value value) {
  if (!is_str(self)) return kNotImplemented;
  return percent_format(cx, TRY(flatten(cx, self)), value);
}
Result<Value> rmod(Context& cx, Value self, Value value) { return mod(cx, value, self); }

}  // namespace str_methods

// --- the % operator ------------------------------------------------------------------------------

Result<void> percent_stars(Context& cx, PercentArgs& args, text::PercentSpec& spec) {
  if (spec.star_width) {
    const Value v = TRY(args.next(cx));
    int64_t n;
    if (!is_int(v)) return raise(cx, kTypeError, "* wants int");
    if (!to_int64(v, &n))
      return raise(cx, kOverflowError, "Python int too large to convert to C ssize_t");
    spec.set_star_width(n);
  }
  if (spec.star_precision) {
    const Value v = TRY(args.next(cx));
    int64_t n;
    if (!is_int(v)) return raise(cx, kTypeError, "* wants int");
    if (!to_int64(v, &n) || n > INT32_MAX || n < INT32_MIN)
      return raise(cx, kOverflowError, "Python int too large to convert to C int");
    spec.set_star_precision(n);
  }
  return {};
}

namespace {

Result<void> percent_character(Context& cx, Value v, const text::PercentSpec& spec,
                               text::TextBuilder& out) {
  if (is_str(v)) {
    Str* s = TRY(flatten(cx, v));
    if (s->length != 1) return raise(cx, kTypeError, "%%c requires int or char");
    text::percent_text(view_of(s), spec, out);
    return {};
  }
  if (!has_index(v)) return raise(cx, kTypeError, "%%c requires int or char");
  const Value i = TRY(to_index(cx, v));
  int64_t n;
  if (!to_int64(i, &n) || n < 0 || n > 0x10FFFF)
    return raise(cx, kOverflowError, "%%c arg not in range(0x110000)");
  const auto c = static_cast<char32_t>(n);
  text::percent_text(text::TextView(std::span<const char32_t>(&c, 1)), spec, out);
  return {};
}

Result<void> percent_one(Context& cx, Value v, const text::PercentSpec& spec,
                         text::TextBuilder& out) {
  switch (spec.conversion) {
    case 's':
    case 'r':
    case 'a': {
      const Value text = TRY(spec.conversion == 's'   ? str(cx, v)
                             : spec.conversion == 'r' ? repr(cx, v)
                                                      : ascii(cx, v));
      text::percent_text(view_of(TRY(flatten(cx, text))), spec, out);
      return {};
    }
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
      const Value i = TRY(percent_integer(cx, v, spec.conversion));
      BigScratch scratch;
      text::percent_int(big_view(i, &scratch), spec, out);
      return {};
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      text::percent_float(TRY(to_double(cx, v)), spec, out);
      return {};
    case 'c':
      return percent_character(cx, v, spec, out);
    default:
      return raise_format_error(cx, text::unsupported_conversion(spec));
  }
}

}  // namespace

Result<Value> percent_format(Context& cx, Str* format, Value args_value) {
  const bool mapping = !is_tuple(args_value) && !is_str(args_value) &&
                       !lookup_dunder(args_value, Dunder::kGetItem).is_unset();
  PercentArgs args(args_value, mapping);
  const text::TextView view = view_of(format);
  text::TextBuilder out;
  size_t at = 0;
  while (at < view.size()) {
    const size_t percent = text::find(view.substr(at), text::TextView("%"));
    if (percent == text::kNotFound) {
      out.append(view.substr(at));
      break;
    }
    out.append(view.substr(at, percent));
    at += percent + 1;
    if (at < view.size() && view[at] == '%') {
      out.append(U'%');
      ++at;
      continue;
    }
    text::PercentSpec spec;
    if (at < view.size() && view[at] == '(' && !args.has_mapping())
      return raise(cx, kTypeError, "format requires a mapping");
    if (const auto e = text::parse_percent(view, at, spec)) return raise_format_error(cx, e);
    if (spec.has_key) {
      const Value key = TRY(str_slice(cx, format, spec.key.start, spec.key.end));
      args.take(TRY(get_item(cx, args.mapping(), key)));
    }
    TRY(percent_stars(cx, args, spec));
    TRY(percent_one(cx, TRY(args.next(cx)), spec, out));
    at = spec.end;
  }
  if (args.left_over())
    return raise(cx, kTypeError, "not all arguments converted during string formatting");
  return Value(TRY(finish_text(cx, out)));
}

}  // namespace pystm::vm
