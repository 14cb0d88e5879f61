#include "indexer/sources/json_lines.h"

#include <string>
#include <string_view>
#include <utility>

#include "indexer/sources/document_id.h"
#include "indexer/sources/fields.h"
#include "indexer/sources/json_object.h"
#include "indexer/sources/line_reader.h"
#include "indexer/sources/plain_text.h"

namespace footnote::sources {
namespace {

using nlohmann::json;

constexpr std::string_view kBom = "\xEF\xBB\xBF";

absl::Status FieldError(std::string_view reason, const std::string& field,
                        const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason,
                   "field \"" + field + "\" " + message, {{"field", field}});
}

absl::Status TypeError(const std::string& field, const std::string& expected,
                       const json& value) {
  return FieldError("FIELD_TYPE", field,
                    "must be " + expected + ", not " + value.type_name());
}

// Takes `key` out of `object`; null where it is missing.
json Take(json* object, const std::string& key) {
  const auto found = object->find(key);
  if (found == object->end()) {
    return nullptr;
  }
  json value = std::move(*found);
  object->erase(found);
  return value;
}

// Takes the string `key` out of `object`; "" where it is missing or null.
absl::StatusOr<std::string> TakeString(json* object, const std::string& key) {
  json value = Take(object, key);
  if (value.is_null()) {
    return std::string();
  }
  if (!value.is_string()) {
    return TypeError(key, "a string", value);
  }
  return std::move(value.get_ref<std::string&>());
}

absl::StatusOr<std::string> TakeId(json* object, const std::string& fallback) {
  for (const char* key : {"_id", "id"}) {
    json value = Take(object, key);
    if (value.is_null()) {
      continue;
    }
    if (value.is_number_integer()) {
      return value.dump();
    }
    if (!value.is_string()) {
      return TypeError(key, "a string or a whole number", value);
    }
    return std::move(value.get_ref<std::string&>());
  }
  return fallback;
}

// Takes the required "text" out of `object`.
absl::StatusOr<std::string> TakeText(json* object) {
  if (!object->contains("text") || (*object)["text"].is_null()) {
    return FieldError("FIELD_MISSING", "text", "is missing");
  }
  FOOTNOTE_ASSIGN_OR_RETURN(std::string text, TakeString(object, "text"));
  if (text.compare(0, kBom.size(), kBom) == 0) {
    text.erase(0, kBom.size());
  }
  if (IsBlank(text)) {
    return FieldError("TEXT_EMPTY", "text", "holds no text");
  }
  return text;
}

// Takes "metadata" and all that is left out of `object`; top-level keys win.
absl::StatusOr<json> TakeMetadata(json* object) {
  for (const std::string_view key :
       {"uri", "url", "language", "source_type", "date"}) {
    const auto found = object->find(std::string(key));
    if (found == object->end()) {
      continue;
    }
    if (found->is_null()) {
      object->erase(found);
    } else if (!found->is_string() &&
               !(found->is_number_integer() && key == "date")) {
      return TypeError(std::string(key), "a string", *found);
    }
  }
  json metadata = Take(object, "metadata");
  if (metadata.is_null()) {
    return std::move(*object);
  }
  if (!metadata.is_object()) {
    return TypeError("metadata", "an object", metadata);
  }
  metadata.update(*object);
  return metadata;
}

absl::StatusOr<SourceDocument> ToDocument(std::string_view line,
                                          const std::string& fallback_id) {
  FOOTNOTE_ASSIGN_OR_RETURN(json object, ParseJsonObject(line));
  SourceDocument document;
  FOOTNOTE_ASSIGN_OR_RETURN(document.document_id, TakeId(&object, fallback_id));
  FOOTNOTE_RETURN_IF_ERROR(CheckDocumentId(document.document_id));
  FOOTNOTE_ASSIGN_OR_RETURN(document.text, TakeText(&object));
  FOOTNOTE_ASSIGN_OR_RETURN(document.title, TakeString(&object, "title"));
  FOOTNOTE_ASSIGN_OR_RETURN(document.access_labels, TakeAccessLabels(&object));
  FOOTNOTE_ASSIGN_OR_RETURN(document.metadata, TakeMetadata(&object));
  document.media_type = "text/plain";
  FOOTNOTE_RETURN_IF_ERROR(FillFields(&document));
  return document;
}

// Reads the lines of one file.
class FileOfLines {
 public:
  FileOfLines(const SourceFile& file, const ReadOptions& options,
              const Sink& sink)
      : file_(file), options_(options), sink_(sink) {}

