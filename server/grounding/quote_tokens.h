// A quote as the index sees it: the folded words of its tokens.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "indexer/index/segment.h"
#include "server/grounding/word_alignment.h"
#include "server/search/deadline.h"

namespace footnote::grounding {

// Numbers words from 0 on, in the order that they come. Not thread-safe while
// it changes.
class WordNumbers {
 public:
  WordNumbers() = default;
  WordNumbers(WordNumbers&&) = default;
  WordNumbers& operator=(WordNumbers&&) = default;
  WordNumbers(const WordNumbers&) = delete;
  WordNumbers& operator=(const WordNumbers&) = delete;

  // Returns the number of a word, a new one where it has none.
  uint32_t Add(std::string_view word);
  // Returns the number of a word, kOtherWord where it has none.
  uint32_t Find(std::string_view word) const {
    const auto at = numbers_.find(word);
    return at == numbers_.end() ? kOtherWord : at->second;
  }
  const std::string& word(uint32_t number) const { return *words_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(words_.size()); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> words_;  // keys of numbers_
};

// The tokens of a quote, each with the number of its folded word and where it
// begins, in bytes.
struct QuoteTokens {
  WordNumbers numbers;
  std::vector<uint32_t> words;
  std::vector<uint32_t> starts;

  size_t size() const { return words.size(); }
  // Returns the first token that begins at `at` or after it.
  size_t TokenFrom(uint32_t at) const;
};

// Reads the tokens of a quote. Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<QuoteTokens> ReadQuoteTokens(std::string_view quote,
                                            const search::Deadline& deadline);

// Tells which word of a quote the lexemes of a segment are. Not thread-safe.
class QuoteLexemes {
 public:
  // Both must outlive it.
  QuoteLexemes(const index::Segment& segment, const WordNumbers& numbers)
      : segment_(&segment), numbers_(&numbers), known_(kKnown) {}

  // Returns the number of the word that a lexeme is, or kOtherWord.
  uint32_t NumberOf(uint32_t lexeme);

 private:
  static constexpr uint32_t kKnown = 1 << 12;
  struct Known {
    uint32_t lexeme = UINT32_MAX;
    uint32_t number = kOtherWord;
  };

  const index::Segment* segment_;
  const WordNumbers* numbers_;
  std::vector<Known> known_;  // by the low bits of the lexeme
};

}  // namespace footnote::grounding
