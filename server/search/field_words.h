// Finds the words of a query in titles and headings.

#pragma once

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "server/search/constraint.h"
#include "server/search/deadline.h"
#include "server/search/passage_set.h"
#include "server/search/query.h"

namespace footnote::search {

// Returns the passages of `within` whose document has the phrase in its title,
// or that have it in one of the headings above them, as `scope` says. Looks at
// each document, or passage, of `within`.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<PassageSet> FindInFields(const index::Segment& segment,
                                        const Query& query, Scope scope,
                                        const QueryPhrase& phrase,
                                        const PassageSet& within,
                                        const Deadline& deadline);

}  // namespace footnote::search
