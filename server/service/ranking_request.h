// What a SearchRequest asks of ranking, checked and in the engine's terms.

#pragma once

#include "footnote/v1/search_service.pb.h"
#include "indexer/base/status.h"
#include "server/search/ranking_options.h"

namespace footnote::service {

// Returns what `request` asks of ranking, with defaults filled in.
// Errors: kInvalidArgument PAGE_SIZE_INVALID, ORDER_BY_INVALID,
// MINIMUM_RELEVANCE_INVALID, RECENCY_INVALID, BOOST_INVALID, RESULT_ID_INVALID,
// SCORE_INVALID, IDS_TOO_MANY, DIVERSITY_INVALID, ENUM_VALUE_UNKNOWN.
absl::StatusOr<search::RankingOptions> ParseRanking(
    const v1::SearchRequest& request);

}  // namespace footnote::service
