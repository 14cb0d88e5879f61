// The collection statistics that scores are made of.

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "server/search/query.h"

namespace footnote::search {

// Statistics over the live passages of a generation for one query. They do not
// depend on how the passages are spread over segments.
struct Statistics {
  uint64_t passages = 0;
  double average_words = 1;  // of a passage
  // For each word of the query, the number of passages that have it in any of
  // its forms: the sum over its stems, since a passage is in one language, or
  // the frequency of the folded word, whichever is more.
  std::vector<uint64_t> frequencies;
};

// Reads the statistics that `query` needs. Thread-safe.
// Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<Statistics> ReadStatistics(const index::Generation& generation,
                                          const Query& query);

}  // namespace footnote::search
