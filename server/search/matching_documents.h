// Which documents meet a filter.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/filter.h"
#include "server/search/view.h"

namespace footnote::search {

// Returns the ids of the documents of a view of which a passage meets `filter`,
// which is checked first, in no order.
// Errors: those of CheckFilter(); kDeadlineExceeded DEADLINE_EXCEEDED;
// kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<std::string>> FindMatchingDocuments(
    const View& view, const Filter& filter, const Deadline& deadline);

// Returns whether a view shows a document of that id.
bool HasDocument(const View& view, std::string_view document_id);

}  // namespace footnote::search
