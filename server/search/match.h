// Finds the best passages of a view.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "server/search/deadline.h"
#include "server/search/passage_set.h"
#include "server/search/query.h"
#include "server/search/ranking_options.h"
#include "server/search/statistics.h"
#include "server/search/view.h"

namespace footnote::search {

// A passage that matches, by its place in the generation.
struct Candidate {
  uint32_t segment = 0;  // index in the generation
  uint32_t passage = 0;  // index in the segment
  double score = 0;
  double unaged = 0;      // the score before the document's age told
  bool rescored = false;  // looked at again, see Rescorer
};

// A query with what decides its scores.
struct ScoredQuery {
  const Query& query;
  const Statistics& statistics;
  const RankingOptions& options;
  std::vector<double> factors;  // of each word: its IDF, weighed as asked for
  std::vector<double> match_factors;  // likewise, in the passage itself
  double highest_possible = 0;        // no passage scores more, but by feedback
  std::optional<Recency> recency;     // with its day of reference

  // Does not own what it is given.
  ScoredQuery(const View& view, const Query& asked, const Statistics& read,
              const RankingOptions& ranking);

  // Sets the score of a candidate of a segment by its unaged one and by its
  // document's age, where the query asks for that.
  void Age(const index::Segment& segment, Candidate* candidate) const;
};

// So many candidates that score as the last of the best are kept besides, until
// their keys decide.
inline constexpr uint32_t kMostTied = 1 << 14;

struct Matches {
  std::vector<Candidate> best;  // by score, then document_id and ordinal
  bool cut_short = false;       // the deadline passed before all was searched
};

// Returns the best `limit` passages that have any word of the query and, where
// `allowed` is not empty, are in the set of their segment. Where the deadline
// passes, returns the best of what was searched until then.
// Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<Matches> FindBest(const View& view, const ScoredQuery& query,
                                 const std::vector<PassageSet>& allowed,
                                 uint32_t limit, const Deadline& deadline);

// Returns the passages of a segment that have any word of the query, read from
// the posting lists: no scoring, no estimate. Those that `view` does not show
// are not among them.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<PassageSet> FindAll(const View& view, uint32_t segment,
                                   const Statistics& statistics,
                                   const Deadline& deadline);

// Orders the best `count` of `candidates` first, by score, then by document_id
// and ordinal, which do not depend on segments; forgets the others.
void KeepBest(const index::Generation& generation, size_t count,
              std::vector<Candidate>* candidates);

}  // namespace footnote::search
