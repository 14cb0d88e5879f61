// Errors as clients see them: canonical code, and google.rpc.Status in the
// trailer grpc-status-details-bin.

#pragma once

#include <chrono>

#include <grpcpp/support/status.h>

#include "google/rpc/status.pb.h"
#include "indexer/base/status.h"

namespace footnote::service {

// When to try again after UNAVAILABLE.
inline constexpr std::chrono::milliseconds kRetryDelay{200};

// Returns `status` with its reason and details as google.rpc.ErrorInfo of
// domain "footnote.v1"; with google.rpc.BadRequest where a detail "field" of an
// INVALID_ARGUMENT or OUT_OF_RANGE names the field, and google.rpc.RetryInfo
// with UNAVAILABLE. An error without a reason becomes INTERNAL; the message of
// INTERNAL is not shown. Long texts are cut, so that all fits into the 8 KiB of
// metadata that clients accept.
grpc::Status ToGrpcStatus(const absl::Status& status);

// Likewise, as a message to stand in an answer.
google::rpc::Status ToRpcStatus(const absl::Status& status);

}  // namespace footnote::service
