// The query of a search, as the collection has it.

#pragma once

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/query.h"
#include "server/search/searcher.h"
#include "server/search/view.h"

namespace footnote::search {

// Returns the query of `options` for the languages, synonyms and fields of a
// view. Errors: as ParseQuery().
absl::StatusOr<Query> ReadQuery(const View& view, const SearchOptions& options,
                                const Deadline& deadline);

}  // namespace footnote::search
