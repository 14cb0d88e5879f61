// Facets that are counted as if the filter said nothing of their field.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/filter.h"
#include "server/search/memory_budget.h"
#include "server/search/passage_set.h"
#include "server/search/searcher.h"
#include "server/search/view.h"

namespace footnote::search {

// What a field is counted over where that is more than what matches.
struct DrillDown {
  std::string field;
  std::vector<PassageSet> allowed;  // by segment, as the filter allows then
};

// Returns the parts of a filter that must be met without its conditions on a
// field: those that are all of it, or stand in it under nothing but kAll. What
// stands under kAny or kNot stays. Nothing where the filter has no such
// condition. The parts live as long as the filter.
std::optional<std::vector<const Filter*>> WithoutField(const Filter& filter,
                                                       std::string_view field);

// Returns what the facets of `options` that ask for it are counted over, where
// the filter has conditions on their fields; `unfiltered` is what may be found
// without the filter, empty for all.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kResourceExhausted
// SEARCH_TOO_LARGE; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<DrillDown>> FindDrillDowns(
    const View& view, const SearchOptions& options,
    const std::vector<PassageSet>& unfiltered, const Deadline& deadline,
    MemoryBudget* memory);

// Returns what a facet is counted over; null where that is what matches.
const DrillDown* FindDrillDown(const std::vector<DrillDown>& drill_downs,
                               const FacetSpec& spec);

}  // namespace footnote::search
