#include "indexer/pipeline/change.h"

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/varint.h"
#include "indexer/sources/document_id.h"
#include "indexer/sources/plain_text.h"
#include "indexer/text/language.h"
#include "indexer/text/utf8.h"

namespace footnote::pipeline {
namespace {

using nlohmann::json;
using sources::SourceDocument;

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

absl::Status Invalid(std::string_view reason, const std::string& message,
                     const std::string& document_id) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   {{"document_id", document_id}});
}

absl::Status TypeError(const std::string& field, const std::string& expected) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                   "field \"" + field + "\" must be " + expected,
                   {{"field", field}});
}

constexpr std::optional<int64_t> SourceDocument::*kTimes[] = {
    &SourceDocument::create_time, &SourceDocument::update_time,
    &SourceDocument::embargo_time, &SourceDocument::expire_time};

void AppendTime(std::string* out, const std::optional<int64_t>& time) {
  AppendField(out, time ? std::to_string(*time) : "");
}

// Sets *ok to false where there is no time.
std::optional<int64_t> TakeTime(FieldReader* reader, bool* ok) {
  const std::string text(reader->Field());
  if (text.empty()) {
    return std::nullopt;
  }
  const json number = json::parse(text, nullptr, /*allow_exceptions=*/false);
  *ok = *ok && number.is_number_integer();
  return *ok ? std::optional(number.get<int64_t>()) : std::nullopt;
}

constexpr std::string SourceDocument::*kFields[] = {
    &SourceDocument::document_id, &SourceDocument::text,
    &SourceDocument::title,       &SourceDocument::uri,
    &SourceDocument::filename,    &SourceDocument::media_type,
    &SourceDocument::source_type, &SourceDocument::language};

bool DecodeDocument(FieldReader* reader, SourceDocument* document) {
  for (const auto field : kFields) {
    document->*field = reader->Field();
  }
  bool ok = true;
  for (const auto time : kTimes) {
    document->*time = TakeTime(reader, &ok);
  }
  const uint64_t labels = reader->Varint();
  for (uint64_t i = 0; i < labels && reader->ok(); ++i) {
    document->access_labels.emplace_back(reader->Field());
  }
  document->metadata =
      json::parse(reader->Field(), nullptr, /*allow_exceptions=*/false);
  const uint64_t headings = reader->Varint();
  for (uint64_t i = 0; i < headings && reader->ok(); ++i) {
    sources::Heading heading;
    heading.start = static_cast<uint32_t>(reader->Varint());
    heading.end = static_cast<uint32_t>(reader->Varint());
    heading.level = static_cast<int>(reader->Varint());
    heading.text = reader->Field();
    document->headings.push_back(std::move(heading));
  }
  return ok && document->metadata.is_object();
}

}  // namespace

absl::Status CheckDocument(const sources::SourceDocument& document,
                           uint64_t max_document_bytes) {
  const std::string& id = document.document_id;
  if (text::FindInvalidUtf8(id) != std::string_view::npos) {
    return Invalid("DOCUMENT_ID_INVALID", "the document id is not UTF-8", "");
  }
  FOOTNOTE_RETURN_IF_ERROR(sources::CheckDocumentId(id));
  if (document.text.size() > max_document_bytes) {
    return Invalid("DOCUMENT_TOO_LARGE",
                   "the text has " + std::to_string(document.text.size()) +
                       " bytes; at most " + std::to_string(max_document_bytes) +
                       " are taken",
                   id);
  }
  if (text::FindInvalidUtf8(document.text) != std::string_view::npos) {
    return Invalid("ENCODING_UNKNOWN", "the text is not UTF-8", id);
  }
  if (sources::IsBlank(document.text)) {
    return Invalid("TEXT_EMPTY", "the document holds no text", id);
  }
  if (!document.language.empty() &&
      text::PrimaryLanguage(document.language) != document.language) {
    return TypeError("language", "a primary subtag of BCP 47, such as \"en\"");
  }
  return CheckRecordBytes(document);
}

sources::SourceDocument SourceOf(const index::DocumentRecord& record) {
  SourceDocument document;
  document.document_id = record.document_id;
  document.title = record.title_given ? record.title : "";
  document.uri = record.uri_given ? record.uri : "";
  document.language = record.language_given ? record.language : "";
  document.filename = record.filename;
  document.media_type = record.media_type;
  document.source_type = record.source_type;
  document.create_time = record.create_time;
  document.update_time = record.update_time;
  document.embargo_time = record.embargo_time;
  document.expire_time = record.expire_time;
  document.access_labels = record.access_labels;
  document.metadata = json::parse(record.metadata_json, nullptr,
                                  /*allow_exceptions=*/false);
  if (!document.metadata.is_object()) {
    document.metadata = json::object();  // damaged
  }
  return document;
}

std::string EncodePut(const sources::SourceDocument& document) {
  std::string out(1, static_cast<char>(Change::Kind::kPut));
  for (const auto field : kFields) {
    AppendField(&out, document.*field);
  }
  for (const auto time : kTimes) {
    AppendTime(&out, document.*time);
  }
  AppendVarint(&out, document.access_labels.size());
  for (const std::string& label : document.access_labels) {
    AppendField(&out, label);
  }
  AppendField(&out, Dump(document.metadata));
  AppendVarint(&out, document.headings.size());
  for (const sources::Heading& heading : document.headings) {
    AppendVarint(&out, heading.start);
    AppendVarint(&out, heading.end);
    AppendVarint(&out, static_cast<uint64_t>(heading.level));
    AppendField(&out, heading.text);
  }
  return out;
}

std::string EncodeDelete(std::string_view document_id) {
  std::string out(1, static_cast<char>(Change::Kind::kDelete));
  AppendField(&out, document_id);
  return out;
}

std::string EncodeUpdate(std::string_view document_id,
                         const MetadataUpdate& update) {
  std::string out(1, static_cast<char>(Change::Kind::kUpdate));
  AppendField(&out, document_id);
  AppendField(&out, Dump(ToJson(update)));
  return out;
}

absl::StatusOr<Change> DecodeChange(std::string_view bytes) {
  FieldReader reader(bytes);
  Change change;
  const std::string_view kind = reader.Bytes(1);
  change.kind = static_cast<Change::Kind>(kind.empty() ? 0 : kind.front());
  bool ok = true;
  if (change.kind == Change::Kind::kPut) {
    ok = DecodeDocument(&reader, &change.document);
  } else {
    change.document.document_id = reader.Field();
    ok = change.kind == Change::Kind::kDelete ||
         change.kind == Change::Kind::kUpdate;
  }
  if (ok && change.kind == Change::Kind::kUpdate) {
    std::optional<MetadataUpdate> update = UpdateFromJson(reader.Field());
    ok = update.has_value();
    change.update = std::move(update).value_or(MetadataUpdate());
  }
  if (!ok || !reader.ok() || !reader.AtEnd()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     "a change in the log is damaged");
  }
  return change;
}

}  // namespace footnote::pipeline
