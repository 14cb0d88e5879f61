// footnote.v1.SearchService.

#pragma once

#include "footnote/v1/search_service.grpc.pb.h"
#include "server/search/catalog.h"
#include "server/service/arena_messages.h"
#include "server/service/result_cache.h"
#include "server/service/rpc.h"

namespace footnote::service {

// Answers searches of the catalog's collections, those it gave before from a
// cache. Thread-safe.
class SearchService final : public v1::SearchService::CallbackService {
 public:
  // Both outlive the service; `cache_bytes` is of ResultCache.
  SearchService(const search::Catalog& catalog,
                const RpcEnvironment& environment, size_t cache_bytes)
      : catalog_(catalog), environment_(environment), cache_(cache_bytes) {
    SetMessageAllocatorFor_Search(&messages_);
  }

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override;

 private:
  // Fills the response. Its counts are made on an idle thread of the pool where
  // that pays.
  absl::Status Answer(const v1::SearchRequest& request, CallInfo& info,
                      v1::SearchResponse* response);

  const search::Catalog& catalog_;
  const RpcEnvironment& environment_;
  ResultCache cache_;
  ArenaMessages<v1::SearchRequest, v1::SearchResponse> messages_;
};

}  // namespace footnote::service
