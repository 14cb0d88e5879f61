// Abbreviations that end with a full stop which ends no sentence.

#pragma once

#include <cstdint>
#include <string_view>

namespace footnote::text {

enum class Abbreviation : uint8_t {
  kNone,
  kNeverLast,     // a sentence does not end with it: "Mr", "e.g"
  kMaybeLast,     // a sentence may end with it: "Inc", "U.S", "etc"
  kBeforeNumber,  // an abbreviation only before a number: "No", "p"
};

// Returns what `word` is, the text before a full stop up to white space or a
// bracket, without that full stop, with full stops inside ("e.g"). Spelling
// with capitals must agree where the usual one has them. Single letters and
// acronyms count; `language` is a BCP 47 primary subtag.
Abbreviation FindAbbreviation(std::string_view word, std::string_view language);

// Returns whether the language writes ordinals with a full stop ("3. Oktober").
bool HasOrdinalStops(std::string_view language);

}  // namespace footnote::text
