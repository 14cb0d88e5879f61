#include "server/service/batch_search.h"

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "server/service/batch_fusion.h"
#include "server/service/error_details.h"
#include "server/service/pool_parts.h"

namespace footnote::service {
namespace {

constexpr int kMaxSearches = 32;
constexpr uint64_t kMaxAnswerBytes = 32 << 20;  // before the last answer

absl::Status InvalidError(const std::string& field, const std::string& what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BATCH_INVALID", what,
                   {{"field", field}});
}

absl::Status TooLargeError() {
  return MakeError(absl::StatusCode::kResourceExhausted, "BATCH_TOO_LARGE",
                   "the answers before this one have more than " +
                       std::to_string(kMaxAnswerBytes >> 20) +
                       " MiB together; ask for it again",
                   {{"limit_bytes", std::to_string(kMaxAnswerBytes)}});
}

absl::Status CheckSize(const v1::BatchSearchRequest& request) {
  const int size = request.requests_size();
  if (size > 0 && size <= kMaxSearches) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "BATCH_SIZE_INVALID",
                   "requests has " + std::to_string(size) + " entries; 1 to " +
                       std::to_string(kMaxSearches) + " are taken",
                   {{"field", "requests"}, {"value", std::to_string(size)}});
}

// Checks that what is of fused lists alone is not set.
absl::Status CheckSeparate(const v1::BatchSearchRequest& request) {
  const std::string what = " is of MODE_FUSED alone";
  if (!request.weights().empty()) {
    return InvalidError("weights", "weights" + what);
  }
  if (request.page_size() != 0) {
    return InvalidError("page_size", "page_size" + what);
  }
  return request.page_token().empty()
             ? absl::OkStatus()
             : InvalidError("page_token", "page_token" + what);
}

// Answers the searches of one batch, each by itself.
class SeparateSearches {
 public:
  SeparateSearches(const BatchContext& context,
                   const v1::BatchSearchRequest& request,
                   const search::Deadline& deadline,
                   v1::BatchSearchResponse* response)
      : context_(context),
        request_(request),
        deadline_(deadline),
        outcomes_(*response->mutable_outcomes()),
        bytes_(static_cast<size_t>(request.requests_size())) {}

  absl::Status Run() {
    for (size_t i = 0; i < bytes_.size(); ++i) {
      outcomes_.Add();
    }
    RunParts(context_.environment.pool, bytes_.size(),
             [this](size_t number) { Answer(number); });
    if (given_up_) {
      return search::DeadlineError();
    }
    for (size_t i = 0; i < bytes_.size(); ++i) {
      if (BytesBefore(i) > kMaxAnswerBytes) {
        SetError(i, TooLargeError());
      }
    }
    return absl::OkStatus();
  }

 private:
  void Answer(size_t number) {
    if (given_up_ || deadline_.Passed()) {
      given_up_ = true;
      return;
    }
    // What is before it began before it: once these answers are too much, those
    // that are still to come change nothing, and so no more is kept than that
    // and what runs now.
    if (BytesBefore(number) > kMaxAnswerBytes) {
      return;
    }
    const auto start = std::chrono::steady_clock::now();
    CallInfo info{deadline_};
    v1::SearchResponse* response =
        outcomes_.Mutable(static_cast<int>(number))->mutable_response();
    const absl::Status status = CatchExceptions([&] {
      return context_.search(request_.requests(static_cast<int>(number)), info,
                             response);
    });
    bytes_[number] = status.ok() ? response->ByteSizeLong() : 0;
    if (!status.ok()) {
      SetError(number, status);
    }
    // Its own limit would have left an answer.
    given_up_ = given_up_ || absl::IsDeadlineExceeded(status);
    const std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    info.log_fields["method"] = "footnote.v1.SearchService/BatchSearch";
    info.log_fields["search"] = number;
    info.log_fields["duration_seconds"] = time.count();
    WriteRpcLog(context_.environment, status, std::move(info.log_fields));
  }

  // Returns how many bytes the answers have that are there already, of those
  // before one.
  uint64_t BytesBefore(size_t number) const {
    uint64_t bytes = 0;
    for (size_t i = 0; i < number; ++i) {
      bytes += bytes_[i];
    }
    return bytes;
  }

  void SetError(size_t number, const absl::Status& status) {
    *outcomes_.Mutable(static_cast<int>(number))->mutable_error() =
        ToRpcStatus(status);
  }

  const BatchContext& context_;
  const v1::BatchSearchRequest& request_;
  const search::Deadline& deadline_;
  google::protobuf::RepeatedPtrField<v1::SearchOutcome>& outcomes_;
  std::vector<std::atomic<uint64_t>> bytes_;  // of each answer
  std::atomic<bool> given_up_ = false;
};

}  // namespace

absl::Status AnswerBatchSearch(const BatchContext& context,
                               const v1::BatchSearchRequest& request,
                               CallInfo& info,
                               v1::BatchSearchResponse* response) {
  info.log_fields["searches"] = request.requests_size();
  FOOTNOTE_RETURN_IF_ERROR(CheckSize(request));
  switch (request.mode()) {
    case v1::BatchSearchRequest::MODE_UNSPECIFIED:
    case v1::BatchSearchRequest::MODE_SEPARATE:
      FOOTNOTE_RETURN_IF_ERROR(CheckSeparate(request));
      return SeparateSearches(context, request, info.deadline, response).Run();
    case v1::BatchSearchRequest::MODE_FUSED:
      return AnswerFused(context, request, info, response);
    default:
      return MakeError(
          absl::StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN",
          "mode has an unknown value",
          {{"field", "mode"}, {"value", std::to_string(request.mode())}});
  }
}

}  // namespace footnote::service
