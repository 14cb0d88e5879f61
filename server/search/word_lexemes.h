// Tells whether a token is a word of a query.

#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "indexer/index/segment.h"
#include "server/search/query.h"
#include "server/search/statistics.h"

namespace footnote::search {

// The lexemes of a segment that are a word of a query. Not thread-safe.
class WordLexemes {
 public:
  // The memory that it takes, about.
  static constexpr uint64_t kBytes = 5 << 10;

  // All that it is given must outlive it. `terms` are those of the word.
  WordLexemes(const index::Segment& segment, const QueryWord& word,
              const WordTerms& terms);

  bool Has(uint32_t lexeme) {
    if ((seen_[lexeme % kBits / 64] >> (lexeme % 64) & 1) != 0 &&
        std::binary_search(by_stem_.begin(), by_stem_.end(), lexeme)) {
      return true;
    }
    return looks_at_text_ && HasText(lexeme);
  }

 private:
  static constexpr uint32_t kBits = 512;
  static constexpr uint32_t kKnown = 1 << 12;  // lexemes whose answer is kept
  enum class Known : uint8_t { kNot = 1, kIs };

  bool HasText(uint32_t lexeme);
  bool IsText(std::string_view folded) const;

  const index::Segment& segment_;
  const QueryWord& word_;
  uint64_t seen_[kBits / 64] = {};  // a bit for the low bits of each lexeme
  std::vector<uint32_t> by_stem_;   // sorted
  bool looks_at_text_ = false;
  std::vector<std::string_view> texts_;  // folded words, sorted
  std::vector<uint8_t> known_;  // Known, by lexeme: frequent ones come first
};

// Returns whether a word of a text is a word of a query, by its folded form and
// the key of its stem.
bool IsWordOf(const QueryWord& word, std::string_view folded,
              std::string_view stem_key);

}  // namespace footnote::search
