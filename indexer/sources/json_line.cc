#include "indexer/sources/json_line.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/sources/body.h"
#include "indexer/sources/document_id.h"
#include "indexer/sources/fields.h"
#include "indexer/sources/json_object.h"
#include "indexer/sources/plain_text.h"
#include "indexer/sources/stated_fields.h"

namespace footnote::sources {
namespace {

using nlohmann::json;

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kPlainText = "text/plain";
constexpr std::string_view kMarkdown = "text/markdown";

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

// Returns what decides how the text is read.
std::string MediaTypeOf(const json& stated) {
  const auto found = stated.find("media_type");
  return found != stated.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string(kPlainText);
}

}  // namespace

absl::StatusOr<SourceDocument> ParseJsonLine(std::string_view line,
                                             const std::string& fallback_id) {
  FOOTNOTE_ASSIGN_OR_RETURN(json object, ParseJsonObject(line));
  SourceDocument document;
  FOOTNOTE_ASSIGN_OR_RETURN(document.document_id, TakeId(&object, fallback_id));
  FOOTNOTE_RETURN_IF_ERROR(CheckDocumentId(document.document_id));
  FOOTNOTE_ASSIGN_OR_RETURN(document.text, TakeText(&object));
  FOOTNOTE_ASSIGN_OR_RETURN(document.title, TakeString(&object, "title"));
  FOOTNOTE_ASSIGN_OR_RETURN(document.access_labels, TakeAccessLabels(&object));
  FOOTNOTE_ASSIGN_OR_RETURN(const json stated, TakeStatedFields(&object));
  FOOTNOTE_ASSIGN_OR_RETURN(document.metadata, TakeMetadata(&object));
  document.media_type = MediaTypeOf(stated);
  if (document.media_type == kMarkdown) {
    FillHeadings(&document);
  }
  FOOTNOTE_RETURN_IF_ERROR(FillFields(&document));
  SetStatedFields(stated, &document);
  return document;
}

std::string FormatJsonLine(const SourceDocument& document) {
  SourceDocument derived;
  derived.title = document.title;
  derived.media_type = kPlainText;
  derived.metadata = document.metadata;
  // What is no time states nothing.
  FillFields(&derived).IgnoreError();
  json stated = StatedFieldsOf(document, derived);
  if (document.title.empty() && document.media_type == kMarkdown) {
    stated["title"] = nullptr;  // whatever the headings are
  }
  json object = {{"_id", document.document_id}};
  // A BOM at the start of a text would be taken for the file's.
  const bool has_bom = document.text.starts_with(kBom);
  object["text"] = has_bom ? std::string(kBom) + document.text : document.text;
  if (!document.title.empty()) {
    object["title"] = document.title;
  }
  if (!document.access_labels.empty()) {
    object["access_labels"] = document.access_labels;
  }
  if (!document.metadata.empty()) {
    object["metadata"] = document.metadata;
  }
  if (!stated.empty()) {
    object["_footnote"] = std::move(stated);
  }
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace footnote::sources
