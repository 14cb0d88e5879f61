// footnote.v1.CollectionService.

#pragma once

#include "footnote/v1/collection_service.grpc.pb.h"
#include "server/search/catalog.h"
#include "server/service/rpc.h"

namespace footnote::service {

// Describes the catalog's collections. Thread-safe.
class CollectionService final : public v1::CollectionService::CallbackService {
 public:
  // Both outlive the service.
  CollectionService(const search::Catalog& catalog,
                    const RpcEnvironment& environment)
      : catalog_(catalog), environment_(environment) {}

  grpc::ServerUnaryReactor* ListCollections(
      grpc::CallbackServerContext* context,
      const v1::ListCollectionsRequest* request,
      v1::ListCollectionsResponse* response) override;

  grpc::ServerUnaryReactor* GetCollection(
      grpc::CallbackServerContext* context,
      const v1::GetCollectionRequest* request,
      v1::GetCollectionResponse* response) override;

 private:
  const search::Catalog& catalog_;
  const RpcEnvironment& environment_;
};

}  // namespace footnote::service
