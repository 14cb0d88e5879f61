// What characters are to sentence ends.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace footnote::text {

// What a character is to sentence ends.
enum class Mark : uint8_t {
  kNone,
  kStop,      // "." and an ellipsis: may belong to an abbreviation
  kAsk,       // "!" and "?": an end before white space
  kWideStop,  // an end without white space too
  kLine,      // ends a line
  kSpace,
};

Mark MarkOfAscii(char c);
Mark MarkOf(char32_t code_point);

// Returns whether `c` may close, or open, a quotation, a bracket or emphasis.
bool IsClosing(char32_t c);
bool IsOpening(char32_t c);

inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// White space: where it ends, and how many lines end in it.
struct Gap {
  size_t end = 0;
  size_t lines = 0;
};

// Returns the white space from `at` on.
Gap SkipGap(std::string_view text, size_t at);

// Returns whether a list item starts at `at` < text.size(): "- x", "* x",
// "1. x", "(a) x", "a) x".
bool IsListMarker(std::string_view text, size_t at);

}  // namespace footnote::text
