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

// A prefix stands for at most so many words: the most frequent ones.
inline constexpr uint32_t kMaxExpansions = 256;

// One word of a query.
struct WordTerms {
  std::vector<std::string> terms;  // those that occur; any of them matches
  // How many passages have the word. Of several stems the sum, since a passage
  // is in one language; the frequency of a single character, where it is more;
  // of a prefix that of its most frequent word.
  uint64_t frequency = 0;
};

// Statistics do not depend on how passages are spread over segments, on what is
// gone, or on what the principal may not read.
struct Statistics {
  uint64_t passages = 0;
  double average_words = 1;      // of a passage
  std::vector<WordTerms> words;  // as in the query
  bool expansion_cut = false;    // a prefix has more than kMaxExpansions words
};

// Reads the statistics that `query` needs. Thread-safe.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<Statistics> ReadStatistics(const View& view, const Query& query,
                                          const Deadline& deadline);

}  // namespace footnote::search
