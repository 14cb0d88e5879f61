// Finds the phrases of a query among the tokens of a text.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "indexer/index/segment.h"
#include "server/search/constraint.h"
#include "server/search/query.h"
#include "server/search/statistics.h"
#include "server/search/word_lexemes.h"

namespace footnote::search {

// Where a phrase stands: a token for each of its slots.
using PhrasePlace = std::vector<uint32_t>;

// Tells whether token `token` of a text is the word of slot `slot`.
using IsSlotAt = std::function<bool(size_t slot, uint32_t token)>;

// Calls `found` with each place of `phrase` among so many tokens, by first
// token, until it returns false. Of a phrase with slop, one place for each
// stretch of the text that has it.
void ForEachPlace(const QueryPhrase& phrase, uint32_t tokens,
                  const IsSlotAt& is_at,
                  const std::function<bool(const PhrasePlace&)>& found);

// Returns whether the phrase stands among so many tokens.
bool HasPhrase(const QueryPhrase& phrase, uint32_t tokens,
               const IsSlotAt& is_at);

// A phrase in the passages of one segment. Not thread-safe.
class PhraseInSegment {
 public:
  // All that it is given must outlive it.
  PhraseInSegment(const index::Segment& segment, const Query& query,
                  const Statistics& statistics, const QueryPhrase& phrase);

  // Returns whether the phrase stands in a passage.
  bool IsIn(uint32_t passage);

  // Likewise ForEachPlace(), among tokens that are these lexemes.
  void ForEachPlaceAmong(const std::vector<uint32_t>& lexemes,
                         const std::function<bool(const PhrasePlace&)>& found);

 private:
  const index::Segment& segment_;
  const QueryPhrase& phrase_;
  std::vector<WordLexemes> words_;    // distinct ones
  std::vector<size_t> word_of_slot_;  // index in words_
  std::vector<uint32_t> lexemes_;     // of the passage looked at
};

}  // namespace footnote::search
