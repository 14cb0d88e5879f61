// Reads the words and signs around a number.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace footnote::text {

// A word of a text, as FoldWord() has it, or nothing (empty).
struct FoldedWord {
  size_t start = 0;
  size_t end = 0;
  std::string text;
};

// Looks at a text from places in it. Thread-safe.
class QuantityReader {
 public:
  explicit QuantityReader(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }

  // Returns the place after the spaces at `at`, no more than three of them and
  // one line break.
  size_t SkipSpaces(size_t at) const;
  // Likewise over one hyphen, or else over spaces.
  size_t SkipSpacesOrHyphen(size_t at) const;
  // Returns the place before the spaces that end at `at`.
  size_t SkipSpacesBack(size_t at) const;

  // Returns the word of letters that starts at `at`, with the full stops of
  // "U.S.".
  FoldedWord WordAt(size_t at) const;
  // Returns the word of letters that ends at `at`.
  FoldedWord WordBefore(size_t at) const;

  // Whether a letter or a digit starts at, or ends before, `at`.
  bool IsInWordAt(size_t at) const;
  bool IsInWordBefore(size_t at) const;
  // Whether a digit does.
  bool IsDigitAt(size_t at) const;
  bool IsDigitBefore(size_t at) const;
  // The code point at `at`, or before it; 0 where there is none.
  char32_t At(size_t at) const;
  char32_t Before(size_t at) const;

 private:
  std::string_view text_;
};

}  // namespace footnote::text
