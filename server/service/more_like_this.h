// Answers footnote.v1.SearchService.MoreLikeThis.

#pragma once

#include <functional>

#include "footnote/v1/more_like_this.pb.h"
#include "footnote/v1/search.pb.h"
#include "indexer/base/status.h"
#include "server/search/catalog.h"
#include "server/search/view.h"
#include "server/service/rpc.h"
#include "server/service/search_request.h"

namespace footnote::service {

// Answers a search over a view. Thread-safe.
using SearchOfView =
    std::function<absl::Status(const search::View& view, SearchCall call,
                               CallInfo& info, v1::SearchResponse* response)>;

// Fills `response`: chooses the words of the source and has `search` search for
// them, so that the answer is one of Search, and may come from its cache.
// Errors: as the API states.
absl::Status AnswerMoreLikeThis(const search::Catalog& catalog,
                                const SearchOfView& search,
                                const v1::MoreLikeThisRequest& request,
                                CallInfo& info,
                                v1::MoreLikeThisResponse* response);

}  // namespace footnote::service
