// marshal: CPython's format for data, our own for code objects (the body of the bytecode cache).
#include <cmath>
#include <cstring>

#include "stdlib/bytecode_cache.h"
#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/bytecode/code.h"

namespace pystm::lib {
namespace {

constexpr int kVersion = 4;
constexpr int kMaxDepth = 2000;

// --- code objects as units -----------------------------------------------------------------------

Result<void> to_const(Context& cx, Value v, Const* out);

Result<std::shared_ptr<CodeUnit>> to_unit(Context& cx, Code* code) {
  auto u = std::make_shared<CodeUnit>();
  const CodeData* d = code->data;
  u->name = to_utf8(code->name);
  u->qualname = to_utf8(code->qualname);
  u->filename = to_utf8(code->filename);
  u->flags = d->flags;
  u->argcount = d->argcount;
  u->posonly_count = d->posonly_count;
  u->kwonly_count = d->kwonly_count;
  u->register_count = d->register_count;
  u->first_line = d->first_line;
  u->instrs.assign(d->instrs, d->instrs + d->count);
  u->consts.resize(code->consts->length);
  for (size_t i = 0; i < code->consts->length; ++i)
    TRY(to_const(cx, (*code->consts)[i], &u->consts[i]));
  for (size_t i = 0; i < code->names->length; ++i)
    u->names.push_back(to_utf8((*code->names)[i].as<Str>()));
  for (size_t i = 0; i < code->varnames->length; ++i) {
    const std::string name = to_utf8((*code->varnames)[i].as<Str>());
    (i < d->nlocals                                    ? u->varnames
     : i < static_cast<size_t>(d->nlocals) + d->ncells ? u->cellvars
                                                       : u->freevars)
        .push_back(name);
  }
  u->exceptions = d->exceptions;
  u->depths = d->depths;
  u->positions = d->positions;
  return u;
}

Result<void> to_const(Context& cx, Value v, Const* out) {
  using K = Const::Kind;
  if (v == kNone) {
    out->kind = K::kNone;
  } else if (v == kTrue || v == kFalse) {
    out->kind = v == kTrue ? K::kTrue : K::kFalse;
  } else if (v == kEllipsis) {
    out->kind = K::kEllipsis;
  } else if (is_exact_int(v)) {
    if (to_int64(v, &out->int_value)) {
      out->kind = K::kInt;
    } else {
      out->kind = K::kBigInt;
      out->text = to_utf8(cx, TRY(int_to_str(cx, v, 16)));
    }
  } else if (is_exact_float(v)) {
    out->kind = K::kFloat;
    out->real = float_value(v);
  } else if (has_shape(v, kShapeComplex)) {
    out->kind = K::kComplex;
    out->real = v.as<Complex>()->real;
    out->imag = v.as<Complex>()->imag;
  } else if (is_exact_str(v)) {
    out->kind = K::kStr;
    out->text = to_utf8(cx, v);
  } else if (is_exact_bytes(v)) {
    out->kind = K::kBytes;
    out->text = bytes_view(v.as<Bytes>());
  } else if (is_exact_tuple(v) || is_frozenset(v)) {
    out->kind = is_frozenset(v) ? K::kFrozenSet : K::kTuple;
    Tuple* items = TRY(to_tuple(cx, v));
    out->items.resize(items->length);
    for (size_t i = 0; i < items->length; ++i) TRY(to_const(cx, (*items)[i], &out->items[i]));
  } else if (is_code(v)) {
    out->kind = K::kCode;
    out->code = TRY(to_unit(cx, v.as<Code>()));
  } else {
    return raise(cx, kValueError, "unmarshallable object");
  }
  return {};
}

// --- writing -------------------------------------------------------------------------------------

struct Writer {
  Context& cx;
  std::string out;
  int depth = 0;

