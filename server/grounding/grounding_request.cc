#include "indexer/text/utf8.h"
#include "server/grounding/grounding_check.h"

namespace footnote::grounding {
namespace {

absl::Status Invalid(std::string_view reason, const std::string& message,
                     const std::string& field) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   {{"field", field}});
}

}  // namespace

absl::Status CheckRequest(const GroundingRequest& request) {
  if (request.answer.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Invalid("ANSWER_EMPTY", "answer is empty", "answer");
  }
  if (request.answer.size() > kMaxAnswerBytes) {
    return Invalid(
        "ANSWER_TOO_LONG",
        "answer has more than " + std::to_string(kMaxAnswerBytes) + " bytes",
        "answer");
  }
  if (text::FindInvalidUtf8(request.answer) != std::string::npos) {
    return Invalid("ANSWER_NOT_UTF8", "answer is not UTF-8", "answer");
  }
  if (!(request.citation_threshold > 0 && request.citation_threshold <= 1)) {
    return Invalid("CITATION_THRESHOLD_INVALID",
                   "citation_threshold must be over 0 and at most 1",
                   "citation_threshold");
  }
  if (request.sources.size() > kMaxGroundingSources) {
    return Invalid("SOURCES_TOO_MANY",
                   "there are more than " +
                       std::to_string(kMaxGroundingSources) + " sources",
                   "sources");
  }
  return absl::OkStatus();
}

}  // namespace footnote::grounding
