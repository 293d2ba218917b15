// The kernels of str and bytes methods.
// The expected values were recorded from CPython 3.11.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "vm/text/codecs.h"
#include "vm/text/str_ops.h"

// Recorded tables, a row per line.
// clang-format off

namespace text = pystm::vm::text;
using text::Rules;
using text::TextView;


namespace {

using Pieces = std::vector<std::u32string>;

struct Split {
  std::u32string s, sep;
  int limit;
  int find, rfind, count;
  Pieces split, rsplit;
};

const Split kSplit[] = {
    {U"", U"a", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U"a", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U"ab", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U"ab", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U",", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U",", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\xe9", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\xe9", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\x1f600", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\x1f600", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U"aa", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U"aa", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\xd" U"\xa", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\xd" U"\xa", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U" ", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U" ", 1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U""}, {U""}},
    {U"", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U""}, {U""}},
    {U"a", U"a", -1, 0, 0, 1, {U"", U""}, {U"", U""}},
    {U"a", U"a", 0, 0, 0, 1, {U"a"}, {U"a"}},
    {U"a", U"a", 1, 0, 0, 1, {U"", U""}, {U"", U""}},
    {U"a", U"a", 2, 0, 0, 1, {U"", U""}, {U"", U""}},
    {U"a", U"ab", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"ab", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U",", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U",", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\xe9", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\xe9", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\x1f600", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\x1f600", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"aa", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"aa", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\xd" U"\xa", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\xd" U"\xa", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U" ", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U" ", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"a", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"a"}, {U"a"}},
    {U"ab ab  ab", U"a", -1, 0, 7, 3, {U"", U"b ", U"b  ", U"b"}, {U"", U"b ", U"b  ", U"b"}},
    {U"ab ab  ab", U"a", 0, 0, 7, 3, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"a", 1, 0, 7, 3, {U"", U"b ab  ab"}, {U"ab ab  ", U"b"}},
    {U"ab ab  ab", U"a", 2, 0, 7, 3, {U"", U"b ", U"b  ab"}, {U"ab ", U"b  ", U"b"}},
    {U"ab ab  ab", U"ab", -1, 0, 7, 3, {U"", U" ", U"  ", U""}, {U"", U" ", U"  ", U""}},
    {U"ab ab  ab", U"ab", 0, 0, 7, 3, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"ab", 1, 0, 7, 3, {U"", U" ab  ab"}, {U"ab ab  ", U""}},
    {U"ab ab  ab", U"ab", 2, 0, 7, 3, {U"", U" ", U"  ab"}, {U"ab ", U"  ", U""}},
    {U"ab ab  ab", U",", -1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U",", 1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"\xe9", -1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"\xe9", 1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"\x1f600", -1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"\x1f600", 1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"aa", -1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"aa", 1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"\xd" U"\xa", -1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"\xd" U"\xa", 1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U" ", -1, 2, 6, 3, {U"ab", U"ab", U"", U"ab"}, {U"ab", U"ab", U"", U"ab"}},
    {U"ab ab  ab", U" ", 0, 2, 6, 3, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U" ", 1, 2, 6, 3, {U"ab", U"ab  ab"}, {U"ab ab ", U"ab"}},
    {U"ab ab  ab", U" ", 2, 2, 6, 3, {U"ab", U"ab", U" ab"}, {U"ab ab", U"", U"ab"}},
    {U"ab ab  ab", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"ab ab  ab", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"ab ab  ab"}, {U"ab ab  ab"}},
    {U"  lead and trail\x9" U"\xa", U"a", -1, 4, 13, 3, {U"  le", U"d ", U"nd tr", U"il\x9" U"\xa"}, {U"  le", U"d ", U"nd tr", U"il\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"a", 0, 4, 13, 3, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"a", 1, 4, 13, 3, {U"  le", U"d and trail\x9" U"\xa"}, {U"  lead and tr", U"il\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"a", 2, 4, 13, 3, {U"  le", U"d ", U"nd trail\x9" U"\xa"}, {U"  lead ", U"nd tr", U"il\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"ab", -1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"ab", 1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U",", -1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U",", 1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\xe9", -1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\xe9", 1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\x1f600", -1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\x1f600", 1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"aa", -1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"aa", 1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\xd" U"\xa", -1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\xd" U"\xa", 1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U" ", -1, 0, 10, 4, {U"", U"", U"lead", U"and", U"trail\x9" U"\xa"}, {U"", U"", U"lead", U"and", U"trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U" ", 0, 0, 10, 4, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U" ", 1, 0, 10, 4, {U"", U" lead and trail\x9" U"\xa"}, {U"  lead and", U"trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U" ", 2, 0, 10, 4, {U"", U"", U"lead and trail\x9" U"\xa"}, {U"  lead", U"and", U"trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"  lead and trail\x9" U"\xa", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"  lead and trail\x9" U"\xa"}, {U"  lead and trail\x9" U"\xa"}},
    {U"a,b,,c", U"a", -1, 0, 0, 1, {U"", U",b,,c"}, {U"", U",b,,c"}},
    {U"a,b,,c", U"a", 0, 0, 0, 1, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"a", 1, 0, 0, 1, {U"", U",b,,c"}, {U"", U",b,,c"}},
    {U"a,b,,c", U"a", 2, 0, 0, 1, {U"", U",b,,c"}, {U"", U",b,,c"}},
    {U"a,b,,c", U"ab", -1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"ab", 1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U",", -1, 1, 4, 3, {U"a", U"b", U"", U"c"}, {U"a", U"b", U"", U"c"}},
    {U"a,b,,c", U",", 0, 1, 4, 3, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U",", 1, 1, 4, 3, {U"a", U"b,,c"}, {U"a,b,", U"c"}},
    {U"a,b,,c", U",", 2, 1, 4, 3, {U"a", U"b", U",c"}, {U"a,b", U"", U"c"}},
    {U"a,b,,c", U"\xe9", -1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"\xe9", 1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"\x1f600", -1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"\x1f600", 1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"aa", -1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"aa", 1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"\xd" U"\xa", -1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"\xd" U"\xa", 1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U" ", -1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U" ", 1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"a,b,,c", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"a,b,,c"}, {U"a,b,,c"}},
    {U"aaaa", U"a", -1, 0, 3, 4, {U"", U"", U"", U"", U""}, {U"", U"", U"", U"", U""}},
    {U"aaaa", U"a", 0, 0, 3, 4, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"a", 1, 0, 3, 4, {U"", U"aaa"}, {U"aaa", U""}},
    {U"aaaa", U"a", 2, 0, 3, 4, {U"", U"", U"aa"}, {U"aa", U"", U""}},
    {U"aaaa", U"ab", -1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"ab", 1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U",", -1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U",", 1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"\xe9", -1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"\xe9", 1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"\x1f600", -1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"\x1f600", 1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"aa", -1, 0, 2, 2, {U"", U"", U""}, {U"", U"", U""}},
    {U"aaaa", U"aa", 0, 0, 2, 2, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"aa", 1, 0, 2, 2, {U"", U"aa"}, {U"aa", U""}},
    {U"aaaa", U"aa", 2, 0, 2, 2, {U"", U"", U""}, {U"", U"", U""}},
    {U"aaaa", U"\xd" U"\xa", -1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"\xd" U"\xa", 1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U" ", -1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U" ", 1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"aaaa", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"aaaa"}, {U"aaaa"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"a", -1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"a", 1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"ab", -1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"ab", 1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U",", -1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U",", 1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xe9", -1, 0, 3, 2, {U"", U"\x20ac" U"\x1f600", U"\x20ac" U"\x1f600" U"x"}, {U"", U"\x20ac" U"\x1f600", U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xe9", 0, 0, 3, 2, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xe9", 1, 0, 3, 2, {U"", U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600", U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xe9", 2, 0, 3, 2, {U"", U"\x20ac" U"\x1f600", U"\x20ac" U"\x1f600" U"x"}, {U"", U"\x20ac" U"\x1f600", U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x1f600", -1, 2, 5, 2, {U"\xe9" U"\x20ac", U"\xe9" U"\x20ac", U"x"}, {U"\xe9" U"\x20ac", U"\xe9" U"\x20ac", U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x1f600", 0, 2, 5, 2, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x1f600", 1, 2, 5, 2, {U"\xe9" U"\x20ac", U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac", U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x1f600", 2, 2, 5, 2, {U"\xe9" U"\x20ac", U"\xe9" U"\x20ac", U"x"}, {U"\xe9" U"\x20ac", U"\xe9" U"\x20ac", U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"aa", -1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"aa", 1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xd" U"\xa", -1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xd" U"\xa", 1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U" ", -1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U" ", 1, -1, -1, 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x20ac" U"\x1f600", -1, 1, 4, 2, {U"\xe9", U"\xe9", U"x"}, {U"\xe9", U"\xe9", U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x20ac" U"\x1f600", 0, 1, 4, 2, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x20ac" U"\x1f600", 1, 1, 4, 2, {U"\xe9", U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9", U"x"}},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\x20ac" U"\x1f600", 2, 1, 4, 2, {U"\xe9", U"\xe9", U"x"}, {U"\xe9", U"\xe9", U"x"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"a", -1, 12, 17, 2, {U"line\xd" U"\xa" U"next\xd" U"l", U"st\x2028" U"p", U"r\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"l", U"st\x2028" U"p", U"r\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"a", 0, 12, 17, 2, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"a", 1, 12, 17, 2, {U"line\xd" U"\xa" U"next\xd" U"l", U"st\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"p", U"r\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"a", 2, 12, 17, 2, {U"line\xd" U"\xa" U"next\xd" U"l", U"st\x2028" U"p", U"r\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"l", U"st\x2028" U"p", U"r\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"ab", -1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"ab", 1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U",", -1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U",", 1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xe9", -1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xe9", 1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\x1f600", -1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\x1f600", 1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"aa", -1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"aa", 1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xd" U"\xa", -1, 4, 4, 1, {U"line", U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line", U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xd" U"\xa", 0, 4, 4, 1, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xd" U"\xa", 1, 4, 4, 1, {U"line", U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line", U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xd" U"\xa", 2, 4, 4, 1, {U"line", U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line", U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U" ", -1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U" ", 1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}},
    {U"\x3000" U"wide\x3000", U"a", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"a", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"ab", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"ab", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U",", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U",", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\xe9", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\xe9", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\x1f600", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\x1f600", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"aa", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"aa", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\xd" U"\xa", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\xd" U"\xa", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U" ", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U" ", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3000" U"wide\x3000", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}},
    {U"\x3a3" U"as", U"a", -1, 1, 1, 1, {U"\x3a3", U"s"}, {U"\x3a3", U"s"}},
    {U"\x3a3" U"as", U"a", 0, 1, 1, 1, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"a", 1, 1, 1, 1, {U"\x3a3", U"s"}, {U"\x3a3", U"s"}},
    {U"\x3a3" U"as", U"a", 2, 1, 1, 1, {U"\x3a3", U"s"}, {U"\x3a3", U"s"}},
    {U"\x3a3" U"as", U"ab", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"ab", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U",", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U",", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\xe9", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\xe9", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\x1f600", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\x1f600", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"aa", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"aa", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\xd" U"\xa", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\xd" U"\xa", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U" ", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U" ", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"\x3a3" U"as", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}},
    {U"xAbA", U"a", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"a", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"ab", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"ab", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U",", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U",", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\xe9", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\xe9", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\x1f600", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\x1f600", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"aa", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"aa", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\xd" U"\xa", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\xd" U"\xa", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U" ", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U" ", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\x20ac" U"\x1f600", -1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
    {U"xAbA", U"\x20ac" U"\x1f600", 1, -1, -1, 0, {U"xAbA"}, {U"xAbA"}},
};

struct Whitespace {
  std::u32string s;
  int limit;
  Pieces split, rsplit, lines, lines_with_ends;
  std::u32string stripped;
};

const Whitespace kWhitespace[] = {
    {U"", -1, {}, {}, {}, {}, U""},
    {U"", 0, {}, {}, {}, {}, U""},
    {U"", 1, {}, {}, {}, {}, U""},
    {U"a", -1, {U"a"}, {U"a"}, {U"a"}, {U"a"}, U"a"},
    {U"a", 0, {U"a"}, {U"a"}, {U"a"}, {U"a"}, U"a"},
    {U"a", 1, {U"a"}, {U"a"}, {U"a"}, {U"a"}, U"a"},
    {U"ab ab  ab", -1, {U"ab", U"ab", U"ab"}, {U"ab", U"ab", U"ab"}, {U"ab ab  ab"}, {U"ab ab  ab"}, U"ab ab  ab"},
    {U"ab ab  ab", 0, {U"ab ab  ab"}, {U"ab ab  ab"}, {U"ab ab  ab"}, {U"ab ab  ab"}, U"ab ab  ab"},
    {U"ab ab  ab", 1, {U"ab", U"ab  ab"}, {U"ab ab", U"ab"}, {U"ab ab  ab"}, {U"ab ab  ab"}, U"ab ab  ab"},
    {U"  lead and trail\x9" U"\xa", -1, {U"lead", U"and", U"trail"}, {U"lead", U"and", U"trail"}, {U"  lead and trail\x9"}, {U"  lead and trail\x9" U"\xa"}, U"lead and trail"},
    {U"  lead and trail\x9" U"\xa", 0, {U"lead and trail\x9" U"\xa"}, {U"  lead and trail"}, {U"  lead and trail\x9"}, {U"  lead and trail\x9" U"\xa"}, U"lead and trail"},
    {U"  lead and trail\x9" U"\xa", 1, {U"lead", U"and trail\x9" U"\xa"}, {U"  lead and", U"trail"}, {U"  lead and trail\x9"}, {U"  lead and trail\x9" U"\xa"}, U"lead and trail"},
    {U"a,b,,c", -1, {U"a,b,,c"}, {U"a,b,,c"}, {U"a,b,,c"}, {U"a,b,,c"}, U"a,b,,c"},
    {U"a,b,,c", 0, {U"a,b,,c"}, {U"a,b,,c"}, {U"a,b,,c"}, {U"a,b,,c"}, U"a,b,,c"},
    {U"a,b,,c", 1, {U"a,b,,c"}, {U"a,b,,c"}, {U"a,b,,c"}, {U"a,b,,c"}, U"a,b,,c"},
    {U"aaaa", -1, {U"aaaa"}, {U"aaaa"}, {U"aaaa"}, {U"aaaa"}, U"aaaa"},
    {U"aaaa", 0, {U"aaaa"}, {U"aaaa"}, {U"aaaa"}, {U"aaaa"}, U"aaaa"},
    {U"aaaa", 1, {U"aaaa"}, {U"aaaa"}, {U"aaaa"}, {U"aaaa"}, U"aaaa"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", -1, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", 0, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", 1, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"}, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", -1, {U"line", U"next", U"last", U"par", U"fs", U"end"}, {U"line", U"next", U"last", U"par", U"fs", U"end"}, {U"line", U"next", U"last", U"par", U"fs", U"end"}, {U"line\xd" U"\xa", U"next\xd", U"last\x2028", U"par\x1c", U"fs\x85", U"end"}, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", 0, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line", U"next", U"last", U"par", U"fs", U"end"}, {U"line\xd" U"\xa", U"next\xd", U"last\x2028", U"par\x1c", U"fs\x85", U"end"}, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", 1, {U"line", U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"}, {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs", U"end"}, {U"line", U"next", U"last", U"par", U"fs", U"end"}, {U"line\xd" U"\xa", U"next\xd", U"last\x2028", U"par\x1c", U"fs\x85", U"end"}, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"\x3000" U"wide\x3000", -1, {U"wide"}, {U"wide"}, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}, U"wide"},
    {U"\x3000" U"wide\x3000", 0, {U"wide\x3000"}, {U"\x3000" U"wide"}, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}, U"wide"},
    {U"\x3000" U"wide\x3000", 1, {U"wide"}, {U"wide"}, {U"\x3000" U"wide\x3000"}, {U"\x3000" U"wide\x3000"}, U"wide"},
    {U"\x3a3" U"as", -1, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, U"\x3a3" U"as"},
    {U"\x3a3" U"as", 0, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, U"\x3a3" U"as"},
    {U"\x3a3" U"as", 1, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, {U"\x3a3" U"as"}, U"\x3a3" U"as"},
    {U"xAbA", -1, {U"xAbA"}, {U"xAbA"}, {U"xAbA"}, {U"xAbA"}, U"xAbA"},
    {U"xAbA", 0, {U"xAbA"}, {U"xAbA"}, {U"xAbA"}, {U"xAbA"}, U"xAbA"},
    {U"xAbA", 1, {U"xAbA"}, {U"xAbA"}, {U"xAbA"}, {U"xAbA"}, U"xAbA"},
};

