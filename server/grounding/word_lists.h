// Lists of general English words, for word_meanings.cc. Words are divided by
// single spaces.

#pragma once

#include <span>
#include <string_view>

namespace footnote::grounding {

// Words that mean the opposite of each other.
struct Opposites {
  std::string_view one;
  std::string_view other;
};

// Groups of words that mean nearly the same; a word may be in several.
std::span<const std::string_view> SameWords();

// Likewise, of names.
std::span<const std::string_view> SameNames();

std::span<const Opposites> OppositeWords();

// Words that say little by themselves.
std::string_view LightWords();

// Verbs, and a few nouns, with the forms that do not share their stem: the word
// itself first.
std::span<const std::string_view> IrregularVerbs();

}  // namespace footnote::grounding