  void byte(int b) { out.push_back(static_cast<char>(b)); }
  void long32(int64_t n) {
    for (int i = 0; i < 4; ++i) byte(static_cast<int>(n >> (8 * i)) & 0xFF);
  }
  void sized(char type, std::string_view s) {
    byte(type);
    long32(static_cast<int64_t>(s.size()));
    out.append(s);
  }
  void real(double d) {
    char raw[8];
    std::memcpy(raw, &d, 8);
    out.append(raw, 8);
  }
  Result<void> items(char type, Value v) {
    Tuple* t = TRY(to_tuple(cx, v));
    byte(type);
    long32(static_cast<int64_t>(t->length));
    for (size_t i = 0; i < t->length; ++i) TRY(write((*t)[i]));
    return {};
  }
  Result<void> write(Value v) {
    if (++depth > kMaxDepth) return raise(cx, kValueError, "object too deeply nested to marshal");
    TRY(write_one(v));
    --depth;
    return {};
  }
  Result<void> write_one(Value v) {
    if (v == kNone) return byte('N'), Result<void>();
    if (v == kTrue) return byte('T'), Result<void>();
    if (v == kFalse) return byte('F'), Result<void>();
    if (v == kEllipsis) return byte('.'), Result<void>();
    if (v == Value(exception_type(kStopIteration))) return byte('S'), Result<void>();
    if (is_exact_int(v)) {
      int64_t n;
      if (to_int64(v, &n) && n >= INT32_MIN && n <= INT32_MAX) {
        byte('i');
        long32(n);
        return {};
      }
      // Digits of 15 bits, low ones first; the count's sign is the number's.
      uint64_t scratch;
      const IntView view = int_view(v, &scratch);
      std::string digits;
      size_t count = 0;
      const size_t bits = view.size * 64;
      for (size_t at = 0; at < bits; at += 15) {
        uint64_t d = view.limbs[at / 64] >> (at % 64);
        if (at % 64 > 49 && at / 64 + 1 < view.size) d |= view.limbs[at / 64 + 1] << (64 - at % 64);
        d &= 0x7FFF;
        digits.push_back(static_cast<char>(d & 0xFF));
        digits.push_back(static_cast<char>(d >> 8));
        if (d != 0) count = digits.size() / 2;
      }
      byte('l');
      long32(view.negative ? -static_cast<int64_t>(count) : static_cast<int64_t>(count));
      out.append(digits, 0, count * 2);
      return {};
    }
    if (is_exact_float(v)) {
      byte('g');
      real(float_value(v));
    } else if (has_shape(v, kShapeComplex)) {
      byte('y');
      real(v.as<Complex>()->real);
      real(v.as<Complex>()->imag);
    } else if (is_exact_str(v)) {
      Str* s = TRY(flatten(cx, v));
      const std::string text = to_utf8(s);
      const bool interned = is_interned(s);
      if (!vm::is_ascii(s)) {
        sized(interned ? 't' : 'u', text);
      } else if (text.size() < 256) {
        byte(interned ? 'Z' : 'z');
        byte(static_cast<int>(text.size()));
        out.append(text);
      } else {
        sized(interned ? 'A' : 'a', text);
      }
    } else if (is_exact_tuple(v)) {
      auto* t = v.as<Tuple>();
      if (t->length >= 256) return items('(', v);
      byte(')');
      byte(static_cast<int>(t->length));
      for (size_t i = 0; i < t->length; ++i) TRY(write((*t)[i]));
    } else if (is_exact_list(v)) {
      return items('[', v);
    } else if (is_exact_dict(v)) {
      byte('{');
      Word position = 0;
      Value key, value;
      while (dict_next(cx, v.as<Dict>(), &position, &key, &value)) {
        TRY(write(key));
        TRY(write(value));
      }
      byte('0');
    } else if (is_exact_set(v)) {
      return items('<', v);
    } else if (is_frozenset(v)) {
      return items('>', v);
    } else if (is_code(v)) {
      sized('c', write_unit(*TRY(to_unit(cx, v.as<Code>()))));
    } else if (is_bytes_like(v)) {
      Buffer b;
      TRY(get_buffer(cx, v, &b));
      sized('s', b.view());
    } else {
      return raise(cx, kValueError, "unmarshallable object");
    }
    return {};
  }
};

// --- reading -------------------------------------------------------------------------------------

struct Reader {
  Context& cx;
  const char* p;
  const char* end;
  List* refs;
  int depth = 0;

