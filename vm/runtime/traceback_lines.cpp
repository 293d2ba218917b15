#include "vm/runtime/traceback_lines.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "vm/compiler/parse.h"
#include "vm/compiler/source.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/runtime.h"

namespace pystm::vm {

// --- source files --------------------------------------------------------------------------------

namespace {

bool read_whole(const std::string& path, std::string* out) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  std::stringstream text;
  text << in.rdbuf();
  *out = text.str();
  return in.good() || in.eof();
}

}  // namespace

const std::vector<std::string>& SourceFiles::lines(const std::string& file) {
  auto [at, fresh] = files_.try_emplace(file);
  if (!fresh) return at->second;
  std::string bytes;
  if (!read_whole(file, &bytes)) {
    const size_t slash = file.rfind('/');
    const std::string tail = slash == std::string::npos ? file : file.substr(slash + 1);
    const Value path = sys_get(cx_, names().path);
    bool found = false;
    if (!path.is_unset() && is_list(path)) {
      auto* list = path.as<List>();
      for (int64_t i = 0; i < list_length(cx_, list) && !found; ++i) {
        const Value entry = list_get(cx_, list, i);
        if (entry.is_unset() || !is_str(entry)) continue;
        const std::string folder = to_utf8(cx_, entry);
        if (!folder.empty())
          found = read_whole(folder + (folder.back() == '/' ? "" : "/") + tail, &bytes);
      }
    }
    if (!found) return at->second;
  }
  std::string text = bytes;
  try {
    text = compiler::decode_source(bytes, compiler::Hooks{}, nullptr);
  } catch (const compiler::CompileError&) {
  }
  std::string line;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n' && text[i] != '\r') {
      line.push_back(text[i]);
      continue;
    }
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    at->second.push_back(line);
    line.clear();
  }
  if (!line.empty()) at->second.push_back(line);
  return at->second;
}

const std::string* SourceFiles::line(const std::string& file, int number) {
  if (file.empty() || (file.front() == '<' && file.back() == '>')) return nullptr;
  const auto& all = lines(file);
  return number >= 1 && static_cast<size_t>(number) <= all.size()
             ? &all[static_cast<size_t>(number) - 1]
             : nullptr;
}

// --- marks ---------------------------------------------------------------------------------------

namespace {

int char_count(std::string_view utf8) {
  return static_cast<int>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}
int char_offset(std::string_view line, int byte) {
  return char_count(line.substr(0, static_cast<size_t>(std::max(byte, 0))));
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\f'; }

// The operator of a binary operation or the brackets of a subscript, as byte offsets in `segment`.
bool find_anchors(const std::string& segment, int* left, int* right) {
  compiler::ParseOptions options;
  const compiler::ParseResult parsed = compiler::parse(segment, options);
  const auto* module = compiler::node_cast<compiler::Module>(parsed.module);
  if (module == nullptr || module->body.size() != 1) return false;
  const auto* statement = compiler::node_cast<compiler::ExprStmt>(module->body[0]);
  if (statement == nullptr) return false;
  if (const auto* op = compiler::node_cast<compiler::BinOp>(statement->value)) {
    const int end = op->right->at.col_offset;
    if (op->left->at.end_lineno != op->right->at.lineno) return false;
    for (int i = op->left->at.end_col_offset; i < end; ++i) {
      if (is_space(segment[static_cast<size_t>(i)])) continue;
      *left = i;
      *right = i + 1;
      if (i + 1 < end && !is_space(segment[static_cast<size_t>(i) + 1])) ++*right;
      return true;
    }
    return true;
  }
  if (const auto* item = compiler::node_cast<compiler::Subscript>(statement->value)) {
    *left = item->value->at.end_col_offset;
    *right = item->slice->at.end_col_offset + 1;
    return true;
  }
  return false;
}

}  // namespace

std::string marked_line(const std::string& source, const Position& p, const std::string& margin) {
  size_t indent = 0;
  while (indent < source.size() && is_space(source[indent])) ++indent;
  std::string out = margin + "    " + source.substr(indent) + "\n";
  if (p.line <= 0 || p.column < 0 || p.end_column < 0) return out;
  const int length = char_count(source);
  const int start = char_offset(source, p.column);
  int end, left = -1, right = -1;
  if (p.end_line == p.line) {
    end = char_offset(source, p.end_column);
    if (p.end_column <= static_cast<int>(source.size()) && p.column <= p.end_column) {
      const std::string segment = source.substr(static_cast<size_t>(p.column),
                                                static_cast<size_t>(p.end_column - p.column));
      if (find_anchors(segment, &left, &right)) {
        if (left >= 0) left = char_offset(segment, left) + start;
        if (right >= 0) right = char_offset(segment, right) + start;
      }
    }
  } else {
    size_t last = source.size();
    while (last > 0 && is_space(source[last - 1])) --last;
    end = char_count(std::string_view(source).substr(0, last));
  }
  const bool anchored = left >= 0 || right >= 0;
  if (end - start == length - static_cast<int>(indent) && !anchored) return out;
  out += margin + "    ";
  for (int i = static_cast<int>(indent); i < end; ++i) {
    if (i < start)
      out += ' ';
    else if (!anchored)
      out += '^';
    else
      out += i >= left && i < right ? '^' : '~';
  }
  return out + "\n";
}

// --- suggestions ---------------------------------------------------------------------------------

namespace {

constexpr int kMove = 2, kCase = 1, kLongest = 40;

int substitution(char a, char b) {
  if (a == b) return 0;
  if ((a & 31) != (b & 31)) return kMove;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(a) == lower(b) ? kCase : kMove;
}

// Edit distance where a change of case is cheap; more than `limit` means too far.
int distance(std::string_view a, std::string_view b, int limit) {
  if (a == b) return 0;
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty() || b.empty()) return static_cast<int>(a.size() + b.size()) * kMove;
  if (a.size() > kLongest || b.size() > kLongest) return limit + 1;
  if (b.size() < a.size()) std::swap(a, b);
  if (static_cast<int>(b.size() - a.size()) * kMove > limit) return limit + 1;
  std::vector<int> row(a.size());
  for (size_t i = 0; i < a.size(); ++i) row[i] = static_cast<int>(i + 1) * kMove;
  int result = 0;
  for (size_t j = 0; j < b.size(); ++j) {
    int diagonal = result = static_cast<int>(j) * kMove;
    int least = INT32_MAX;
    for (size_t i = 0; i < a.size(); ++i) {
      const int replace = diagonal + substitution(b[j], a[i]);
      diagonal = row[i];
      result = std::min(std::min(result, diagonal) + kMove, replace);
      row[i] = result;
      least = std::min(least, result);
    }
    if (least > limit) return limit + 1;
  }
  return result;
}

}  // namespace

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
  if (candidates.size() >= 750) return "";
  std::string best;
  int least = INT32_MAX;
  for (const std::string& c : candidates) {
    if (c == name) continue;
    const int limit = std::min(static_cast<int>(name.size() + c.size() + 3) * kMove / 6, least - 1);
    const int d = distance(name, c, limit);
    if (d > limit) continue;
    best = c;
    least = d;
  }
  return best;
}

}  // namespace pystm::vm
