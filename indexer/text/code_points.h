// Reading valid UTF-8 by code points; memory-safe on anything.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace footnote::text {

// One code point and where the next one starts.
struct CodePoint {
  char32_t value = 0;
  size_t end = 0;
};

inline bool IsTrail(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// Returns the code point at `at` < text.size(), a code point boundary.
inline CodePoint DecodeAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const char32_t lead = byte(at);
  if (lead < 0x80) {
    return {lead, at + 1};
  }
  char32_t value = 0;
  size_t end = at;
  if (lead < 0xE0) {
    value = (lead & 0x1F) << 6 | (byte(at + 1) & 0x3F);
    end += 2;
  } else if (lead < 0xF0) {
    value = (lead & 0x0F) << 12 | (byte(at + 1) & 0x3F) << 6 |
            (byte(at + 2) & 0x3F);
    end += 3;
  } else {
    value = (lead & 0x07) << 18 | (byte(at + 1) & 0x3F) << 12 |
            (byte(at + 2) & 0x3F) << 6 | (byte(at + 3) & 0x3F);
    end += 4;
  }
  return {value, end < text.size() ? end : text.size()};
}

// Returns the start of the code point before `at` > 0.
inline size_t PreviousCodePoint(std::string_view text, size_t at) {
  --at;
  while (at > 0 && IsTrail(text[at])) {
    --at;
  }
  return at;
}

// Appends `code_point` as UTF-8.
inline void AppendCodePoint(char32_t code_point, std::string* text) {
  const auto append = [&](char32_t byte) {
    text->push_back(static_cast<char>(byte));
  };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xC0 | code_point >> 6);
    append(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    append(0xE0 | code_point >> 12);
    append(0x80 | (code_point >> 6 & 0x3F));
    append(0x80 | (code_point & 0x3F));
  } else {
    append(0xF0 | code_point >> 18);
    append(0x80 | (code_point >> 12 & 0x3F));
    append(0x80 | (code_point >> 6 & 0x3F));
    append(0x80 | (code_point & 0x3F));
  }
}

}  // namespace footnote::text
