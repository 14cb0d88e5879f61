#include "client/input_documents.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "indexer/base/file.h"

namespace footnote::client {
namespace {

using nlohmann::json;

bool IsLines(const std::string& path) {
  return path == "-" || path.ends_with(".jsonl") || path.ends_with(".ndjson");
}

bool IsMarkdown(const std::string& path) {
  return path.ends_with(".md") || path.ends_with(".markdown");
}

// Returns the string of a key, which is taken out of `object`; "" without one.
absl::StatusOr<std::string> TakeString(json* object, const char* key) {
  const auto found = object->find(key);
  if (found == object->end() || found->is_null()) {
    return std::string();
  }
  std::string text;
  if (found->is_string()) {
    text = found->get<std::string>();
  } else if (found->is_number_integer()) {
    text = found->dump();
  } else {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     std::string("field \"") + key + "\" must be a string",
                     {{"field", key}});
  }
  object->erase(found);
  return text;
}

absl::Status SetMetadata(json object, v1::InputDocument* document) {
  json metadata = object.value("metadata", json::object());
  object.erase("metadata");
  if (!metadata.is_object()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "field \"metadata\" must be an object",
                     {{"field", "metadata"}});
  }
  metadata.update(object);
  const auto set = google::protobuf::util::JsonStringToMessage(
      metadata.dump(), document->mutable_metadata());
  if (!set.ok()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "the metadata cannot be sent", {{"field", "metadata"}});
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::InputDocument> ParseLine(const std::string& line) {
  json object = json::parse(line, nullptr, false);
  if (!object.is_object()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "JSON_SYNTAX",
                     "not a JSON object");
  }
  v1::InputDocument document;
  for (const char* key : {"id", "_id"}) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::string id, TakeString(&object, key));
    if (!id.empty()) {
      document.set_document_id(id);
    }
  }
  FOOTNOTE_ASSIGN_OR_RETURN(*document.mutable_text(),
                            TakeString(&object, "text"));
  FOOTNOTE_ASSIGN_OR_RETURN(*document.mutable_title(),
                            TakeString(&object, "title"));
  FOOTNOTE_RETURN_IF_ERROR(SetMetadata(std::move(object), &document));
  return document;
}

}  // namespace

InputDocuments::InputDocuments(std::vector<std::string> files, std::istream& in)
    : files_(std::move(files)), standard_input_(in) {}

InputDocuments::~InputDocuments() = default;

std::optional<v1::InputDocument> InputDocuments::Next() {
  while (status_.ok()) {
    if (lines_ != nullptr) {
      std::optional<v1::InputDocument> document = ReadLine();
      if (document) {
        return document;
      }
      continue;
    }
    if (next_ == files_.size()) {
      return std::nullopt;
    }
    if (IsLines(files_[next_])) {
      OpenNext();
      continue;
    }
    absl::StatusOr<v1::InputDocument> document = ReadFile(files_[next_++]);
    if (document.ok()) {
      return *std::move(document);
    }
    status_ = document.status();
  }
  return std::nullopt;
}

// Opens the next file, which has lines.
void InputDocuments::OpenNext() {
  const std::string& path = files_[next_++];
  line_ = 0;
  if (path == "-") {
    lines_ = &standard_input_;
    return;
  }
  file_ = std::make_unique<std::ifstream>(path);
  lines_ = file_.get();
  if (!file_->good()) {
    status_ = FileError(errno, "open", path);
  }
}

// Returns the document of the next line that is not blank; none at the end of
// the file, which is closed then, or where the line is none.
std::optional<v1::InputDocument> InputDocuments::ReadLine() {
  std::string line;
  while (std::getline(*lines_, line)) {
    ++line_;
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    absl::StatusOr<v1::InputDocument> document = ParseLine(line);
    if (document.ok()) {
      return *std::move(document);
    }
    status_ = Annotate(document.status(),
                       files_[next_ - 1] + ":" + std::to_string(line_));
    return std::nullopt;
  }
  lines_ = nullptr;
  file_.reset();
  return std::nullopt;
}

absl::StatusOr<v1::InputDocument> InputDocuments::ReadFile(
    const std::string& path) {
  v1::InputDocument document;
  FOOTNOTE_ASSIGN_OR_RETURN(*document.mutable_source(),
                            footnote::ReadFile(path));
  document.set_document_id(
      std::filesystem::path(path).lexically_normal().generic_string());
  document.set_filename(std::filesystem::path(path).filename().string());
  if (IsMarkdown(path)) {
    document.set_media_type("text/markdown");
  }
  return document;
}

}  // namespace footnote::client
