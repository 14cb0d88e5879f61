// Groups the sentences of a document into passages.

#pragma once

#include <cstdint>
#include <vector>

namespace footnote::pipeline {

// How good a place for a border between passages the end of a sentence is.
enum class Border : uint8_t { kSentence, kLine, kParagraph, kHeading };

// One sentence as the splitter sees it.
struct SentenceSize {
  double words = 0;  // see WordWeight() in prepare.cc for CJK
  uint32_t bytes = 0;
  Border after = Border::kSentence;  // kHeading: a heading follows
  bool is_heading = false;           // the sentence is a heading's line
};

struct PassageLimits {
  double min_words = 60;
  double target_words = 120;
  double max_words = 180;
  uint32_t max_bytes = 8000;     // even where there are few words
  uint32_t max_sentences = 400;  // likewise; bounds the work for each
};

// Returns, for each passage, the index one past its last sentence; ascending,
// the last is sentences.size(). Every passage has at least one sentence, and
// no more than the limits' maximum where it has more than one. Among all such
// groupings it is the cheapest by length and borders: near the target length,
// ending at headings and paragraphs, no heading in the middle or at the end.
// Time is linear in the number of sentences.
std::vector<uint32_t> SplitPassages(const std::vector<SentenceSize>& sentences,
                                    const PassageLimits& limits);

}  // namespace footnote::pipeline
