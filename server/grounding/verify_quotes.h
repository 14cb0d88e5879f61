// Says of quotes whether and where they stand.

#pragma once

#include <vector>

#include "indexer/base/status.h"
#include "server/grounding/quote.h"
#include "server/search/deadline.h"
#include "server/search/memory_budget.h"
#include "server/search/view.h"

namespace footnote::grounding {

// Returns what each quote is, in their order, by the rules of
// tests/grounding/README.md. Only what the view shows is looked at. A claimed
// document or passage that is not there is a place where nothing stands. A
// quote without a word is absent. Thread-safe.
//
// Where a quote stands in several places, one in the claimed span goes before
// others, then one in the claimed document; then the nearest text, then the
// first by document id and place. What is found does not depend on segments.
//
// Errors: kInvalidArgument QUOTES_MISSING, QUOTES_TOO_MANY over kMaxQuotes,
// QUOTE_EMPTY (nothing but white space), QUOTE_TOO_LONG over kMaxQuotedBytes,
// each with the index of the quote; kDeadlineExceeded DEADLINE_EXCEEDED;
// kResourceExhausted SEARCH_TOO_LARGE; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<QuoteCheck>> VerifyQuotes(
    const search::View& view, const std::vector<Quote>& quotes,
    const search::Deadline& deadline, search::MemoryBudget& memory);

}  // namespace footnote::grounding
