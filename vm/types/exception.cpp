// BaseException and every built-in exception class. A class's own members (errno, name, value ...)
// are entries of the exception's `fields` Dict; the table below says which class has which.
#include "vm/object/exception.h"

#include <algorithm>

#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/types/define.h"
#include "vm/types/exception_internal.h"

namespace pystm::vm {

using State = Exception::State;

Value member_or_none(Context& cx, Value e, const char* name) {
  const Value v = get_exception_member(cx, e, name);
  return v.is_unset() ? kNone : v;
}

namespace exception_methods {

static Result<Value> exception_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  Tuple* t = TRY(new_tuple(cx, args.items, args.count));
  return new_exception(cx, type, t);
}
static Result<void> exception_init(Context& cx, Exception* self, Args args, Kwargs kwargs) {
  if (kwargs.count() > 0)
    return raise(cx, kTypeError, "%s() takes no keyword arguments",
                 type_name_of(type_of(self)).c_str());
  Tuple* t = TRY(new_tuple(cx, args.items, args.count));
  stm::Write<Exception>(cx, self).set(&State::args, Value(t));
  return {};
}
static Result<Value> exception_repr(Context& cx, Exception* self) {
  auto* args = stm::Read<Exception>(cx, self)->args.as<Tuple>();
  const std::string name = type_name(self);
  if (args->length == 1)
    return Value(TRY(new_str(cx, name + "(" + to_utf8(cx, TRY(repr(cx, (*args)[0]))) + ")")));
  return Value(TRY(new_str(cx, name + to_utf8(cx, TRY(repr(cx, args))))));
}
static Result<Value> exception_str(Context& cx, Exception* self) {
  auto* args = stm::Read<Exception>(cx, self)->args.as<Tuple>();
  if (args->length == 0) return Value(empty_str());
  if (args->length == 1) return str(cx, (*args)[0]);
  return str(cx, args);
}
static Result<Value> with_traceback(Context& cx, Exception* self, Value tb) {
  if (tb != kNone && !has_kind(tb, Kind::kTraceback))
    return raise(cx, kTypeError, "__traceback__ must be a traceback or None");
  stm::Write<Exception>(cx, self).set(&State::traceback, tb);
  return Value(self);
}
static Result<void> add_note(Context& cx, Exception* self, Value note) {
  if (!is_str(note)) return raise(cx, kTypeError, "note must be a str, not '%s'", TYPE_NAME(note));
  Value notes = TRY(find_attr(cx, self, names().__notes__));
  if (notes.is_unset()) {
    notes = new_list(cx);
    TRY(set_attr(cx, self, names().__notes__, notes));
  } else if (!is_list(notes)) {
    return raise(cx, kTypeError, "Cannot add note: __notes__ is not a list");
  }
  return list_append(cx, notes.as<List>(), note);
}
static Result<Value> exception_reduce(Context& cx, Exception* self) {
  const Value args = stm::Read<Exception>(cx, self)->args;
  const Value d = TRY(instance_dict(cx, self, false));
  if (d.is_unset()) return Value(TRY(new_tuple(cx, {Value(type_of(self)), args})));
  return Value(TRY(new_tuple(cx, {Value(type_of(self)), args, d})));
}
static Result<void> exception_setstate(Context& cx, Exception* self, Value state) {
  if (state == kNone) return {};
  if (!is_dict(state)) return raise(cx, kTypeError, "state is not a dictionary");
  Word position = 0;
  Value key, value;
  while (dict_next(cx, state.as<Dict>(), &position, &key, &value))
    TRY(set_attr(cx, self, intern(cx, TRY(flatten(cx, key))), value));
  return {};
}

static Result<Value> get_args(Context& cx, Value self) { return exception_args(cx, self); }
static Result<void> set_args(Context& cx, Value self, Value v) {
  if (v.is_unset()) return raise(cx, kTypeError, "args may not be deleted");
  Tuple* t = TRY(to_tuple(cx, v));
  stm::Write<Exception>(cx, self.as<Exception>()).set(&State::args, Value(t));
  return {};
}
static Result<Value> get_traceback(Context& cx, Value self) {
  return exception_traceback(cx, self);
}
static Result<void> set_traceback(Context& cx, Value self, Value v) {
  if (v.is_unset()) return raise(cx, kTypeError, "__traceback__ may not be deleted");
  (void)TRY(with_traceback(cx, self.as<Exception>(), v));
  return {};
}
template <Value State::*kField>
static Result<Value> get_link(Context& cx, Value self) {
  const Value v = stm::Read<Exception>(cx, self.as<Exception>()).operator->()->*kField;
  return v.is_unset() ? kNone : v;
}
template <Value State::*kField>
static Result<void> set_link(Context& cx, Value self, Value v) {
  const bool cause = kField == &State::cause;
  const char* name = cause ? "__cause__" : "__context__";
  if (v.is_unset()) return raise(cx, kTypeError, "%s may not be deleted", name);
  if (v != kNone && !is_exception(v))
    return raise(cx, kTypeError, "exception %s must be None or derive from BaseException",
                 cause ? "cause" : "context");
  stm::Write<Exception> w(cx, self.as<Exception>());
  w.set(kField, v);
  if (cause) w.set(&State::suppress_context, Word{1});
  return {};
}
static Result<Value> get_suppress(Context& cx, Value self) {
  return of_bool(stm::Read<Exception>(cx, self.as<Exception>())->suppress_context != 0);
}
static Result<void> set_suppress(Context& cx, Value self, Value v) {
  if (v.is_unset() || !is_bool(v))
    return raise(cx, kTypeError, "attribute value type must be bool");
  stm::Write<Exception>(cx, self.as<Exception>()).set(&State::suppress_context, Word{v == kTrue});
  return {};
}
static Result<Value> get_dict(Context& cx, Value self) { return instance_dict(cx, self, true); }
static Result<void> set_dict(Context& cx, Value self, Value v) {
  if (v.is_unset() || !is_dict(v)) return raise(cx, kTypeError, "__dict__ must be a dictionary");
  return set_instance_dict(cx, self, v);
}

constexpr BuiltinDef kBase[] = {
    static_method<&exception_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&exception_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&exception_repr>("__repr__", "($self, /)"),
    method<&exception_str>("__str__", "($self, /)"),
    method<&with_traceback>(
        "with_traceback", "($self, tb, /)", Effects::kWritesSelf,
        "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self."),
    method<&add_note>("add_note", "($self, note, /)", Effects::kCallsPython,
                      "Exception.add_note(note) --\n    add a note to the exception"),
    method<&exception_reduce>("__reduce__", "($self, /)"),
    method<&exception_setstate>("__setstate__", "($self, state, /)"),
};
constexpr GetSetDef kBaseGetSets[] = {
    {"args", get_args, set_args},
    {"__traceback__", get_traceback, set_traceback},
    {"__context__", get_link<&State::context>, set_link<&State::context>},
    {"__cause__", get_link<&State::cause>, set_link<&State::cause>},
    {"__suppress_context__", get_suppress, set_suppress},
    {"__dict__", get_dict, set_dict},
};

// --- members -------------------------------------------------------------------------------------

template <size_t N>
struct Name {
  char text[N];
  constexpr Name(const char (&s)[N]) { std::copy_n(s, N, text); }
};
template <Name kName>
static Result<Value> get_member(Context& cx, Value self) {
  return member_or_none(cx, self, kName.text);
}
template <Name kName>
static Result<void> set_member(Context& cx, Value self, Value v) {
  set_exception_member(cx, self, kName.text, v.is_unset() ? kNone : v);
  return {};
}
#define MEMBER(name) \
  { name, get_member<name>, set_member<name> }

// Stores the named keyword arguments as members; others are errors.
static Result<void> take_keywords(Context& cx, Exception* self, Kwargs kwargs,
                                  std::initializer_list<const char*> allowed) {
  for (uint32_t i = 0; i < kwargs.count(); ++i) {
    const std::string name = to_utf8(cx, (*kwargs.names)[i]);
    bool known = false;
    for (const char* a : allowed) known |= name == a;
    if (!known)
      return raise(cx, kTypeError, "'%s' is an invalid keyword argument for %s()", name.c_str(),
                   TYPE_NAME(self));
    set_exception_member(cx, self, name.c_str(), kwargs.values[i]);
  }
  return {};
}
static Result<void> plain_init(Context& cx, Exception* self, Args args) {
  return exception_init(cx, self, args, Kwargs{});
}

static Result<void> stop_iteration_init(Context& cx, Exception* self, Args args) {
  TRY(plain_init(cx, self, args));
  set_exception_member(cx, self, "value", args.count > 0 ? args[0] : kNone);
  return {};
}
static Result<void> system_exit_init(Context& cx, Exception* self, Args args) {
  TRY(plain_init(cx, self, args));
  Value code = kNone;
  if (args.count == 1) code = args[0];
  if (args.count > 1) code = exception_args(cx, self);
  set_exception_member(cx, self, "code", code);
  return {};
}
static Result<void> import_error_init(Context& cx, Exception* self, Args args, Kwargs kwargs) {
  TRY(plain_init(cx, self, args));
  if (args.count == 1) set_exception_member(cx, self, "msg", args[0]);
  return take_keywords(cx, self, kwargs, {"name", "path"});
}
static Result<Value> import_error_str(Context& cx, Exception* self) {
  const Value msg = get_exception_member(cx, self, "msg");
  if (!msg.is_unset() && is_exact_str(msg)) return msg;
  return exception_str(cx, self);
}
static Result<void> name_error_init(Context& cx, Exception* self, Args args, Kwargs kwargs) {
  TRY(plain_init(cx, self, args));
  return take_keywords(cx, self, kwargs, {"name"});
}
static Result<void> attribute_error_init(Context& cx, Exception* self, Args args, Kwargs kwargs) {
  TRY(plain_init(cx, self, args));
  return take_keywords(cx, self, kwargs, {"name", "obj"});
}
static Result<Value> key_error_str(Context& cx, Exception* self) {
  auto* args = stm::Read<Exception>(cx, self)->args.as<Tuple>();
  if (args->length == 1) return repr(cx, (*args)[0]);
  return exception_str(cx, self);
}

// --- OSError -------------------------------------------------------------------------------------

static Result<Value> os_error_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  // OSError(errno, ...) makes the subclass for that errno.
  if (type == exception_type(kOSError) && args.count >= 2 && is_int(args[0])) {
    int64_t error;
    if (to_int64(args[0], &error)) type = errno_type(static_cast<int>(error));
  }
  Tuple* t = TRY(new_tuple(cx, args.items, args.count));
  const Value e = new_exception(cx, type, t);
  TRY(os_error_fill(cx, e.as<Exception>(), args));
  return e;
}
static Result<void> os_error_init(Context& cx, Exception* self, Args args, Kwargs kwargs) {
  if (kwargs.count() > 0)
    return raise(cx, kTypeError, "%s() takes no keyword arguments", TYPE_NAME(self));
  // A subclass may call this with other arguments than __new__ got.
  if (type_of(self)->dunder(Dunder::kNew) == exception_type(kOSError)->dunder(Dunder::kNew) &&
      !get_exception_member(cx, self, "errno").is_unset())
    return {};
  return os_error_fill(cx, self, args);
}
}  // namespace exception_methods

