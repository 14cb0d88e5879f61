// The results of several queries as one list.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/ranker.h"
#include "server/search/result.h"
#include "server/search/searcher.h"
#include "server/search/view.h"

namespace footnote::search {

// So many results of each query take part.
inline constexpr uint32_t kFusedDepth = 1000;

// A query and what it found.
struct FusedList {
  SearchOptions options;  // of the query
  double weight = 1;
  std::vector<RankedPassage> ranked;
};

// A page of what all found.
struct FusedPage {
  std::vector<Passage> passages;
  bool has_more = false;
};

// Fuses the lists of queries over a view by their reciprocal ranks, as
// footnote.v1.BatchSearchResponse says, and makes the page that `page` asks for
// with its offset, limit, neighbours, contributions and memory.
// Errors: kInvalidArgument PAGE_TOO_DEEP; kDeadlineExceeded DEADLINE_EXCEEDED;
// kResourceExhausted SEARCH_TOO_LARGE; kDataLoss INDEX_CORRUPT.
absl::StatusOr<FusedPage> FuseLists(const View& view,
                                    const std::vector<FusedList>& lists,
                                    const SearchOptions& page,
                                    const Deadline& deadline);

// Adds highlights, which by themselves do not overlap, to others of the same
// text; what overlaps is joined, under the term that begins first, or is
// longer, or was there.
void JoinHighlights(std::vector<Highlight> more,
                    std::vector<Highlight>* highlights);

}  // namespace footnote::search
