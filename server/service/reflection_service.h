// grpc.reflection.v1: tells tools such as grpcurl what this server offers.
// (gRPC's own plugin serves v1alpha only.)

#pragma once

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"

namespace footnote::service {

// Serves the descriptors that are linked into this program. Thread-safe.
class ReflectionService final
    : public grpc::reflection::v1::ServerReflection::CallbackService {
 public:
  // `services` are the full names of the services to list.
  explicit ReflectionService(std::vector<std::string> services)
      : services_(std::move(services)) {}

  grpc::ServerBidiReactor<grpc::reflection::v1::ServerReflectionRequest,
                          grpc::reflection::v1::ServerReflectionResponse>*
  ServerReflectionInfo(grpc::CallbackServerContext* context) override;

  // Returns the answer to one request of the stream.
  grpc::reflection::v1::ServerReflectionResponse Answer(
      const grpc::reflection::v1::ServerReflectionRequest& request) const;

 private:
  const std::vector<std::string> services_;
};

}  // namespace footnote::service
