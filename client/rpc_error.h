// What came over the wire as an error, as absl::Status.

#pragma once

#include <grpcpp/support/status.h>

#include "google/rpc/status.pb.h"
#include "indexer/base/status.h"

namespace footnote::client {

// Returns `status` with the reason and metadata of its google.rpc.ErrorInfo of
// domain "footnote.v1"; where there is none, with a reason made from the code
// as client.h states.
absl::Status FromGrpcStatus(const grpc::Status& status);

// Likewise, of an error that stands in an answer.
absl::Status FromRpcStatus(const google::rpc::Status& status);

}  // namespace footnote::client