  Result<const char*> take(size_t n) {
    if (static_cast<size_t>(end - p) < n) return raise(cx, kEOFError, "marshal data too short");
    const char* at = p;
    p += n;
    return at;
  }
  Result<int> byte() { return static_cast<int>(static_cast<unsigned char>(*TRY(take(1)))); }
  Result<int64_t> long32() {
    int32_t n;
    std::memcpy(&n, TRY(take(4)), 4);
    return int64_t{n};
  }
  Result<size_t> size() {
    const int64_t n = TRY(long32());
    if (n < 0) return raise(cx, kValueError, "bad marshal data (size out of range)");
    return static_cast<size_t>(n);
  }
  Result<double> real() {
    double d;
    std::memcpy(&d, TRY(take(8)), 8);
    return d;
  }
  Result<Value> text(size_t n, bool interned) {
    const std::string_view s(TRY(take(n)), n);
    return interned ? Value(intern(cx, s)) : Value(TRY(new_str(cx, s)));
  }
  Result<Value> tuple(size_t n) {
    List* l = new_list(cx);
    for (size_t i = 0; i < n; ++i) TRY(list_append(cx, l, TRY(item("tuple"))));
    return Value(TRY(list_to_tuple(cx, l)));
  }
  Result<Value> item(const char* where) {
    const Value v = TRY(read());
    if (v.is_unset()) return raise(cx, kTypeError, "NULL object in marshal data for %s", where);
    return v;
  }
  // Unset: the end mark of a dict.
  Result<Value> read() {
    if (++depth > kMaxDepth) return raise(cx, kValueError, "recursion limit exceeded");
    const int code = TRY(byte());
    const bool ref = code & 0x80;
    const int type = code & 0x7F;
    int64_t slot = -1;
    if (ref && type != 'r') {
      slot = list_length(cx, refs);
      TRY(list_append(cx, refs, kNone));
    }
    const Value v = TRY(read_one(type, slot));
    if (slot >= 0) list_set(cx, refs, slot, v.is_unset() ? kNone : v);
    --depth;
    return v;
  }
  Result<Value> read_one(int type, int64_t slot) {
    switch (type) {
      case '0':
        return Value();
      case 'N':
        return kNone;
      case 'T':
        return kTrue;
      case 'F':
        return kFalse;
      case '.':
        return kEllipsis;
      case 'S':
        return Value(exception_type(kStopIteration));
      case 'i':
        return make_int(cx, TRY(long32()));
      case 'I': {
        int64_t n;
        std::memcpy(&n, TRY(take(8)), 8);
        return make_int(cx, n);
      }
      case 'l': {
        const int64_t n = TRY(long32());
        const size_t count = static_cast<size_t>(n < 0 ? -n : n);
        const char* digits = TRY(take(count * 2));
        std::vector<uint64_t> limbs(count * 15 / 64 + 2);
        for (size_t i = 0; i < count; ++i) {
          const uint64_t d = static_cast<unsigned char>(digits[2 * i]) |
                             static_cast<uint64_t>(static_cast<unsigned char>(digits[2 * i + 1]))
                                 << 8;
          if (d > 0x7FFF)
            return raise(cx, kValueError, "bad marshal data (digit out of range in long)");
          const size_t at = i * 15;
          limbs[at / 64] |= d << (at % 64);
          if (at % 64 > 49) limbs[at / 64 + 1] |= d >> (64 - at % 64);
        }
        return make_bigint(cx, limbs.data(), limbs.size(), n < 0);
      }
      case 'g':
        return make_float(cx, TRY(real()));
      case 'f': {
        const int n = TRY(byte());
        const std::string s(TRY(take(static_cast<size_t>(n))), static_cast<size_t>(n));
        return make_float(cx, std::strtod(s.c_str(), nullptr));
      }
      case 'y': {
        const double a = TRY(real());
        return make_complex(cx, a, TRY(real()));
      }
      case 's': {
        const size_t n = TRY(size());
        return bytes_of(cx, {TRY(take(n)), n});
      }
      case 'u':
      case 'a':
        return text(TRY(size()), false);
      case 't':
      case 'A':
        return text(TRY(size()), true);
      case 'z':
        return text(static_cast<size_t>(TRY(byte())), false);
      case 'Z':
        return text(static_cast<size_t>(TRY(byte())), true);
      case '(':
        return tuple(TRY(size()));
      case ')':
        return tuple(static_cast<size_t>(TRY(byte())));
      case '[': {
        const size_t n = TRY(size());
        List* l = new_list(cx);
        if (slot >= 0) list_set(cx, refs, slot, l);
        for (size_t i = 0; i < n; ++i) TRY(list_append(cx, l, TRY(item("list"))));
        return Value(l);
      }
      case '{': {
        Dict* d = new_dict(cx);
        if (slot >= 0) list_set(cx, refs, slot, d);
        for (;;) {
          const Value key = TRY(read());
          if (key.is_unset()) return Value(d);
          TRY(dict_set(cx, d, key, TRY(item("dict"))));
        }
      }
      case '<':
      case '>': {
        const Value t = TRY(tuple(TRY(size())));
        if (type == '>') return new_frozenset(cx, types().frozenset, t);
        Set* s = new_set(cx);
        TRY(set_update(cx, s, t));
        return Value(s);
      }
      case 'c': {
        const size_t n = TRY(size());
        const auto unit = read_unit({TRY(take(n)), n});
        if (unit == nullptr) return raise(cx, kValueError, "bad marshal data (code object)");
        return Value(TRY(load_code(cx, *unit)));
      }
      case 'r': {
        const int64_t n = TRY(long32());
        const Value v = n < 0 ? Value() : list_get(cx, refs, n);
        if (v.is_unset()) return raise(cx, kValueError, "bad marshal data (invalid reference)");
        return v;
      }
      default:
        return raise(cx, kValueError, "bad marshal data (unknown type code)");
    }
  }
};

Result<Value> marshal_dumps(Context& cx, Value value, int) {
  Writer w{cx, {}};
  TRY(w.write(value));
  return bytes_of(cx, w.out);
}
Result<Value> marshal_loads(Context& cx, Value bytes) {
  Buffer b;
  TRY(get_buffer(cx, bytes, &b));
  const std::string copy(b.view());
  Reader r{cx, copy.data(), copy.data() + copy.size(), new_list(cx)};
  const Value v = TRY(r.read());
  if (v.is_unset()) return raise(cx, kTypeError, "NULL object in marshal data for object");
  return v;
}
Result<Value> marshal_dump(Context& cx, Value value, Value file, int version) {
  const Value data = TRY(marshal_dumps(cx, value, version));
  return call_method(cx, file, names().write, {data});
}
Result<Value> marshal_load(Context& cx, Value file) {
  // One object may be followed by others: read all, put back what is left.
  const Value data = TRY(call_method(cx, file, names().read, {}));
  if (!is_bytes(data))
    return raise(cx, kTypeError, "file.read() returned not bytes but %s", TYPE_NAME(data));
  const std::string copy(bytes_view(unwrap_derived(data).as<Bytes>()));
  Reader r{cx, copy.data(), copy.data() + copy.size(), new_list(cx)};
  const Value v = TRY(r.read());
  if (v.is_unset()) return raise(cx, kTypeError, "NULL object in marshal data for object");
  if (r.p != r.end)
    (void)TRY(call_method(cx, file, "seek", {make_int(cx, r.p - r.end), Value::of_int(1)}));
  return v;
}

constexpr BuiltinDef kFunctions[] = {
    function<&marshal_dumps>("dumps", "(value, version=4, /)"),
    function<&marshal_loads>("loads", "(bytes, /)"),
    function<&marshal_dump>("dump", "(value, file, version=4, /)"),
    function<&marshal_load>("load", "(file, /)"),
};
Result<void> init(Context& cx, Module* m) { return module_add_int(cx, m, "version", kVersion); }
const ModuleDef kModule = {"marshal", kFunctions, init};

}  // namespace

void register_marshal() { register_module(kModule); }

}  // namespace pystm::lib
