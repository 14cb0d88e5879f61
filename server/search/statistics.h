// A query as a view of a generation has it: the terms that its words stand for,
// and the statistics that scores are made of.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/query.h"
#include "server/search/view.h"

namespace footnote::search {

// A prefix stands for at most so many words, the most frequent ones; a fuzzy
// word for the nearest ones.
inline constexpr uint32_t kMaxExpansions = 256;
// All of a query stand for at most so many, each for an equal share
// and for one word at least: Xapian keeps some KiB for every word it looks for.
inline constexpr uint32_t kMaxAllExpansions = 8192;

// One word of a query.
struct WordTerms {
  std::vector<std::string> terms;  // those that occur; any of them matches
  // How many passages have the word. Of several stems the sum, since a passage
  // is in one language; the frequency of a single character, where it is more;
  // of a prefix or a fuzzy word that of its most frequent word.
  uint64_t frequency = 0;
};

// Statistics do not depend on how passages are spread over segments, on what is
// gone, or on what the principal may not read.
struct Statistics {
  uint64_t passages = 0;
  double average_words = 1;  // of a passage
  double average_document_words = 1;
  std::vector<WordTerms> words;              // as in the query
  std::vector<WordTerms> others;             // as in the query
  uint32_t max_expansions = kMaxExpansions;  // of each prefix or fuzzy word
  bool expansion_cut = false;  // one of them has more words than that

  // Returns the terms of Query::WordAt().
  const WordTerms& TermsAt(uint32_t number) const {
    return number < words.size() ? words[number]
                                 : others[number - words.size()];
  }
};

// Reads the statistics that `query` needs. Thread-safe.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<Statistics> ReadStatistics(const View& view, const Query& query,
                                          const Deadline& deadline);

}  // namespace footnote::search
