#include "client/input_documents.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "indexer/base/file.h"

namespace footnote::client {
namespace {

using nlohmann::json;

constexpr char kStandardInput[] = "-";

// Returns `text` with U+FFFD in the place of what is no UTF-8.
std::string ToUtf8(const std::string& text) {
  const std::string quoted =
      json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(quoted).get<std::string>();
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

absl::Status SetLabels(json* object, v1::InputDocument* document) {
  const auto found = object->find("access_labels");
  if (found == object->end()) {
    return absl::OkStatus();
  }
  const bool are_texts =
      found->is_array() &&
      std::all_of(found->begin(), found->end(),
                  [](const json& label) { return label.is_string(); });
  if (!are_texts && !found->is_null()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "field \"access_labels\" must be a list of strings",
                     {{"field", "access_labels"}});
  }
  for (const json& label : *found) {
    document->add_access_labels(label.get<std::string>());
  }
  object->erase(found);
  return absl::OkStatus();
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

absl::StatusOr<v1::InputDocument> ParseLine(const std::string& line,
                                            const std::string& fallback_id) {
  json object = json::parse(line, nullptr, false);
  if (!object.is_object()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "JSON_SYNTAX",
                     "not a JSON object");
  }
  v1::InputDocument document;
  document.set_document_id(fallback_id);
  for (const char* key : {"_id", "id"}) {
    if (object.contains(key) && !object[key].is_null()) {
      FOOTNOTE_ASSIGN_OR_RETURN(*document.mutable_document_id(),
                                TakeString(&object, key));
      break;
    }
  }
  FOOTNOTE_ASSIGN_OR_RETURN(*document.mutable_text(),
                            TakeString(&object, "text"));
  FOOTNOTE_ASSIGN_OR_RETURN(*document.mutable_title(),
                            TakeString(&object, "title"));
  FOOTNOTE_RETURN_IF_ERROR(SetLabels(&object, &document));
  FOOTNOTE_RETURN_IF_ERROR(SetMetadata(std::move(object), &document));
  return document;
}

}  // namespace

InputDocuments::InputDocuments(const std::vector<std::string>& paths,
                               std::istream& in)
    : standard_input_(in) {
  std::vector<std::string> on_disk;
  std::copy_if(paths.begin(), paths.end(), std::back_inserter(on_disk),
               [](const std::string& path) { return path != kStandardInput; });
  FoundFiles found = FindFiles(on_disk);
  files_ = std::move(found.files);
  if (on_disk.size() < paths.size()) {
    files_.push_back({kStandardInput, kStandardInput});
  }
  if (!found.skipped.empty()) {
    skipped_ =
        Annotate(found.skipped.front().status, found.skipped.front().path);
  } else if (!found.gazetteers.empty()) {
    skipped_ =
        MakeError(absl::StatusCode::kInvalidArgument, "GAZETTEER_NOT_TAKEN",
                  found.gazetteers.front() +
                      ": a list of entities is for footnote-index build");
  }
}

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
    const SourceFile& file = files_[next_];
    if (file.path == kStandardInput ||
        KindOfFile(file.path) == FileKind::kJsonLines) {
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
  const std::string& path = files_[next_++].path;
  line_ = 0;
  if (path == kStandardInput) {
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
    const SourceFile& file = files_[next_ - 1];
    absl::StatusOr<v1::InputDocument> document = ParseLine(
        line, file.path == kStandardInput ? std::string()
                                          : DocumentIdOfLine(file, line_));
    if (document.ok()) {
      return *std::move(document);
    }
    status_ =
        Annotate(document.status(), file.path + ":" + std::to_string(line_));
    return std::nullopt;
  }
  lines_ = nullptr;
  file_.reset();
  return std::nullopt;
}

absl::StatusOr<v1::InputDocument> InputDocuments::ReadFile(
    const SourceFile& file) {
  v1::InputDocument document;
  FOOTNOTE_ASSIGN_OR_RETURN(*document.mutable_source(),
                            footnote::ReadFile(file.path));
  document.set_document_id(DocumentIdOfPath(file.relative_path));
  document.set_filename(
      ToUtf8(std::filesystem::path(file.path).filename().string()));
  if (KindOfFile(file.path) == FileKind::kMarkdown) {
    document.set_media_type("text/markdown");
  }
  return document;
}

}  // namespace footnote::client
