#include "server/service/error_details.h"

#include <string>
#include <string_view>

#include "google/rpc/error_details.pb.h"

namespace footnote::service {
namespace {

constexpr std::string_view kDomain = "footnote.v1";
constexpr size_t kMaxMessageBytes = 1000;
constexpr size_t kMaxValueBytes = 200;
constexpr size_t kMaxDetails = 8;

// Returns `text`, or its beginning with "…" where it is longer than `max`.
std::string Cut(std::string_view text, size_t max) {
  if (text.size() <= max) {
    return std::string(text);
  }
  size_t end = max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return std::string(text.substr(0, end)) + "…";
}

google::rpc::ErrorInfo MakeErrorInfo(const std::string& reason,
                                     const ErrorDetails& details) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(std::string(kDomain));
  size_t count = 0;
  for (const auto& [key, value] : details) {
    if (count++ == kMaxDetails) {
      break;
    }
    (*info.mutable_metadata())[key] = Cut(value, kMaxValueBytes);
  }
  return info;
}

google::rpc::BadRequest MakeBadRequest(const std::string& field,
                                       const std::string& message,
                                       const std::string& reason) {
  google::rpc::BadRequest bad_request;
  auto* violation = bad_request.add_field_violations();
  violation->set_field(Cut(field, kMaxValueBytes));
  violation->set_description(message);
  violation->set_reason(reason);
  return bad_request;
}

bool IsBadRequest(absl::StatusCode code) {
  return code == absl::StatusCode::kInvalidArgument ||
         code == absl::StatusCode::kOutOfRange;
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status rpc;
  if (status.ok()) {
    return rpc;
  }
  std::string reason = ErrorReason(status);
  auto code = static_cast<grpc::StatusCode>(status.code());
  std::string message =
      Cut({status.message().data(), status.message().size()}, kMaxMessageBytes);
  if (reason.empty()) {
    reason = "INTERNAL";
    code = grpc::StatusCode::INTERNAL;
  }
  if (code == grpc::StatusCode::INTERNAL) {
    message = "internal error; the server's log says more";
  }
  ErrorDetails values = GetErrorDetails(status);
  if (code == grpc::StatusCode::DATA_LOSS) {
    message = "the index is damaged; the server's log says more";
    values.erase("path");  // of no use to a caller, and none of its business
  }
  rpc.set_code(code);
  rpc.set_message(message);
  rpc.add_details()->PackFrom(MakeErrorInfo(reason, values));
  const auto field = values.find("field");
  if (field != values.end() && IsBadRequest(status.code())) {
    rpc.add_details()->PackFrom(MakeBadRequest(field->second, message, reason));
  }
  if (code == grpc::StatusCode::UNAVAILABLE) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(
        static_cast<int32_t>(std::chrono::nanoseconds(kRetryDelay).count()));
    rpc.add_details()->PackFrom(retry);
  }
  return rpc;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) {
    return grpc::Status::OK;
  }
  const google::rpc::Status rpc = ToRpcStatus(status);
  return {static_cast<grpc::StatusCode>(rpc.code()), rpc.message(),
          rpc.SerializeAsString()};
}

}  // namespace footnote::service
