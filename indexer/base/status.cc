#include "indexer/base/status.h"

#include "absl/strings/cord.h"

namespace footnote {
namespace {

constexpr char kReasonUrl[] = "footnote.v1/reason";
constexpr std::string_view kDetailUrlPrefix = "footnote.v1/detail/";

}  // namespace

absl::Status MakeError(absl::StatusCode code, std::string_view reason,
                       const std::string& message,
                       const ErrorDetails& details) {
  absl::Status status(code, message);
  status.SetPayload(kReasonUrl, absl::Cord(std::string(reason)));
  for (const auto& [key, value] : details) {
    status.SetPayload(std::string(kDetailUrlPrefix) + key, absl::Cord(value));
  }
  return status;
}

std::string ErrorReason(const absl::Status& status) {
  const auto payload = status.GetPayload(kReasonUrl);
  return payload ? std::string(*payload) : std::string();
}

std::string ErrorMessage(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

ErrorDetails GetErrorDetails(const absl::Status& status) {
  ErrorDetails details;
  status.ForEachPayload([&](auto url, const absl::Cord& value) {
    const std::string_view view(url.data(), url.size());
    if (view.substr(0, kDetailUrlPrefix.size()) == kDetailUrlPrefix) {
      details.emplace(view.substr(kDetailUrlPrefix.size()), std::string(value));
    }
  });
  return details;
}

absl::Status Annotate(const absl::Status& status, const std::string& context) {
  if (status.ok()) {
    return status;
  }
  return MakeError(status.code(), ErrorReason(status),
                   context + ": " + ErrorMessage(status),
                   GetErrorDetails(status));
}

}  // namespace footnote
