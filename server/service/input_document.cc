#include "server/service/input_document.h"

#include <string>
#include <utility>

#include "indexer/sources/body.h"
#include "indexer/text/language.h"
#include "server/service/metadata_conversion.h"
#include "server/service/timestamps.h"

namespace footnote::service {
namespace {

constexpr char kPlainText[] = "text/plain";
constexpr char kMarkdown[] = "text/markdown";

absl::Status Invalid(std::string_view reason, const std::string& field,
                     const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   {{"field", "document." + field}});
}

// Sets `out` to a time that is given.
absl::Status SetTime(bool is_given, const google::protobuf::Timestamp& time,
                     const std::string& field, std::optional<int64_t>* out) {
  if (is_given) {
    FOOTNOTE_ASSIGN_OR_RETURN(*out, ParseTimestamp(time, "document." + field));
  }
  return absl::OkStatus();
}

absl::Status SetTimes(const v1::InputDocument& input,
                      sources::SourceDocument* document) {
  FOOTNOTE_RETURN_IF_ERROR(SetTime(input.has_create_time(), input.create_time(),
                                   "create_time", &document->create_time));
  FOOTNOTE_RETURN_IF_ERROR(SetTime(input.has_update_time(), input.update_time(),
                                   "update_time", &document->update_time));
  FOOTNOTE_RETURN_IF_ERROR(SetTime(input.has_embargo_time(),
                                   input.embargo_time(), "embargo_time",
                                   &document->embargo_time));
  return SetTime(input.has_expire_time(), input.expire_time(), "expire_time",
                 &document->expire_time);
}

// What the request says wins over what the source or its metadata say.
absl::Status SetFields(v1::InputDocument* input,
                       sources::SourceDocument* document) {
  const auto set = [](std::string* from, std::string* to) {
    if (!from->empty()) {
      *to = std::move(*from);
    }
  };
  set(input->mutable_title(), &document->title);
  set(input->mutable_uri(), &document->uri);
  set(input->mutable_source_type(), &document->source_type);
  if (!input->language().empty()) {
    document->language = text::PrimaryLanguage(input->language());
    if (document->language.empty()) {
      return Invalid("FIELD_TYPE", "language",
                     "\"" + input->language() + "\" is no language tag");
    }
  }
  document->access_labels.insert(document->access_labels.end(),
                                 input->access_labels().begin(),
                                 input->access_labels().end());
  return SetTimes(*input, document);
}

}  // namespace

absl::StatusOr<sources::SourceDocument> ParseInputDocument(
    v1::InputDocument* input, uint64_t max_bytes) {
  sources::SourceDocument document;
  const std::string& media_type = input->media_type();
  if (!media_type.empty() && media_type != kPlainText &&
      media_type != kMarkdown) {
    return Invalid("MEDIA_TYPE_UNSUPPORTED", "media_type",
                   "media type \"" + media_type + "\" is not supported; " +
                       kPlainText + " and " + kMarkdown + " are");
  }
  document.media_type = media_type.empty() ? kPlainText : media_type;
  document.document_id = std::move(*input->mutable_document_id());
  document.filename = std::move(*input->mutable_filename());
  document.metadata = ParseMetadata(input->metadata());
  switch (input->content_case()) {
    case v1::InputDocument::kText:
      document.text = std::move(*input->mutable_text());
      FOOTNOTE_RETURN_IF_ERROR(sources::FillFromText(max_bytes, &document));
      break;
    case v1::InputDocument::kSource:
      FOOTNOTE_RETURN_IF_ERROR(sources::FillFromBody(
          input->source(), media_type == kMarkdown, max_bytes, &document));
      break;
    default:
      return Invalid("FIELD_MISSING", "text",
                     "the document has neither text nor source");
  }
  FOOTNOTE_RETURN_IF_ERROR(SetFields(input, &document));
  return document;
}

}  // namespace footnote::service
