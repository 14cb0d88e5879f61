// Counts matches and facets over everything that matched.

#pragma once

#include <optional>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/drill_down.h"
#include "server/search/memory_budget.h"
#include "server/search/passage_set.h"
#include "server/search/result.h"
#include "server/search/searcher.h"
#include "server/search/statistics.h"

namespace footnote::search {

struct Counts {
  std::optional<MatchCount> count;  // where asked for
  std::vector<Facet> facets;        // in the order asked for
};

// What is counted: the passages of the view that have any word of the query
// and, where `allowed` is not empty, are in the set of their segment. With
// `all_allowed` those of `allowed` that the view shows, with words or without.
// Facets that `drill_downs` has are counted over what these allow instead.
struct CountRequest {
  const View& view;
  const Statistics& statistics;
  const std::vector<PassageSet>& allowed;
  const SearchOptions& options;
  MemoryBudget& memory;
  const bool& all_allowed;
  const std::vector<DrillDown>& drill_downs;
};

// Counts matches, exactly.
// Errors: kInvalidArgument FACET_FIELD_UNKNOWN; kDeadlineExceeded
// DEADLINE_EXCEEDED; kResourceExhausted SEARCH_TOO_LARGE; kDataLoss
// INDEX_CORRUPT.
absl::StatusOr<Counts> CountMatches(const CountRequest& request,
                                    const Deadline& deadline);

}  // namespace footnote::search
