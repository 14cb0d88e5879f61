// Runs a query against a view of one generation of a collection.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/filter.h"
#include "server/search/ranking_options.h"
#include "server/search/result.h"
#include "server/search/view.h"

namespace footnote::search {

// Query limits, stated in the API.
inline constexpr size_t kMaxQueryChars = 20000;  // code points
inline constexpr uint32_t kDefaultPageSize = 10;
inline constexpr uint32_t kMaxPageSize = 100;
inline constexpr uint32_t kMaxResults = 10000;  // offset + limit
inline constexpr uint32_t kDefaultFacetLimit = 10;
inline constexpr uint32_t kMaxFacetLimit = 1000;
inline constexpr uint32_t kMaxNeighbours = 10;
inline constexpr uint64_t kDefaultMemory = 256 << 20;  // bytes of one search

// kDefault: of the date of publication a month, of metadata each value.
enum class DateInterval { kDefault, kDay, kMonth, kYear };

// One facet to count. `field` is one of "entity", "entity_type",
// "source_type", "language", "date" (publication date), or one of metadata, as
// in Filter.
struct FacetSpec {
  std::string field;
  uint32_t limit = kDefaultFacetLimit;
  DateInterval date_interval = DateInterval::kDefault;
  double number_interval = 0;       // numbers are counted by it; 0: each value
  bool without_own_filter = false;  // counted as WithoutField() has the filter
};

struct SearchOptions {
  std::string query;           // as the user typed it; any text
  bool strict_query = false;   // slips of its syntax are errors
  bool exact_words = false;    // no stems, no function words left out
  bool omit_synonyms = false;  // words stand for themselves alone
  std::optional<Filter> filter;
  uint32_t offset = 0;
  uint32_t limit = kDefaultPageSize;
  std::vector<FacetSpec> facets;
  bool count = true;            // exact counts; false leaves them 0
  uint32_t previous_count = 0;  // neighbours before each passage
  uint32_t next_count = 0;      // neighbours after each passage
  // When to stop searching and answer with what was found until then.
  std::chrono::steady_clock::time_point time_limit =
      std::chrono::steady_clock::time_point::max();
  uint64_t memory_bytes = kDefaultMemory;  // that the search may take
  RankingOptions ranking;
};

// Lets another thread run a task that does not throw, soon, or returns false.
using RunAside = std::function<bool(std::function<void()> task)>;

// The name of everything that decides scores and order, for GenerationRef.
std::string RankerId();

// Returns kInvalidArgument PAGE_TOO_DEEP where a page ends past the results
// that can be reached.
absl::Status CheckDepth(const SearchOptions& options);

// Returns the passages of rank [offset, offset + limit), counts and facets.
// Thread-safe. A query without any word (only punctuation, say) matches
// nothing, with a warning; one of stop words alone searches for them. Counts of
// many matches are made by `run_aside`, which may be empty; the answer is the
// same.
//
// Errors: kInvalidArgument QUERY_EMPTY (nothing but white space),
// QUERY_TOO_LONG, QUERY_NOT_UTF8, QUERY_TOO_COMPLEX, QUERY_SYNTAX,
// PAGE_TOO_DEEP, those of CheckFilter() and of FacetCounter::Create();
// kDeadlineExceeded DEADLINE_EXCEEDED; kResourceExhausted SEARCH_TOO_LARGE;
// kDataLoss INDEX_CORRUPT.
absl::StatusOr<SearchResult> Search(const View& view,
                                    const SearchOptions& options,
                                    const Deadline& deadline,
                                    const RunAside& run_aside = {});

struct RankedPassage;

// Likewise, but the passages come as their places, in `ranked`, which takes
// little for a long list of them. Highlights and texts are not made.
absl::StatusOr<SearchResult> RankPassages(const View& view,
                                          const SearchOptions& options,
                                          const Deadline& deadline,
                                          const RunAside& run_aside,
                                          std::vector<RankedPassage>* ranked);

}  // namespace footnote::search
