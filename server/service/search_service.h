// footnote.v1.SearchService.

#pragma once

#include "footnote/v1/search_service.grpc.pb.h"
#include "server/search/catalog.h"
#include "server/service/rpc.h"

namespace footnote::service {

// Answers searches of the catalog's collections. Thread-safe.
class SearchService final : public v1::SearchService::CallbackService {
 public:
  // Both outlive the service.
  SearchService(const search::Catalog& catalog,
                const RpcEnvironment& environment)
      : catalog_(catalog), environment_(environment) {}

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override;

 private:
  const search::Catalog& catalog_;
  const RpcEnvironment& environment_;
};

}  // namespace footnote::service
