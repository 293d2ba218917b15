#include "vm/runtime/reports.h"

#include "vm/interp/frames.h"
#include "vm/object/list_items.h"
#include "vm/object/str.h"
#include "vm/object/type.h"
#include "vm/runtime/runtime.h"

namespace pystm::vm {

namespace {

stm::SourcePosition locate(stm::Tx& tx) {
  auto& cx = static_cast<Context&>(tx);
  stm::SourcePosition p;
  for (FrameRecord* f = cx.frame; f >= cx.frames_base; --f) {
    if (f->code->data->hidden) continue;
    const Position at = position_at(f->code, static_cast<uint32_t>(f->pc - f->code->data->instrs));
    p.file = to_utf8(f->code->filename);
    p.function = to_utf8(f->code->qualname);
    p.line = at.line;
    p.column = at.column;
    p.end_column = at.end_column;
    break;
  }
  return p;
}

std::string describe(Object* o, size_t offset) {
  Shape* shape = shape_of(o);
  if (is_class_cell(o)) return "class attribute";
  if (has_shape(o, kShapeChunkedItems)) {
    const Word chunk = (offset - sizeof(ItemArrayBase)) / 8 - static_cast<ItemArray*>(o)->length;
    return "list items from " + std::to_string(chunk << kListChunkLog2);
  }
  std::string text = shape->type == nullptr ? shape->info.name : type_name_of(shape->type);
  if (shape->kind == Kind::kInstance && offset >= sizeof(Instance)) {
    const auto slot = (offset - sizeof(Instance)) / 8;
    for (Shape* s = shape; s != nullptr; s = s->parent)
      if (s->name != nullptr && s->slot_count == slot + 1u) return text + "." + to_utf8(s->name);
  }
  return text;
}

}  // namespace

void register_reports() {
  stm::set_locator(locate);
  stm::set_describer(describe);
}

}  // namespace pystm::vm
