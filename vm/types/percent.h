// The argument side of the % operator, for str and bytes: a tuple, one object, or a mapping.
#pragma once

#include "vm/text/format_spec.h"
#include "vm/types/support.h"

namespace pystm::vm {

class PercentArgs {
 public:
  PercentArgs(Value args, bool is_mapping) : args_(args), mapping_(is_mapping ? args : Value()) {
    if (has_kind(args, Kind::kTuple)) {
      count_ = static_cast<int64_t>(args.as<Tuple>()->length);
      at_ = 0;
    }
  }
  bool has_mapping() const { return !mapping_.is_unset(); }
  Value mapping() const { return mapping_; }
  // %(key): from here on that value is the argument.
  void take(Value v) {
    args_ = v;
    count_ = -1;
    at_ = -2;
  }
  Result<Value> next(Context& cx) {
    if (at_ >= count_) return raise(cx, kTypeError, "not enough arguments for format string");
    ++at_;
    return count_ < 0 ? args_ : (*args_.as<Tuple>())[static_cast<size_t>(at_ - 1)];
  }
  bool left_over() const { return at_ < count_ && !has_mapping(); }

 private:
  Value args_, mapping_;
  int64_t count_ = -1, at_ = -2;
};

// Takes the values of '*' width and precision.
Result<void> percent_stars(Context& cx, PercentArgs& args, text::PercentSpec& spec);
Error raise_format_error(Context& cx, const text::FormatError& e);

}  // namespace pystm::vm
