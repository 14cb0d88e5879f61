// ICU's break iterators of the root locale over pieces of UTF-8. Thread-safe:
// each thread has its own. Offsets are bytes.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace footnote::text {

// Returns the largest grapheme boundary <= `at`, a code point boundary inside
// `text`, as ICU has it going over all of `text`.
size_t FloorToIcuGrapheme(std::string_view text, size_t at);

// Returns the ends of the words of `text`, all in scripts that need a
// dictionary; the last is text.size().
std::vector<size_t> FindWordEnds(std::string_view text);

}  // namespace footnote::text
