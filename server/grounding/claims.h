// The claims of an answer, and what it cites for them.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::grounding {

// A citation mark of an answer: "[1]", "[2, 3]", "[^4]", "【5】".
struct CitationMark {
  uint32_t start = 0;             // bytes of the answer
  uint32_t end = 0;               // exclusive
  std::vector<uint32_t> numbers;  // as written; 1 to 9,999
};

// Why a sentence of an answer needs no grounding.
enum class Exemption : uint8_t {
  kNone,      // it needs some
  kQuestion,  // asks
  kGreeting,  // "Hello!", "I hope this helps."; states nothing besides
  kHeading,   // a title, or a line that leads to a list
  kHedge,     // of the answerer about itself: "I could not find …"; likewise
  kEmpty,     // says nothing: no word that is more than a function word
};

// One statement of an answer: a sentence, without the white space, the marks of
// Markdown and the citation marks around it.
struct Claim {
  uint32_t start = 0;  // bytes of the answer, on grapheme boundaries
  uint32_t end = 0;    // exclusive
  Exemption exemption = Exemption::kNone;
  std::vector<CitationMark> citations;  // by start; in it or right behind it
};

// Returns the citation marks of valid UTF-8 `answer`, by start. Thread-safe.
std::vector<CitationMark> FindCitationMarks(std::string_view answer);

// Returns the claims of valid UTF-8 `answer`, by start, without overlap; none
// of them is longer than text::kMaxSentenceBytes. `language` is a BCP 47
// primary subtag. Thread-safe.
std::vector<Claim> SplitClaims(std::string_view answer,
                               std::string_view language);

}  // namespace footnote::grounding
