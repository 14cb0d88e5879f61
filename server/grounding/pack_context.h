// Packs passages into a context that fits a budget.

#pragma once

#include <vector>

#include "indexer/base/status.h"
#include "server/grounding/context.h"
#include "server/search/deadline.h"
#include "server/search/result.h"
#include "server/search/view.h"

namespace footnote::grounding {

// Returns the best context of `passages`, which are of `view`, best first, that
// fits the budget. A passage's worth is its relevance, or by its rank where it
// has none; each passage of a document makes its others worth less. Passages
// are taken from the worthiest on, those left out that nearly repeat one that
// was taken; of one that does not fit, the sentences around its first highlight
// that do. Neighbours become one block. No sentence is cut; white space at the
// ends of blocks is left out.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<PackedContext> PackContext(
    const search::View& view, const std::vector<search::Passage>& passages,
    const ContextOptions& options, const search::Deadline& deadline);

}  // namespace footnote::grounding
