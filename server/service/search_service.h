// footnote.v1.SearchService.

#pragma once

#include "footnote/v1/search_service.grpc.pb.h"
#include "server/search/catalog.h"
#include "server/service/arena_messages.h"
#include "server/service/batch_search.h"
#include "server/service/result_cache.h"
#include "server/service/rpc.h"
#include "server/service/search_request.h"

namespace footnote::service {

// How much memory searches may take, in bytes.
struct SearchMemory {
  size_t cache = 0;     // of answers that are kept
  uint64_t search = 0;  // of each running search
};

// Answers searches of the catalog's collections, those it gave before from a
// cache. Thread-safe.
class SearchService final : public v1::SearchService::CallbackService {
 public:
  // `catalog` and `environment` outlive the service.
  SearchService(const search::Catalog& catalog,
                const RpcEnvironment& environment, const SearchMemory& memory)
      : catalog_(catalog),
        environment_(environment),
        search_bytes_(memory.search),
        batch_{catalog, environment, memory.search,
               [this](const v1::SearchRequest& request, CallInfo& info,
                      v1::SearchResponse* response) {
                 return Answer(request, info, response);
               }},
        cache_(memory.cache) {
    SetMessageAllocatorFor_Search(&messages_);
  }

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override;

  grpc::ServerUnaryReactor* BatchSearch(
      grpc::CallbackServerContext* context,
      const v1::BatchSearchRequest* request,
      v1::BatchSearchResponse* response) override;

  grpc::ServerUnaryReactor* MoreLikeThis(
      grpc::CallbackServerContext* context,
      const v1::MoreLikeThisRequest* request,
      v1::MoreLikeThisResponse* response) override;

  grpc::ServerUnaryReactor* Analyze(grpc::CallbackServerContext* context,
                                    const v1::AnalyzeRequest* request,
                                    v1::AnalyzeResponse* response) override;
  grpc::ServerUnaryReactor* Suggest(grpc::CallbackServerContext* context,
                                    const v1::SuggestRequest* request,
                                    v1::SuggestResponse* response) override;

  const ResultCache& cache() const { return cache_; }

 private:
  // Fills the response. Its counts are made on an idle thread of the pool where
  // that pays.
  absl::Status Answer(const v1::SearchRequest& request, CallInfo& info,
                      v1::SearchResponse* response);

  // Likewise, of a request that was read, from what is seen of its collections.
  absl::Status AnswerFrom(const search::View& view, SearchCall call,
                          CallInfo& info, v1::SearchResponse* response);

  const search::Catalog& catalog_;
  const RpcEnvironment& environment_;
  const uint64_t search_bytes_;
  const BatchContext batch_;
  ResultCache cache_;
  ArenaMessages<v1::SearchRequest, v1::SearchResponse> messages_;
};

}  // namespace footnote::service
