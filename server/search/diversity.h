// Puts results in an order in which each tells something new.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "server/search/deadline.h"

namespace footnote::search {

// So many of the first results change places, whatever page is asked for.
inline constexpr size_t kDiversified = 100;

// A result with its score.
struct ScoredPlace {
  uint32_t segment = 0;
  uint32_t passage = 0;
  double score = 0;  // 0 or more
};

// Returns the indices of `results` from `fixed` on in the order of maximal
// marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based
// reranking", 1998): again and again the one for which
//   (1 - diversity) * score / best - diversity * similarity
// is greatest, the first of several; `best` is the highest score from `fixed`
// on, `similarity` that to the most similar one of those chosen before and of
// the first `fixed`, which keep their places. Two passages are as similar as
// the cosine of their stems, each weighed by (1 + ln frequency) * Idf() over
// `results`. The similarity, and the number that is compared, are rounded as
// scores are, so that segments change nothing.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<std::vector<size_t>> OrderByMarginalRelevance(
    const index::Generation& generation,
    const std::vector<ScoredPlace>& results, size_t fixed, double diversity,
    const Deadline& deadline);

}  // namespace footnote::search
