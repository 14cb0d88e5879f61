#include "client/rpc_error.h"

#include <optional>
#include <string>

#include "google/rpc/error_details.pb.h"

namespace footnote::client {
namespace {

constexpr char kDomain[] = "footnote.v1";

std::optional<google::rpc::ErrorInfo> FindErrorInfo(const std::string& bytes) {
  google::rpc::Status status;
  if (!status.ParseFromString(bytes)) {
    return std::nullopt;
  }
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info) && info.domain() == kDomain) {
      return info;
    }
  }
  return std::nullopt;
}

std::string ReasonOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return "CONNECTION_FAILED";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "DEADLINE_EXCEEDED";
    default:
      return "RPC_FAILED";
  }
}

// What `code` tells of the server: this client cancels no call, so that
// CANCELLED means a server that shut down (github.com/grpc/grpc/issues/41785).
absl::StatusCode CodeOf(grpc::StatusCode code) {
  return code == grpc::StatusCode::CANCELLED
             ? absl::StatusCode::kUnavailable
             : static_cast<absl::StatusCode>(code);
}

// What the transport says, or what it leaves unsaid.
std::string MessageOf(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return "there was no answer in the time given";
  }
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    return "the server stopped before it had read the request";
  }
  return status.error_message().empty()
             ? "the request could not be read; all of its text must be UTF-8"
             : status.error_message();
}

}  // namespace

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  const auto info = FindErrorInfo(status.error_details());
  if (!info) {
    return MakeError(CodeOf(status.error_code()), ReasonOf(status.error_code()),
                     MessageOf(status));
  }
  ErrorDetails details;
  for (const auto& [key, value] : info->metadata()) {
    details.emplace(key, value);
  }
  return MakeError(static_cast<absl::StatusCode>(status.error_code()),
                   info->reason(), status.error_message(), details);
}

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  return FromGrpcStatus({static_cast<grpc::StatusCode>(status.code()),
                         status.message(), status.SerializeAsString()});
}

}  // namespace footnote::client
