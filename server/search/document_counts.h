// How many passages of the documents of a page match.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/counts.h"
#include "server/search/deadline.h"
#include "server/search/ranker.h"

namespace footnote::search {

// Returns, for each of `ranked`, how many passages of its document are counted
// by CountMatches().
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kResourceExhausted
// SEARCH_TOO_LARGE; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<uint32_t>> CountInDocuments(
    const CountRequest& request, const std::vector<RankedPassage>& ranked,
    const Deadline& deadline);

}  // namespace footnote::search
