// A text cut in each unit by the plainest means there are.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace footnote {

// Valid UTF-8 decoded once by the book; shares no code with what is tested.
class SlicedText {
 public:
  explicit SlicedText(std::string utf8) : utf8_(std::move(utf8)) {
    for (size_t at = 0; at < utf8_.size();) {
      const auto lead = static_cast<unsigned char>(utf8_[at]);
      const size_t size = SizeFrom(lead);
      char32_t value = size == 1 ? lead : lead & (0x7F >> size);
      for (size_t i = 1; i < size; ++i) {
        value = value << 6 | (static_cast<unsigned char>(utf8_[at + i]) & 0x3F);
      }
      at += size;
      Append(value);
    }
  }

  const std::string& text() const { return utf8_; }
  size_t chars() const { return utf32_.size(); }
  size_t utf16_units() const { return utf16_.size(); }

  // Each returns [start, end) in its unit as UTF-8, "<outside>" where that is
  // no range of the text.
  std::string Bytes(uint64_t start, uint64_t end) const {
    return IsRange(start, end, utf8_.size()) ? utf8_.substr(start, end - start)
                                             : kOutside;
  }
  std::string Chars(uint64_t start, uint64_t end) const {
    return IsRange(start, end, utf32_.size())
               ? Encode(utf32_.substr(start, end - start))
               : kOutside;
  }
  std::string Utf16(uint64_t start, uint64_t end) const {
    if (!IsRange(start, end, utf16_.size())) {
      return kOutside;
    }
    std::u32string chars;
    for (uint64_t i = start; i < end; ++i) {
      const char16_t unit = utf16_[i];
      const bool is_high = unit >= 0xD800 && unit < 0xDC00;
      if (is_high && i + 1 < end) {
        chars += static_cast<char32_t>(0x10000 + ((unit - 0xD800U) << 10) +
                                       (utf16_[++i] - 0xDC00U));
      } else {
        chars += static_cast<char32_t>(
            unit);  // half a pair stays and compares unequal
      }
    }
    return Encode(chars);
  }

  // Returns whether code point `at` surely goes on what a reader takes for one
  // character: LF after CR, or a mark, joiner or skin tone after something.
  // False deep inside a pile of marks, which may be broken anywhere.
  bool IsInsideCharacter(uint64_t at) const {
    constexpr uint64_t kPile = 100;
    if (at == 0 || at >= utf32_.size()) {
      return false;
    }
    if (utf32_[at] == '\n' || !IsMark(utf32_[at])) {
      return utf32_[at] == '\n' && utf32_[at - 1] == '\r';
    }
    uint64_t base = at - 1;
    while (base > 0 && at - base < kPile && IsMark(utf32_[base])) {
      --base;
    }
    return utf32_[at - 1] > ' ' && at - base < kPile;
  }

 private:
  // Returns the bytes of a character by its first one.
  static size_t SizeFrom(unsigned char lead) {
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xE0) {
      return 2;
    }
    return lead < 0xF0 ? 3 : 4;
  }

  void Append(char32_t value) {
    utf32_ += value;
    if (value < 0x10000) {
      utf16_ += static_cast<char16_t>(value);
    } else {
      utf16_ += static_cast<char16_t>(0xD800 + ((value - 0x10000) >> 10));
      utf16_ += static_cast<char16_t>(0xDC00 + (value & 0x3FF));
    }
  }

  static bool IsMark(char32_t c) {
    return (c >= 0x300 && c < 0x370) || c == 0x200D || c == 0xFE0F ||
           (c >= 0x1F3FB && c <= 0x1F3FF);
  }

  static constexpr char kOutside[] = "<outside>";

  static bool IsRange(uint64_t start, uint64_t end, size_t size) {
    return start <= end && end <= size;
  }

  static std::string Encode(std::u32string_view chars) {
    std::string out;
    for (const char32_t c : chars) {
      const int trails = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
      static constexpr int kLeads[] = {0, 0xC0, 0xE0, 0xF0};
      out += static_cast<char>(kLeads[trails] | c >> (6 * trails));
      for (int i = trails - 1; i >= 0; --i) {
        out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
      }
    }
    return out;
  }

  std::string utf8_;
  std::u32string utf32_;
  std::u16string utf16_;
};

}  // namespace footnote
