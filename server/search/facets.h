// Counts the values of fields over everything that matched.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/memory_budget.h"
#include "server/search/result.h"
#include "server/search/searcher.h"
#include "server/search/segment_matches.h"

namespace footnote::search {

// Counts one facet, segment by segment. Not thread-safe.
class FacetCounter {
 public:
  // Returns the counter of a facet: of a built-in field of filters but the two
  // ids, or of any field of metadata.
  // Errors: kInvalidArgument FACET_FIELD_UNKNOWN for an id or no name,
  // FACET_INTERVAL_INVALID.
  static absl::StatusOr<std::unique_ptr<FacetCounter>> Create(
      const FacetSpec& spec);
  virtual ~FacetCounter() = default;

  // Adds the matches of one segment. Counts of very many values are taken from
  // `memory`.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kResourceExhausted
  // SEARCH_TOO_LARGE.
  virtual absl::Status Add(const SegmentMatches& matches,
                           const Deadline& deadline, MemoryBudget* memory) = 0;

  // Returns the facet: the values with most passages first, then by value, at
  // most as many as the spec says.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
  absl::StatusOr<Facet> Finish(const Deadline& deadline) const;

 protected:
  explicit FacetCounter(FacetSpec spec) : spec_(std::move(spec)) {}

  struct Total {
    std::string name;
    MatchCount count;
  };

  // Adds counts up.
  static void AddTo(const MatchCount& count, MatchCount* total) {
    total->passages += count.passages;
    total->documents += count.documents;
  }

  // Adds to the total of a value. Of several names the first in order stays,
  // whatever segment it comes from.
  void AddTotal(const std::string& value, std::string_view name,
                const MatchCount& count);

  FacetSpec spec_;
  std::unordered_map<std::string, Total> totals_;  // by value
  MatchCount missing_;
};

// Returns the interval that a day is in: "2026-04-21", "2026-04" or "2026"; a
// month where none is named.
std::string FormatInterval(int32_t day, DateInterval interval);

}  // namespace footnote::search
