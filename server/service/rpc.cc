#include "server/service/rpc.h"

#include <algorithm>
#include <exception>

#include "server/service/error_details.h"

namespace footnote::service {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

// Returns when the work of a call that arrived at `start` must end.
steady_clock::time_point DeadlineOf(const grpc::CallbackServerContext& context,
                                    steady_clock::time_point start,
                                    std::chrono::milliseconds longest) {
  const system_clock::time_point deadline = context.deadline();
  const system_clock::time_point now = system_clock::now();
  if (deadline >= now + longest) {
    return start + longest;
  }
  return start + std::max(deadline - now, system_clock::duration::zero());
}

std::string_view NameOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return "OK";
    case absl::StatusCode::kCancelled:
      return "CANCELLED";
    case absl::StatusCode::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case absl::StatusCode::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case absl::StatusCode::kNotFound:
      return "NOT_FOUND";
    case absl::StatusCode::kFailedPrecondition:
      return "FAILED_PRECONDITION";
    case absl::StatusCode::kAborted:
      return "ABORTED";
    case absl::StatusCode::kOutOfRange:
      return "OUT_OF_RANGE";
    case absl::StatusCode::kUnavailable:
      return "UNAVAILABLE";
    case absl::StatusCode::kDataLoss:
      return "DATA_LOSS";
    case absl::StatusCode::kResourceExhausted:
      return "RESOURCE_EXHAUSTED";
    case absl::StatusCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case absl::StatusCode::kUnauthenticated:
      return "UNAUTHENTICATED";
    case absl::StatusCode::kUnimplemented:
      return "UNIMPLEMENTED";
    case absl::StatusCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    default:
      return "INTERNAL";
  }
}

// Returns how much a failed call matters to whoever runs the server.
Severity SeverityOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return Severity::kError;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return Severity::kWarning;
    default:
      return Severity::kInfo;
  }
}

absl::Status InternalError(const std::string& what) {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL", what);
}

absl::Status CancelledError() {
  return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                   "the caller went away");
}

}  // namespace

void CountStarted(const RpcEnvironment& environment, std::string_view method) {
  if (environment.metrics != nullptr) {
    environment.metrics->CountStarted(method);
  }
}

void CountEnded(const RpcEnvironment& environment, std::string_view method,
                const absl::Status& status,
                std::chrono::duration<double> time) {
  if (environment.metrics != nullptr) {
    environment.metrics->CountEnded(method, NameOf(status.code()), time);
  }
}

void WriteRpcLog(const RpcEnvironment& environment, const absl::Status& status,
                 nlohmann::json fields) {
  fields["code"] = NameOf(status.code());
  if (!status.ok()) {
    fields["reason"] = ErrorReason(status);
    fields["error"] =
        std::string(status.message().data(), status.message().size());
  }
  environment.log(SeverityOf(status.code()), "rpc", fields);
}

absl::Status CatchExceptions(const std::function<absl::Status()>& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    return InternalError(error.what());
  } catch (...) {
    return InternalError("unknown exception");
  }
}

UnaryCall::UnaryCall(const RpcEnvironment& environment, std::string_view method,
                     grpc::CallbackServerContext* context)
    : environment_(environment),
      method_(method),
      context_(context),
      start_(steady_clock::now()) {
  info_.deadline.time = DeadlineOf(*context, start_, environment.max_deadline);
  info_.deadline.cancelled = &cancelled_;
  CountStarted(environment, method);
}

void UnaryCall::Start(Work work) {
  const bool queued = environment_.pool.Submit(
      [this, work = std::move(work)] { Complete(Run(work)); });
  if (!queued) {
    context_->AddTrailingMetadata("grpc-retry-pushback-ms",
                                  std::to_string(kRetryDelay.count()));
    Complete(MakeError(absl::StatusCode::kUnavailable, "OVERLOADED",
                       "too many calls wait already; try again later"));
  }
}

absl::Status UnaryCall::Run(const Work& work) {
  if (cancelled_) {
    return CancelledError();
  }
  if (info_.deadline.Passed()) {
    return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                     "the deadline passed while the call was waiting");
  }
  absl::Status status = CatchExceptions([&] { return work(info_); });
  // Work that stops for a caller gone away reports it as the deadline.
  if (cancelled_ && status.code() == absl::StatusCode::kDeadlineExceeded) {
    return CancelledError();
  }
  return status;
}

void UnaryCall::Complete(const absl::Status& status) {
  CountEnded(environment_, method_, status, steady_clock::now() - start_);
  WriteLog(status);
  Finish(ToGrpcStatus(status));
}

void UnaryCall::WriteLog(const absl::Status& status) {
  const std::chrono::duration<double> duration = steady_clock::now() - start_;
  nlohmann::json fields = std::move(info_.log_fields);
  fields["method"] = method_;
  fields["duration_seconds"] = duration.count();
  fields["peer"] = context_->peer();
  WriteRpcLog(environment_, status, std::move(fields));
}

}  // namespace footnote::service
