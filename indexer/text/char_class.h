// What word and grapheme segmentation need to know of a character.

#pragma once

#include <cstdint>

namespace footnote::text {

// Word_Break of UAX #29, with Han, kana and Hangul apart (kCharacter: each
// is a token) and scripts that need a dictionary (kComplex: Thai, Lao, Khmer,
// Myanmar). Format counts as kExtend: the rules treat both alike. "@" is
// kOther and ":" too, so that addresses and "key:value" come apart.
enum class WordClass : uint8_t {
  kOther,
  kCr,
  kLf,
  kNewline,
  kExtend,
  kZwj,
  kRegional,
  kSpace,
  kLetter,
  kHebrew,
  kNumeric,
  kMidLetter,
  kMidNum,
  kMidNumLet,
  kSingleQuote,
  kDoubleQuote,
  kExtendNumLet,
  kCharacter,
  kComplex,
};

// Grapheme_Cluster_Break of UAX #29, as far as joining needs it.
enum class GraphemeClass : uint8_t {
  kPlain,       // joins nothing that stands before it but a prepended mark
  kControl,     // joins nothing; CR and LF are of it
  kPrepend,     // joins what follows
  kAttach,      // joins what stands before: Extend, SpacingMark, ZWJ
  kRegional,    // joins in pairs
  kPictograph,  // joins after a ZWJ
  kConsonant,   // of an Indic script: may join after a virama
  kHangulL,
  kHangulSyllable,  // LV and LVT
  kHangulVowel,     // V and T
};

struct CharClass {
  WordClass word = WordClass::kOther;
  GraphemeClass grapheme = GraphemeClass::kPlain;
  bool letter_or_digit = false;
  bool pictograph = false;  // Extended_Pictographic
  bool emoji = false;       // a token of its own
  bool ignorable = false;   // invisible: folding takes it out
};

// Returns the classes of a code point. Thread-safe.
CharClass ClassOf(char32_t code_point);

// Returns the classes of the code points below kTableSize, in order: what
// ClassOf() returns, without the cost of asking for the table each time.
const CharClass* CharClassTable();
inline constexpr char32_t kCharClassTableSize = 0x10000;

}  // namespace footnote::text
