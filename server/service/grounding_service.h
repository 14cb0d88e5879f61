// footnote.v1.GroundingService.

#pragma once

#include <cstdint>

#include "footnote/v1/grounding_service.grpc.pb.h"
#include "server/search/catalog.h"
#include "server/service/rpc.h"

namespace footnote::service {

// Proves answers by the documents of the catalog's collections. Thread-safe.
class GroundingService final : public v1::GroundingService::CallbackService {
 public:
  // `catalog` and `environment` outlive the service; `memory_bytes` is what one
  // call may take.
  GroundingService(const search::Catalog& catalog,
                   const RpcEnvironment& environment, uint64_t memory_bytes)
      : catalog_(catalog),
        environment_(environment),
        memory_bytes_(memory_bytes) {}

  grpc::ServerUnaryReactor* VerifyQuotes(
      grpc::CallbackServerContext* context,
      const v1::VerifyQuotesRequest* request,
      v1::VerifyQuotesResponse* response) override;

  grpc::ServerUnaryReactor* PackContext(
      grpc::CallbackServerContext* context,
      const v1::PackContextRequest* request,
      v1::PackContextResponse* response) override;
  grpc::ServerUnaryReactor* CheckGrounding(
      grpc::CallbackServerContext* context,
      const v1::CheckGroundingRequest* request,
      v1::CheckGroundingResponse* response) override;

 private:
  const search::Catalog& catalog_;
  const RpcEnvironment& environment_;
  const uint64_t memory_bytes_;
};

}  // namespace footnote::service
