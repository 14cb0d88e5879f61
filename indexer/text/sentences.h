// Sentences and paragraphs of a text.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace footnote::text {

// How a sentence ends: what comes between it and the next.
enum class BreakKind : uint8_t {
  kSentence,   // the next sentence goes on in the same paragraph
  kLine,       // one line break (list items, verse, hard-wrapped lines)
  kParagraph,  // a blank line, or the end of the text
};

// One sentence with the white space that follows it.
struct Sentence {
  uint32_t start = 0;  // bytes
  uint32_t end = 0;    // exclusive; the next sentence starts here
  BreakKind after = BreakKind::kSentence;
};

// Returns the sentences of valid UTF-8 `text`; they tile it: the first starts
// at 0, each starts where the one before ends, the last ends at text.size().
// Empty for an empty text. Ends lie on grapheme boundaries. UAX #29 with
// corrections of ours: no end after a known abbreviation or initial ("U.S.",
// "Dr.", "Inc.") unless what follows starts a sentence beyond doubt; an end at
// a blank line always. A sentence over kMaxSentenceBytes is cut at the last
// word end, else grapheme, before that size. `language` as in Analyzer.
std::vector<Sentence> SplitSentences(std::string_view text,
                                     std::string_view language);

inline constexpr uint32_t kMaxSentenceBytes = 2000;

}  // namespace footnote::text