Result<void> os_error_fill(Context& cx, Exception* self, Args args) {
  Tuple* t = TRY(new_tuple(cx, args.items, args.count >= 3 && args.count <= 5 ? 2 : args.count));
  stm::Write<Exception>(cx, self).set(&State::args, Value(t));
  if (args.count >= 2 && args.count <= 5) {
    set_exception_member(cx, self, "errno", args[0]);
    set_exception_member(cx, self, "strerror", args[1]);
    if (args.count >= 3 && args[2] != kNone) {
      if (is_subtype(type_of(self), exception_type(kBlockingIOError)) && is_int(args[2])) {
        set_exception_member(cx, self, "characters_written", args[2]);
      } else {
        set_exception_member(cx, self, "filename", args[2]);
      }
    }
    if (args.count == 5 && args[4] != kNone) set_exception_member(cx, self, "filename2", args[4]);
  }
  return {};
}

namespace exception_methods {
static Result<Value> os_error_str(Context& cx, Exception* self) {
  const Value error = get_exception_member(cx, self, "errno"),
              text = get_exception_member(cx, self, "strerror");
  if (error.is_unset() || text.is_unset()) return exception_str(cx, self);
  std::string out =
      "[Errno " + to_utf8(cx, TRY(str(cx, error))) + "] " + to_utf8(cx, TRY(str(cx, text)));
  const Value f1 = get_exception_member(cx, self, "filename"),
              f2 = get_exception_member(cx, self, "filename2");
  if (!f1.is_unset() && f1 != kNone) out += ": " + to_utf8(cx, TRY(repr(cx, f1)));
  if (!f2.is_unset() && f2 != kNone) out += " -> " + to_utf8(cx, TRY(repr(cx, f2)));
  return Value(TRY(new_str(cx, out)));
}
static Result<Value> get_written(Context& cx, Value self) {
  const Value v = get_exception_member(cx, self, "characters_written");
  if (v.is_unset()) return raise(cx, kAttributeError, "characters_written");
  return v;
}
static Result<void> set_written(Context& cx, Value self, Value v) {
  set_exception_member(cx, self, "characters_written", v);
  return {};
}

// --- SyntaxError ---------------------------------------------------------------------------------

static Result<void> syntax_error_init(Context& cx, Exception* self, Args args, Kwargs kwargs) {
  TRY(exception_init(cx, self, args, kwargs));
  if (args.count > 0) set_exception_member(cx, self, "msg", args[0]);
  if (args.count != 2) return {};
  Tuple* info = TRY(to_tuple(cx, args[1]));
  if (info->length < 4)
    return raise(cx, kTypeError, "function missing required argument 'filename' (pos %zu)",
                 static_cast<size_t>(info->length) + 1);
  if (info->length > 6)
    return raise(cx, kTypeError, "function takes at most 6 arguments (%zu given)",
                 static_cast<size_t>(info->length));
  static constexpr const char* kNames[] = {"filename", "lineno",     "offset",
                                           "text",     "end_lineno", "end_offset"};
  for (size_t i = 0; i < info->length; ++i) set_exception_member(cx, self, kNames[i], (*info)[i]);
  if (info->length == 5)
    return raise(cx, kTypeError, "end_offset must be provided when end_lineno is provided");
  return {};
}
static Result<Value> syntax_error_str(Context& cx, Exception* self) {
  const Value msg = member_or_none(cx, self, "msg");
  std::string text = to_utf8(cx, TRY(str(cx, msg)));
  const Value file = member_or_none(cx, self, "filename"),
              line = member_or_none(cx, self, "lineno");
  std::string where;
  if (is_str(file)) {
    where = to_utf8(cx, file);
    where = where.substr(where.rfind('/') + 1);
  }
  if (is_int(line))
    where += (where.empty() ? "line " : ", line ") + to_utf8(cx, TRY(str(cx, line)));
  return Value(TRY(new_str(cx, where.empty() ? text : text + " (" + where + ")")));
}

// --- UnicodeErrors -------------------------------------------------------------------------------

static Result<void> unicode_fill(Context& cx, Exception* self, Args args,
                                 std::initializer_list<const char*> fields) {
  TRY(plain_init(cx, self, args));
  if (args.count != fields.size())
    return raise(cx, kTypeError, "function takes exactly %zu arguments (%u given)", fields.size(),
                 args.count);
  size_t i = 0;
  for (const char* f : fields) {
    const Value v = args[i++];
    const std::string name = f;
    if ((name == "start" || name == "end") && !is_int(v))
      return raise(cx, kTypeError, "'%s' object cannot be interpreted as an integer", TYPE_NAME(v));
    if ((name == "encoding" || name == "reason") && !is_str(v))
      return raise(cx, kTypeError, "argument %zu must be str, not %s", i,
                   v == kNone ? "None" : TYPE_NAME(v));
    set_exception_member(cx, self, f, v);
  }
  return {};
}
static Result<void> decode_error_init(Context& cx, Exception* self, Args args) {
  if (args.count == 5 && !is_bytes_like(args[1]))
    return raise(cx, kTypeError, "a bytes-like object is required, not '%s'", TYPE_NAME(args[1]));
  return unicode_fill(cx, self, args, {"encoding", "object", "start", "end", "reason"});
}
static Result<void> encode_error_init(Context& cx, Exception* self, Args args) {
  if (args.count == 5 && !is_str(args[1]))
    return raise(cx, kTypeError, "argument 2 must be str, not %s", TYPE_NAME(args[1]));
  return unicode_fill(cx, self, args, {"encoding", "object", "start", "end", "reason"});
}
static Result<void> translate_error_init(Context& cx, Exception* self, Args args) {
  return unicode_fill(cx, self, args, {"object", "start", "end", "reason"});
}
static Result<Value> unicode_str(Context& cx, Exception* self, const char* verb, bool bytes) {
  const Value object = get_exception_member(cx, self, "object");
  if (object.is_unset()) return Value(empty_str());
  int64_t start = 0, end = 0;
  (void)to_int64(member_or_none(cx, self, "start"), &start);
  (void)to_int64(member_or_none(cx, self, "end"), &end);
  const Value encoding = get_exception_member(cx, self, "encoding");
  std::string out =
      encoding.is_unset() ? "" : "'" + to_utf8(cx, TRY(str(cx, encoding))) + "' codec ";
  out += std::string("can't ") + verb + (bytes ? " byte" : " character");
  const int64_t size = bytes ? TRY(length(cx, object)) : static_cast<int64_t>(str_length(object));
  if (start >= 0 && start < size && end == start + 1) {
    char buffer[32];
    if (bytes) {
      Buffer b;
      TRY(get_buffer(cx, object, &b));
      std::snprintf(buffer, sizeof(buffer), " 0x%02x", b.data[start]);
    } else {
      const char32_t c = char_at(TRY(flatten(cx, object)), static_cast<size_t>(start));
      std::snprintf(buffer, sizeof(buffer),
                    c < 0x100     ? " '\\x%02x'"
                    : c < 0x10000 ? " '\\u%04x'"
                                  : " '\\U%08x'",
                    static_cast<unsigned>(c));
    }
    out += buffer + std::string(" in position ") + std::to_string(start);
  } else {
    out += "s in position " + std::to_string(start) + "-" + std::to_string(end - 1);
  }
  out += ": " + to_utf8(cx, TRY(str(cx, member_or_none(cx, self, "reason"))));
  return Value(TRY(new_str(cx, out)));
}
static Result<Value> decode_error_str(Context& cx, Exception* self) {
  return unicode_str(cx, self, "decode", true);
}
static Result<Value> encode_error_str(Context& cx, Exception* self) {
  return unicode_str(cx, self, "encode", false);
}
static Result<Value> translate_error_str(Context& cx, Exception* self) {
  return unicode_str(cx, self, "translate", false);
}

constexpr BuiltinDef kStopIteration[] = {
    method<&stop_iteration_init>("__init__", "($self, /, *args)")};
constexpr GetSetDef kStopIterationMembers[] = {MEMBER("value")};
constexpr BuiltinDef kSystemExit[] = {method<&system_exit_init>("__init__", "($self, /, *args)")};
constexpr GetSetDef kSystemExitMembers[] = {MEMBER("code")};
constexpr BuiltinDef kImportError[] = {
    method<&import_error_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&import_error_str>("__str__", "($self, /)")};
constexpr GetSetDef kImportErrorMembers[] = {MEMBER("msg"), MEMBER("name"), MEMBER("path")};
constexpr BuiltinDef kNameError[] = {
    method<&name_error_init>("__init__", "($self, /, *args, **kwargs)")};
constexpr GetSetDef kNameErrorMembers[] = {MEMBER("name")};
constexpr BuiltinDef kAttributeError[] = {
    method<&attribute_error_init>("__init__", "($self, /, *args, **kwargs)")};
constexpr GetSetDef kAttributeErrorMembers[] = {MEMBER("name"), MEMBER("obj")};
constexpr BuiltinDef kKeyError[] = {method<&key_error_str>("__str__", "($self, /)")};
constexpr BuiltinDef kOSError[] = {
    static_method<&os_error_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&os_error_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&os_error_str>("__str__", "($self, /)")};
constexpr GetSetDef kOSErrorMembers[] = {MEMBER("errno"),
                                         MEMBER("strerror"),
                                         MEMBER("filename"),
                                         MEMBER("filename2"),
                                         {"characters_written", get_written, set_written}};
constexpr BuiltinDef kSyntaxError[] = {
    method<&syntax_error_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&syntax_error_str>("__str__", "($self, /)")};
constexpr GetSetDef kSyntaxErrorMembers[] = {
    MEMBER("msg"),  MEMBER("filename"),   MEMBER("lineno"),     MEMBER("offset"),
    MEMBER("text"), MEMBER("end_lineno"), MEMBER("end_offset"), MEMBER("print_file_and_line")};
constexpr BuiltinDef kDecodeError[] = {method<&decode_error_init>("__init__", "($self, /, *args)"),
                                       method<&decode_error_str>("__str__", "($self, /)")};
constexpr BuiltinDef kEncodeError[] = {method<&encode_error_init>("__init__", "($self, /, *args)"),
                                       method<&encode_error_str>("__str__", "($self, /)")};
constexpr BuiltinDef kTranslateError[] = {
    method<&translate_error_init>("__init__", "($self, /, *args)"),
    method<&translate_error_str>("__str__", "($self, /)")};
constexpr GetSetDef kUnicodeMembers[] = {MEMBER("encoding"), MEMBER("object"), MEMBER("start"),
                                         MEMBER("end"), MEMBER("reason")};
#undef MEMBER

struct Extra {
  ExcId id;
  std::span<const BuiltinDef> methods;
  std::span<const GetSetDef> members;
};

static std::span<const Extra> extras() {
  static const Extra kExtras[] = {
      {ExcId::kBaseException, kBase, kBaseGetSets},
      {ExcId::kStopIteration, kStopIteration, kStopIterationMembers},
      {ExcId::kSystemExit, kSystemExit, kSystemExitMembers},
      {ExcId::kImportError, kImportError, kImportErrorMembers},
      {ExcId::kNameError, kNameError, kNameErrorMembers},
      {ExcId::kAttributeError, kAttributeError, kAttributeErrorMembers},
      {ExcId::kKeyError, kKeyError, {}},
      {ExcId::kOSError, kOSError, kOSErrorMembers},
      {ExcId::kSyntaxError, kSyntaxError, kSyntaxErrorMembers},
      {ExcId::kUnicodeDecodeError, kDecodeError, kUnicodeMembers},
      {ExcId::kUnicodeEncodeError, kEncodeError, kUnicodeMembers},
      {ExcId::kUnicodeTranslateError, kTranslateError, kUnicodeMembers},
      {ExcId::kBaseExceptionGroup, exception_group_methods(), exception_group_members()},
  };
  return kExtras;
}

}  // namespace exception_methods

void define_exception_types(Context& cx) {
  struct Row {
    ExcId id;
    const char* name;
    const char* base;
    const char* doc;
  };
  static constexpr Row kRows[] = {
#define EXCEPTION(name, base, doc) {ExcId::k##name, #name, #base, doc},
#include "vm/object/exceptions.def"
#undef EXCEPTION
  };
  for (const Row& row : kRows) {
    Type* base = types().object;
    for (const Row& r : kRows)
      if (std::string_view(r.name) == row.base) base = exception_type(r.id);
    auto* def = new TypeDef{row.name, Kind::kException, nullptr, nullptr,
                            kTypeBaseType | kTypeHasDict | kTypeHasWeakref};
    def->doc = row.doc;
    for (const exception_methods::Extra& e : exception_methods::extras()) {
      if (e.id != row.id) continue;
      def->methods = e.methods;
      def->getsets = e.members;
    }
    set_exception_type(row.id, define_type(cx, *def, base));
  }
}

}  // namespace pystm::vm