struct Replace {
  std::u32string s, from, to;
  int limit;
  std::u32string expected;
};

const Replace kReplace[] = {
    {U"", U"a", U"xyz", -1, U""},
    {U"", U"a", U"xyz", 1, U""},
    {U"", U"a", U"xyz", 2, U""},
    {U"", U"", U"-", -1, U"-"},
    {U"", U"", U"-", 1, U"-"},
    {U"", U"", U"-", 2, U"-"},
    {U"", U"ab", U"", -1, U""},
    {U"", U"ab", U"", 1, U""},
    {U"", U"ab", U"", 2, U""},
    {U"", U"\xe9", U"\x1f600", -1, U""},
    {U"", U"\xe9", U"\x1f600", 1, U""},
    {U"", U"\xe9", U"\x1f600", 2, U""},
    {U"", U" ", U"_", -1, U""},
    {U"", U" ", U"_", 1, U""},
    {U"", U" ", U"_", 2, U""},
    {U"a", U"a", U"xyz", -1, U"xyz"},
    {U"a", U"a", U"xyz", 1, U"xyz"},
    {U"a", U"a", U"xyz", 2, U"xyz"},
    {U"a", U"", U"-", -1, U"-a-"},
    {U"a", U"", U"-", 1, U"-a"},
    {U"a", U"", U"-", 2, U"-a-"},
    {U"a", U"ab", U"", -1, U"a"},
    {U"a", U"ab", U"", 1, U"a"},
    {U"a", U"ab", U"", 2, U"a"},
    {U"a", U"\xe9", U"\x1f600", -1, U"a"},
    {U"a", U"\xe9", U"\x1f600", 1, U"a"},
    {U"a", U"\xe9", U"\x1f600", 2, U"a"},
    {U"a", U" ", U"_", -1, U"a"},
    {U"a", U" ", U"_", 1, U"a"},
    {U"a", U" ", U"_", 2, U"a"},
    {U"ab ab  ab", U"a", U"xyz", -1, U"xyzb xyzb  xyzb"},
    {U"ab ab  ab", U"a", U"xyz", 1, U"xyzb ab  ab"},
    {U"ab ab  ab", U"a", U"xyz", 2, U"xyzb xyzb  ab"},
    {U"ab ab  ab", U"", U"-", -1, U"-a-b- -a-b- - -a-b-"},
    {U"ab ab  ab", U"", U"-", 1, U"-ab ab  ab"},
    {U"ab ab  ab", U"", U"-", 2, U"-a-b ab  ab"},
    {U"ab ab  ab", U"ab", U"", -1, U"   "},
    {U"ab ab  ab", U"ab", U"", 1, U" ab  ab"},
    {U"ab ab  ab", U"ab", U"", 2, U"   ab"},
    {U"ab ab  ab", U"\xe9", U"\x1f600", -1, U"ab ab  ab"},
    {U"ab ab  ab", U"\xe9", U"\x1f600", 1, U"ab ab  ab"},
    {U"ab ab  ab", U"\xe9", U"\x1f600", 2, U"ab ab  ab"},
    {U"ab ab  ab", U" ", U"_", -1, U"ab_ab__ab"},
    {U"ab ab  ab", U" ", U"_", 1, U"ab_ab  ab"},
    {U"ab ab  ab", U" ", U"_", 2, U"ab_ab_ ab"},
    {U"  lead and trail\x9" U"\xa", U"a", U"xyz", -1, U"  lexyzd xyznd trxyzil\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"a", U"xyz", 1, U"  lexyzd and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"a", U"xyz", 2, U"  lexyzd xyznd trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"", U"-", -1, U"- - -l-e-a-d- -a-n-d- -t-r-a-i-l-\x9" U"-\xa" U"-"},
    {U"  lead and trail\x9" U"\xa", U"", U"-", 1, U"-  lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"", U"-", 2, U"- - lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"ab", U"", -1, U"  lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"ab", U"", 1, U"  lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"ab", U"", 2, U"  lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"\xe9", U"\x1f600", -1, U"  lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"\xe9", U"\x1f600", 1, U"  lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U"\xe9", U"\x1f600", 2, U"  lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U" ", U"_", -1, U"__lead_and_trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U" ", U"_", 1, U"_ lead and trail\x9" U"\xa"},
    {U"  lead and trail\x9" U"\xa", U" ", U"_", 2, U"__lead and trail\x9" U"\xa"},
    {U"a,b,,c", U"a", U"xyz", -1, U"xyz,b,,c"},
    {U"a,b,,c", U"a", U"xyz", 1, U"xyz,b,,c"},
    {U"a,b,,c", U"a", U"xyz", 2, U"xyz,b,,c"},
    {U"a,b,,c", U"", U"-", -1, U"-a-,-b-,-,-c-"},
    {U"a,b,,c", U"", U"-", 1, U"-a,b,,c"},
    {U"a,b,,c", U"", U"-", 2, U"-a-,b,,c"},
    {U"a,b,,c", U"ab", U"", -1, U"a,b,,c"},
    {U"a,b,,c", U"ab", U"", 1, U"a,b,,c"},
    {U"a,b,,c", U"ab", U"", 2, U"a,b,,c"},
    {U"a,b,,c", U"\xe9", U"\x1f600", -1, U"a,b,,c"},
    {U"a,b,,c", U"\xe9", U"\x1f600", 1, U"a,b,,c"},
    {U"a,b,,c", U"\xe9", U"\x1f600", 2, U"a,b,,c"},
    {U"a,b,,c", U" ", U"_", -1, U"a,b,,c"},
    {U"a,b,,c", U" ", U"_", 1, U"a,b,,c"},
    {U"a,b,,c", U" ", U"_", 2, U"a,b,,c"},
    {U"aaaa", U"a", U"xyz", -1, U"xyzxyzxyzxyz"},
    {U"aaaa", U"a", U"xyz", 1, U"xyzaaa"},
    {U"aaaa", U"a", U"xyz", 2, U"xyzxyzaa"},
    {U"aaaa", U"", U"-", -1, U"-a-a-a-a-"},
    {U"aaaa", U"", U"-", 1, U"-aaaa"},
    {U"aaaa", U"", U"-", 2, U"-a-aaa"},
    {U"aaaa", U"ab", U"", -1, U"aaaa"},
    {U"aaaa", U"ab", U"", 1, U"aaaa"},
    {U"aaaa", U"ab", U"", 2, U"aaaa"},
    {U"aaaa", U"\xe9", U"\x1f600", -1, U"aaaa"},
    {U"aaaa", U"\xe9", U"\x1f600", 1, U"aaaa"},
    {U"aaaa", U"\xe9", U"\x1f600", 2, U"aaaa"},
    {U"aaaa", U" ", U"_", -1, U"aaaa"},
    {U"aaaa", U" ", U"_", 1, U"aaaa"},
    {U"aaaa", U" ", U"_", 2, U"aaaa"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"a", U"xyz", -1, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"a", U"xyz", 1, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"a", U"xyz", 2, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"", U"-", -1, U"-\xe9" U"-\x20ac" U"-\x1f600" U"-\xe9" U"-\x20ac" U"-\x1f600" U"-x-"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"", U"-", 1, U"-\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"", U"-", 2, U"-\xe9" U"-\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"ab", U"", -1, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"ab", U"", 1, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"ab", U"", 2, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xe9", U"\x1f600", -1, U"\x1f600" U"\x20ac" U"\x1f600" U"\x1f600" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xe9", U"\x1f600", 1, U"\x1f600" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U"\xe9", U"\x1f600", 2, U"\x1f600" U"\x20ac" U"\x1f600" U"\x1f600" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U" ", U"_", -1, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U" ", U"_", 1, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x", U" ", U"_", 2, U"\xe9" U"\x20ac" U"\x1f600" U"\xe9" U"\x20ac" U"\x1f600" U"x"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"a", U"xyz", -1, U"line\xd" U"\xa" U"next\xd" U"lxyzst\x2028" U"pxyzr\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"a", U"xyz", 1, U"line\xd" U"\xa" U"next\xd" U"lxyzst\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"a", U"xyz", 2, U"line\xd" U"\xa" U"next\xd" U"lxyzst\x2028" U"pxyzr\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"", U"-", -1, U"-l-i-n-e-\xd" U"-\xa" U"-n-e-x-t-\xd" U"-l-a-s-t-\x2028" U"-p-a-r-\x1c" U"-f-s-\x85" U"-e-n-d-"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"", U"-", 1, U"-line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"", U"-", 2, U"-l-ine\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"ab", U"", -1, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"ab", U"", 1, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"ab", U"", 2, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xe9", U"\x1f600", -1, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xe9", U"\x1f600", 1, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U"\xe9", U"\x1f600", 2, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U" ", U"_", -1, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U" ", U"_", 1, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end", U" ", U"_", 2, U"line\xd" U"\xa" U"next\xd" U"last\x2028" U"par\x1c" U"fs\x85" U"end"},
    {U"\x3000" U"wide\x3000", U"a", U"xyz", -1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"a", U"xyz", 1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"a", U"xyz", 2, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"", U"-", -1, U"-\x3000" U"-w-i-d-e-\x3000" U"-"},
    {U"\x3000" U"wide\x3000", U"", U"-", 1, U"-\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"", U"-", 2, U"-\x3000" U"-wide\x3000"},
    {U"\x3000" U"wide\x3000", U"ab", U"", -1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"ab", U"", 1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"ab", U"", 2, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"\xe9", U"\x1f600", -1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"\xe9", U"\x1f600", 1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U"\xe9", U"\x1f600", 2, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U" ", U"_", -1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U" ", U"_", 1, U"\x3000" U"wide\x3000"},
    {U"\x3000" U"wide\x3000", U" ", U"_", 2, U"\x3000" U"wide\x3000"},
    {U"\x3a3" U"as", U"a", U"xyz", -1, U"\x3a3" U"xyzs"},
    {U"\x3a3" U"as", U"a", U"xyz", 1, U"\x3a3" U"xyzs"},
    {U"\x3a3" U"as", U"a", U"xyz", 2, U"\x3a3" U"xyzs"},
    {U"\x3a3" U"as", U"", U"-", -1, U"-\x3a3" U"-a-s-"},
    {U"\x3a3" U"as", U"", U"-", 1, U"-\x3a3" U"as"},
    {U"\x3a3" U"as", U"", U"-", 2, U"-\x3a3" U"-as"},
    {U"\x3a3" U"as", U"ab", U"", -1, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U"ab", U"", 1, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U"ab", U"", 2, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U"\xe9", U"\x1f600", -1, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U"\xe9", U"\x1f600", 1, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U"\xe9", U"\x1f600", 2, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U" ", U"_", -1, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U" ", U"_", 1, U"\x3a3" U"as"},
    {U"\x3a3" U"as", U" ", U"_", 2, U"\x3a3" U"as"},
    {U"xAbA", U"a", U"xyz", -1, U"xAbA"},
    {U"xAbA", U"a", U"xyz", 1, U"xAbA"},
    {U"xAbA", U"a", U"xyz", 2, U"xAbA"},
    {U"xAbA", U"", U"-", -1, U"-x-A-b-A-"},
    {U"xAbA", U"", U"-", 1, U"-xAbA"},
    {U"xAbA", U"", U"-", 2, U"-x-AbA"},
    {U"xAbA", U"ab", U"", -1, U"xAbA"},
    {U"xAbA", U"ab", U"", 1, U"xAbA"},
    {U"xAbA", U"ab", U"", 2, U"xAbA"},
    {U"xAbA", U"\xe9", U"\x1f600", -1, U"xAbA"},
    {U"xAbA", U"\xe9", U"\x1f600", 1, U"xAbA"},
    {U"xAbA", U"\xe9", U"\x1f600", 2, U"xAbA"},
    {U"xAbA", U" ", U"_", -1, U"xAbA"},
    {U"xAbA", U" ", U"_", 1, U"xAbA"},
    {U"xAbA", U" ", U"_", 2, U"xAbA"},
};

// alpha alnum ascii decimal digit numeric identifier lower upper title space printable
struct Predicate {
  std::u32string s;
  std::string answers;
};

const Predicate kPredicates[] = {
    {U"", "001000000001"},
    {U"abc", "111000110001"},
    {U"ABC", "111000101001"},
    {U"Abc Def", "001000000101"},
    {U"aB", "111000100001"},
    {U"123", "011111000001"},
    {U"\xb2", "010011000001"},
    {U"\xbd", "010001000001"},
    {U"\x663", "010111000001"},
    {U"a1", "011000110001"},
    {U"_x", "001000110001"},
    {U"1x", "011000010001"},
    {U"\xe9", "110000110001"},
    {U"\xc9", "110000101101"},
    {U"\x1c5", "110000100101"},
    {U"\x1c5" U"a", "110000100101"},
    {U"\x2b0", "110000110001"},
    {U"\x3000", "000000000010"},
    {U"\x1c", "001000000010"},
    {U"\xa", "001000000010"},
    {U"\xad", "000000000000"},
    {U"\x1f600", "000000000001"},
    {U"\x65e5" U"\x672c", "110000100001"},
    {U"\x3a3", "110000101101"},
    {U"\x1fbc", "110000100101"},
    {U"\x345", "000000010001"},
    {U"They're", "001000000001"},
    {U"a b", "001000010001"},
};

// alpha alnum ascii digit lower upper title space
struct BytesRow {
  std::string s, answers, lower, upper, title, capitalized, swapped;
};

const BytesRow kBytes[] = {
    {{"", 0}, "00100000", {"", 0}, {"", 0}, {"", 0}, {"", 0}, {"", 0}},
    {{"abc", 3}, "11101000", {"abc", 3}, {"ABC", 3}, {"Abc", 3}, {"Abc", 3}, {"ABC", 3}},
    {{"ABC", 3}, "11100100", {"abc", 3}, {"ABC", 3}, {"Abc", 3}, {"Abc", 3}, {"abc", 3}},
    {{"Abc Def", 7}, "00100010", {"abc def", 7}, {"ABC DEF", 7}, {"Abc Def", 7}, {"Abc def", 7}, {"aBC dEF", 7}},
    {{"aB", 2}, "11100000", {"ab", 2}, {"AB", 2}, {"Ab", 2}, {"Ab", 2}, {"Ab", 2}},
    {{"123", 3}, "01110000", {"123", 3}, {"123", 3}, {"123", 3}, {"123", 3}, {"123", 3}},
    {{"\351", 1}, "00000000", {"\351", 1}, {"\351", 1}, {"\351", 1}, {"\351", 1}, {"\351", 1}},
    {{" \011\013", 3}, "00100001", {" \011\013", 3}, {" \011\013", 3}, {" \011\013", 3}, {" \011\013", 3}, {" \011\013", 3}},
    {{"\034", 1}, "00100000", {"\034", 1}, {"\034", 1}, {"\034", 1}, {"\034", 1}, {"\034", 1}},
    {{"a1", 2}, "01101000", {"a1", 2}, {"A1", 2}, {"A1", 2}, {"A1", 2}, {"A1", 2}},
    {{"A\351a", 3}, "00000000", {"a\351a", 3}, {"A\351A", 3}, {"A\351A", 3}, {"A\351a", 3}, {"a\351A", 3}},
    {{"aB\351Cd 1x", 8}, "00000000", {"ab\351cd 1x", 8}, {"AB\351CD 1X", 8}, {"Ab\351Cd 1X", 8}, {"Ab\351cd 1x", 8}, {"Ab\351cD 1X", 8}},
};

struct Repr {
  std::u32string s, repr, ascii;
};

const Repr kRepr[] = {
    {U"", U"''", U"''"},
    {U"abc", U"'abc'", U"'abc'"},
    {U"it's", U"\x22" U"it's\x22", U"\x22" U"it's\x22"},
    {U"\x22" U"q\x22", U"'\x22" U"q\x22" U"'", U"'\x22" U"q\x22" U"'"},
    {U"'\x22", U"'\x5c" U"'\x22" U"'", U"'\x5c" U"'\x22" U"'"},
    {U"\x5c", U"'\x5c" U"\x5c" U"'", U"'\x5c" U"\x5c" U"'"},
    {U"\x9" U"\xa" U"\xd" U"\x1" U"\x7f", U"'\x5c" U"t\x5c" U"n\x5c" U"r\x5c" U"x01\x5c" U"x7f'", U"'\x5c" U"t\x5c" U"n\x5c" U"r\x5c" U"x01\x5c" U"x7f'"},
    {U"\xe9" U"\x80" U"\xad", U"'\xe9" U"\x5c" U"x80\x5c" U"xad'", U"'\x5c" U"xe9\x5c" U"x80\x5c" U"xad'"},
    {U"\x20ac" U"\xe000" U"\x2028", U"'\x20ac" U"\x5c" U"ue000\x5c" U"u2028'", U"'\x5c" U"u20ac\x5c" U"ue000\x5c" U"u2028'"},
    {U"\x1f600" U"\xe0100", U"'\x1f600" U"\xe0100" U"'", U"'\x5c" U"U0001f600\x5c" U"U000e0100'"},
    {U"\xd800", U"'\x5c" U"ud800'", U"'\x5c" U"ud800'"},
};

struct BytesRepr {
  std::string s, repr;
};

const BytesRepr kBytesRepr[] = {
    {{"", 0}, {"b''", 3}},
    {{"it's", 4}, {"b\042it's\042", 7}},
    {{"\042", 1}, {"b'\042'", 4}},
    {{"'\042\134", 3}, {"b'\134'\042\134\134'", 8}},
    {{"\000\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037 !\042#$%&'", 40}, {"b'\134x00\134x01\134x02\134x03\134x04\134x05\134x06\134x07\134x08\134t\134n\134x0b\134x0c\134r\134x0e\134x0f\134x10\134x11\134x12\134x13\134x14\134x15\134x16\134x17\134x18\134x19\134x1a\134x1b\134x1c\134x1d\134x1e\134x1f !\042#$%&\134''", 134}},
    {{"xyz{|}~\177\200\201\202\203\204\205\206\207", 16}, {"b'xyz{|}~\134x7f\134x80\134x81\134x82\134x83\134x84\134x85\134x86\134x87'", 46}},
    {{"\377", 1}, {"b'\134xff'", 7}},
};

size_t limit_of(int n) { return n < 0 ? text::kNoLimit : static_cast<size_t>(n); }

Pieces cut(const std::u32string& s, const std::vector<text::Slice>& slices) {
  Pieces pieces;
  for (const text::Slice& slice : slices)
    pieces.push_back(s.substr(slice.start, slice.end - slice.start));
  return pieces;
}

// The text at its own width and at the widest: results must not depend on it.
struct BothWidths {
  text::TextBuilder narrow;
  TextView views[2];
  explicit BothWidths(const std::u32string& s) {
    narrow.append(TextView(s));
    views[0] = narrow.view();
    views[1] = TextView(s);
  }
};

std::string change(const std::string& s, text::CaseOp op) {
  text::TextBuilder out;
  text::change_case(s, op, Rules::Ascii, out);
  std::string bytes;
  for (size_t i = 0; i < out.size(); i++) bytes += static_cast<char>(out.view()[i]);
  return bytes;
}

}  // namespace

TEST_CASE("str: find, count and split by a separator") {
  for (const Split& row : kSplit) {
    const BothWidths s(row.s), sep(row.sep);
    for (const TextView hay : s.views) {
      for (const TextView needle : sep.views) {
        CAPTURE(text::to_utf8(hay), text::to_utf8(needle), row.limit);
        CHECK(static_cast<int>(text::find(hay, needle)) == row.find);
        CHECK(static_cast<int>(text::rfind(hay, needle)) == row.rfind);
        CHECK(static_cast<int>(text::count(hay, needle)) == row.count);
        CHECK((cut(row.s, text::split(hay, needle, limit_of(row.limit))) == row.split));
        CHECK((cut(row.s, text::rsplit(hay, needle, limit_of(row.limit))) == row.rsplit));
      }
    }
  }
}

TEST_CASE("str: whitespace and lines") {
  for (const Whitespace& row : kWhitespace) {
    const BothWidths both(row.s);
    for (const TextView s : both.views) {
      CAPTURE(text::to_utf8(s), row.limit);
      const size_t limit = limit_of(row.limit);
      CHECK((cut(row.s, text::split_whitespace(s, Rules::Unicode, limit)) == row.split));
      CHECK((cut(row.s, text::rsplit_whitespace(s, Rules::Unicode, limit)) == row.rsplit));
      CHECK((cut(row.s, text::splitlines(s, Rules::Unicode, false)) == row.lines));
      CHECK((cut(row.s, text::splitlines(s, Rules::Unicode, true)) == row.lines_with_ends));
      CHECK((cut(row.s, {text::strip_whitespace(s, Rules::Unicode)})[0] == row.stripped));
    }
  }
  CHECK(text::splitlines("a\x1c" "b\x0bc\nd", Rules::Ascii, false).size() == 2);
  CHECK(text::split_whitespace("a\x1c" "b\x85" "c d", Rules::Ascii).size() == 2);
}

TEST_CASE("str: replace") {
  for (const Replace& row : kReplace) {
    const BothWidths both(row.s);
    for (const TextView s : both.views) {
      CAPTURE(text::to_utf8(s), text::to_utf8(row.from), row.limit);
      text::TextBuilder out;
      const size_t limit = limit_of(row.limit);
      if (text::replace(s, row.from, row.to, limit, out) == 0) out.append(s);
      CHECK((out.view().to_u32() == row.expected));
      CHECK(text::plan_replace(s, row.from, row.to, limit).length == row.expected.size());
    }
  }
}

TEST_CASE("str: predicates") {
  for (const Predicate& row : kPredicates) {
    CAPTURE(text::to_utf8(row.s));
    std::string answers;
    for (int kind = 0; kind < 12; kind++)
      answers += text::is_all(row.s, static_cast<text::Kind>(kind)) ? '1' : '0';
    CHECK(answers == row.answers);
  }
}

TEST_CASE("bytes: predicates and case") {
  using text::Kind;
  const Kind kinds[] = {Kind::Alpha, Kind::Alnum, Kind::Ascii, Kind::Digit,
                        Kind::Lower, Kind::Upper, Kind::Title, Kind::Space};
  for (const BytesRow& row : kBytes) {
    CAPTURE(row.s);
    std::string answers;
    for (const Kind kind : kinds) answers += text::is_all(row.s, kind, Rules::Ascii) ? '1' : '0';
    CHECK(answers == row.answers);
    CHECK(change(row.s, text::CaseOp::Lower) == row.lower);
    CHECK(change(row.s, text::CaseOp::Upper) == row.upper);
    CHECK(change(row.s, text::CaseOp::Title) == row.title);
    CHECK(change(row.s, text::CaseOp::Capitalize) == row.capitalized);
    CHECK(change(row.s, text::CaseOp::SwapCase) == row.swapped);
  }
}

TEST_CASE("str and bytes: repr") {
  for (const Repr& row : kRepr) {
    text::TextBuilder repr, ascii;
    text::str_repr(row.s, false, repr);
    text::str_repr(row.s, true, ascii);
    CHECK((repr.view().to_u32() == row.repr));
    CHECK((ascii.view().to_u32() == row.ascii));
  }
  for (const BytesRepr& row : kBytesRepr)
    CHECK(text::bytes_repr({reinterpret_cast<const uint8_t*>(row.s.data()), row.s.size()}) ==
          row.repr);
}

TEST_CASE("str: padding, tabs, zfill, strip of a set") {
  const auto built = [](auto build) {
    text::TextBuilder out;
    build(out);
    return text::to_utf8(out.view());
  };
  CHECK(built([](auto& out) { text::zfill("-42", 6, out); }) == "-00042");
  CHECK(built([](auto& out) { text::zfill("+", 3, out); }) == "+00");
  CHECK(built([](auto& out) { text::zfill("abc", 2, out); }) == "abc");
  CHECK(built([](auto& out) { text::expand_tabs("a\tbc\td\n\te", 4, out); }) ==
        "a   bc  d\n    e");
  CHECK(built([](auto& out) { text::expand_tabs("a\tb", 0, out); }) == "ab");
  CHECK(text::center_left(3, 6) == 1);
  CHECK(text::center_left(2, 5) == 2);
  CHECK((text::strip_chars("xxabxx", "x") == text::Slice{2, 4}));
  CHECK((text::strip_chars("xxabxx", "x", text::Side::Left) == text::Slice{2, 6}));
  CHECK((text::strip_chars("xxabxx", "yx", text::Side::Right) == text::Slice{0, 4}));
}

TEST_CASE("str: comparison goes by code points, across widths") {
  CHECK(text::compare("abc", "abd") < 0);
  CHECK(text::compare("ab", "abc") < 0);
  CHECK(text::compare(U"\uFFFF", U"\U00010000") < 0);
  CHECK(text::compare("\xff", U"\u0100") < 0);
  CHECK(text::compare(U"abc", "abc") == 0);
  CHECK(text::equal(U"abc", "abc"));
  CHECK(!text::equal(U"abc", "abcd"));
  CHECK(text::starts_with("abc", U"ab"));
  CHECK(text::ends_with("abc", U"bc"));
  CHECK(!text::ends_with("bc", "abc"));
}

TEST_CASE("search: hostile needles take linear time and are found where a plain search finds them") {
  uint32_t seed = 1;
  const auto random = [&] { return seed = seed * 1664525u + 1013904223u, seed >> 16; };
  for (int round = 0; round < 400; round++) {
    std::string hay(200 + random() % 600, 'a'), needle(2 + random() % 40, 'a');
    for (char& c : hay) c = random() % (round % 7 + 2) == 0 ? 'b' : 'a';
    for (char& c : needle) c = random() % (round % 5 + 2) == 0 ? 'b' : 'a';
    if (round % 3 == 0) needle = hay.substr(random() % 100, needle.size());
    CHECK(text::find(TextView(hay), TextView(needle)) == hay.find(needle));
    CHECK(text::rfind(TextView(hay), TextView(needle)) == hay.rfind(needle));
  }
  const std::string hay(2000000, 'a');
  const std::string needle = std::string(300000, 'a') + 'b' + std::string(300000, 'a');
  CHECK(text::find(TextView(hay), TextView(needle)) == text::kNotFound);
  CHECK(text::rfind(TextView(hay), TextView(needle)) == text::kNotFound);
}

TEST_CASE("builder: widens as it must and keeps what it has") {
  text::TextBuilder out;
  out.append_ascii("ab");
  CHECK(out.is_ascii());
  out.append(U'\xe9');
  CHECK(out.width() == text::Width::One);
  out.append(U'\u20ac');
  CHECK(out.width() == text::Width::Two);
  out.append(U'\U0001F600', 2);
  CHECK(out.width() == text::Width::Four);
  CHECK((out.view().to_u32() == U"ab\u00e9\u20ac\U0001F600\U0001F600"));
  out.truncate(2);
  CHECK((out.view().to_u32() == U"ab"));
}
