// Places in canonical text, in every unit that a span is given in.

#pragma once

#include <cstdint>

namespace footnote {

// A length, or an offset from the start of a text, in each unit.
struct TextOffset {
  uint64_t bytes = 0;  // of UTF-8
  uint64_t chars = 0;  // code points
  uint64_t utf16 = 0;  // UTF-16 code units

  bool operator==(const TextOffset&) const = default;
  TextOffset& operator+=(const TextOffset& other) {
    bytes += other.bytes;
    chars += other.chars;
    utf16 += other.utf16;
    return *this;
  }
  friend TextOffset operator+(TextOffset a, const TextOffset& b) {
    return a += b;
  }
};

// A half-open range [start, end) of a document's canonical text.
struct Span {
  TextOffset start;
  TextOffset end;

  bool operator==(const Span&) const = default;
};

}  // namespace footnote
