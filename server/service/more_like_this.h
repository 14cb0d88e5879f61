// Answers footnote.v1.SearchService.MoreLikeThis.

#pragma once

#include "footnote/v1/more_like_this.pb.h"
#include "indexer/base/status.h"
#include "server/search/catalog.h"
#include "server/service/batch_search.h"
#include "server/service/rpc.h"

namespace footnote::service {

// Fills `response`: chooses the words of the source and has `search` search for
// them, so that the answer is one of Search, and may come from its cache.
// Errors: as the API states.
absl::Status AnswerMoreLikeThis(const search::Catalog& catalog,
                                const SearchFunction& search,
                                const v1::MoreLikeThisRequest& request,
                                CallInfo& info,
                                v1::MoreLikeThisResponse* response);

}  // namespace footnote::service
