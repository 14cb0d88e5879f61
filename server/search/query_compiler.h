// From the tree of a query's syntax to what is searched for.

#pragma once

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/query.h"
#include "server/search/query_words.h"
#include "server/search/syntax.h"

namespace footnote::search {

// Returns the query that a tree of ParseSyntax() is.
// Errors: kInvalidArgument QUERY_SYNTAX, where the options are strict, for a
// clause without words; kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<Query> CompileQuery(const SyntaxNode& root,
                                   const LanguageCounts& languages,
                                   const QueryOptions& options,
                                   const Deadline& deadline);

}  // namespace footnote::search
