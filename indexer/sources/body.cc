#include "indexer/sources/body.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "indexer/sources/document_id.h"
#include "indexer/sources/fields.h"
#include "indexer/sources/front_matter.h"
#include "indexer/sources/markdown.h"
#include "indexer/sources/plain_text.h"
#include "indexer/text/decode.h"

namespace footnote::sources {
namespace {

absl::Status Invalid(std::string_view reason, const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

absl::StatusOr<std::string> Decode(std::string_view bytes, uint64_t max_bytes) {
  if (bytes.empty()) {
    return Invalid("FILE_EMPTY", "the file is empty");
  }
  FOOTNOTE_ASSIGN_OR_RETURN(text::DecodedText decoded, text::DecodeText(bytes));
  if (decoded.text.size() > max_bytes) {
    return Invalid("DOCUMENT_TOO_LARGE",
                   "the file has " + std::to_string(decoded.text.size()) +
                       " bytes in UTF-8; at most " + std::to_string(max_bytes) +
                       " are taken");
  }
  return std::move(decoded.text);
}

absl::Status FillFromMarkdown(SourceDocument* document) {
  FOOTNOTE_ASSIGN_OR_RETURN(FrontMatter front,
                            ParseFrontMatter(document->text));
  document->text.erase(0, front.size);
  document->media_type = "text/markdown";
  front.values.update(document->metadata);  // what was given with it wins
  document->metadata = std::move(front.values);
  FOOTNOTE_ASSIGN_OR_RETURN(std::vector<std::string> labels,
                            TakeAccessLabels(&document->metadata));
  if (document->access_labels.empty()) {
    document->access_labels = std::move(labels);
  }
  if (const auto id = front.scalars.find("document_id");
      id != front.scalars.end()) {
    document->document_id = id->second;
  } else if (document->metadata.contains("document_id")) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "field \"document_id\" must be one value",
                     {{"field", "document_id"}});
  }
  if (const auto title = front.scalars.find("title");
      title != front.scalars.end()) {
    document->title = title->second;
  }
  FillHeadings(document);
  return absl::OkStatus();
}

}  // namespace

void FillHeadings(SourceDocument* document) {
  document->headings = FindHeadings(document->text);
  for (const Heading& heading : document->headings) {
    if (document->title.empty() && heading.level == 1) {
      document->title = heading.text;
    }
  }
}

uint64_t MaxBodyBytes(uint64_t max_document_bytes) {
  return std::min<uint64_t>(max_document_bytes,
                            std::numeric_limits<uint32_t>::max());
}

absl::Status FillFromBody(std::string_view bytes, bool is_markdown,
                          uint64_t max_bytes, SourceDocument* document) {
  FOOTNOTE_ASSIGN_OR_RETURN(document->text, Decode(bytes, max_bytes));
  if (is_markdown) {
    FOOTNOTE_RETURN_IF_ERROR(FillFromMarkdown(document));
  } else {
    document->media_type = "text/plain";
    document->title = FindPlainTextTitle(document->text);
  }
  if (IsBlank(document->text)) {
    return Invalid("TEXT_EMPTY", "the file holds no text");
  }
  FOOTNOTE_RETURN_IF_ERROR(CheckDocumentId(document->document_id));
  return FillFields(document);
}

absl::Status FillFromText(uint64_t max_bytes, SourceDocument* document) {
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  std::string& text = document->text;
  if (text.compare(0, kBom.size(), kBom) == 0) {
    text.erase(0, kBom.size());
  }
  if (IsBlank(text)) {
    return Invalid("TEXT_EMPTY", "the document holds no text");
  }
  if (text.size() > max_bytes) {
    return Invalid("DOCUMENT_TOO_LARGE",
                   "the text has " + std::to_string(text.size()) +
                       " bytes; at most " + std::to_string(max_bytes) +
                       " are taken");
  }
  FOOTNOTE_RETURN_IF_ERROR(CheckDocumentId(document->document_id));
  if (document->media_type == "text/markdown") {
    FillHeadings(document);
  }
  return FillFields(document);
}

}  // namespace footnote::sources
