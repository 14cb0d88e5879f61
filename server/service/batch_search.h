// Answers footnote.v1.SearchService.BatchSearch.

#pragma once

#include <cstdint>
#include <functional>

#include "footnote/v1/batch_search.pb.h"
#include "indexer/base/status.h"
#include "server/search/catalog.h"
#include "server/service/rpc.h"

namespace footnote::service {

// Answers one search, as SearchService.Search does. Thread-safe.
using SearchFunction =
    std::function<absl::Status(const v1::SearchRequest& request, CallInfo& info,
                               v1::SearchResponse* response)>;

// What batches are answered with; outlives them.
struct BatchContext {
  const search::Catalog& catalog;
  const RpcEnvironment& environment;
  uint64_t search_bytes;  // that each search may take
  SearchFunction search;
};

// Fills `response`, with a line in the log for each separate search. As many
// searches of a batch run at once as threads are idle.
// Errors: as the API states.
absl::Status AnswerBatchSearch(const BatchContext& context,
                               const v1::BatchSearchRequest& request,
                               CallInfo& info,
                               v1::BatchSearchResponse* response);

}  // namespace footnote::service
