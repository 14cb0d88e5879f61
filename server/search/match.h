// Finds the best passages of a generation.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "server/search/query.h"
#include "server/search/searcher.h"
#include "server/search/statistics.h"

namespace footnote::search {

// A passage that matches, by its place in the generation.
struct Candidate {
  uint32_t segment = 0;  // index in the generation
  uint32_t passage = 0;  // index in the segment
  double score = 0;
};

struct Candidates {
  std::vector<Candidate> best;  // by score, then document_id and ordinal
  double highest_possible = 0;  // score that no passage can exceed
};

// Returns the best `limit` live passages that have any word of the query.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<Candidates> FindBest(const index::Generation& generation,
                                    const Query& query,
                                    const Statistics& statistics,
                                    uint32_t limit, const Deadline& deadline);

// Returns the error of a search that ran out of time.
absl::Status DeadlineError();

// kDataLoss INDEX_CORRUPT, for postings that lead outside of the columns.
absl::Status DamagedPostingsError();

}  // namespace footnote::search