  // Returns only errors of the sink.
  absl::Status Read(LineReader* reader);

 private:
  absl::Status ReadLine(const Line& line);
  void Skip(const Line& line, const absl::Status& status) const;

  const SourceFile& file_;
  const ReadOptions& options_;
  const Sink& sink_;
  bool is_empty_ = true;
};

void FileOfLines::Skip(const Line& line, const absl::Status& status) const {
  const std::string number = std::to_string(line.number);
  ErrorDetails details = GetErrorDetails(status);
  details["path"] = file_.path;
  details["line"] = number;
  sink_.skipped(
      {file_.path + ":" + number,
       MakeError(status.code(), ErrorReason(status),
                 "line " + number + ": " + std::string(status.message()),
                 details)});
}

absl::Status FileOfLines::ReadLine(const Line& line) {
  if (line.is_too_long) {
    is_empty_ = false;
    Skip(line,
         MakeError(
             absl::StatusCode::kInvalidArgument, "DOCUMENT_TOO_LARGE",
             "the line has " + std::to_string(line.size) + " bytes; at most " +
                 std::to_string(options_.max_document_bytes) + " are taken"));
    return absl::OkStatus();
  }
  std::string_view bytes = line.bytes;
  if (line.number == 1 && bytes.substr(0, kBom.size()) == kBom) {
    bytes.remove_prefix(kBom.size());
  }
  if (IsBlank(bytes)) {
    return absl::OkStatus();
  }
  is_empty_ = false;
  absl::StatusOr<SourceDocument> document =
      ToDocument(bytes, DocumentIdOfPath(file_.relative_path) + "#L" +
                            std::to_string(line.number));
  if (!document.ok()) {
    Skip(line, document.status());
    return absl::OkStatus();
  }
  document->source_end = line.offset + line.size;
  document->path = file_.path + ":" + std::to_string(line.number);
  return sink_.document(*std::move(document));
}

absl::Status FileOfLines::Read(LineReader* reader) {
  Line line;
  absl::StatusOr<bool> has_line = reader->Next(&line);
  if (has_line.ok() && (line.bytes.substr(0, 2) == "\xFF\xFE" ||
                        line.bytes.substr(0, 2) == "\xFE\xFF")) {
    sink_.skipped(
        {file_.path,
         MakeError(absl::StatusCode::kInvalidArgument, "ENCODING_UNKNOWN",
                   "JSON Lines are read as UTF-8; this file is UTF-16",
                   {{"path", file_.path}})});
    return absl::OkStatus();
  }
  while (has_line.ok() && *has_line) {
    FOOTNOTE_RETURN_IF_ERROR(ReadLine(line));
    has_line = reader->Next(&line);
  }
  if (!has_line.ok()) {
    sink_.skipped({file_.path, has_line.status()});
  } else if (is_empty_) {
    sink_.skipped({file_.path, MakeError(absl::StatusCode::kInvalidArgument,
                                         "FILE_EMPTY", "the file holds no line",
                                         {{"path", file_.path}})});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadJsonLines(const SourceFile& file, const ReadOptions& options,
                           const Sink& sink) {
  absl::StatusOr<LineReader> reader =
      LineReader::Open(file.path, options.max_document_bytes);
  if (!reader.ok()) {
    sink.skipped({file.path, reader.status()});
    return absl::OkStatus();
  }
  return FileOfLines(file, options, sink).Read(&*reader);
}

}  // namespace footnote::sources
