// Words that say how a statement is meant: that it is not so, may be so, must
// be so.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::grounding {

// What a cue says of the words that it governs; bits of a mask.
enum Meaning : uint16_t {
  kNegated = 1 << 0,   // "not", "without", "no longer"
  kOpposed = 1 << 1,   // negative by what it means: "declined", "lacks"
  kAble = 1 << 2,      // "can"
  kPossible = 1 << 3,  // "may", "could", "perhaps", "whether"
  kLikely = 1 << 4,    // "probably", "expects"
  kRequired = 1 << 5,  // "must", "have to"
  kFuture = 1 << 6,    // "will"
  kIntended = 1 << 7,  // "plans", "promised"
  kCertain = 1 << 8,   // "certainly", "proven"
  kDone = 1 << 9,      // "already", "has" before a verb
};

// Which words of its sentence a cue governs.
enum class Reach : uint8_t {
  kForward,  // those after it, up to a comma or a conjunction
  kNoun,     // likewise, but no further than a few words: "no extra cost"
  kFar,      // those after it, over commas: "expects"
  kClause,   // all between the commas around it: "is possible"
};

// A cue of a language.
struct Cue {
  std::vector<std::string> words;  // folded, as text::Token::word
  uint16_t meaning = 0;
  Reach reach = Reach::kForward;
};

// Returns the cues that begin with a folded word, longer ones first. Known in
// English; the plainest ones also in German, French, Spanish, Italian,
// Portuguese and Dutch. None for other languages. Thread-safe.
const std::vector<Cue>& CuesAt(std::string_view word,
                               std::string_view language);

// Returns whether a folded word begins a new clause where it stands after a
// comma, or ends what a cue governs: "but", "while", "because". Thread-safe.
bool IsConjunction(std::string_view word);

// Returns whether a folded word is an auxiliary verb of English: "has", "was".
bool IsAuxiliary(std::string_view word);

}  // namespace footnote::grounding
