#include "indexer/sources/fields.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "indexer/base/time.h"
#include "indexer/text/language.h"

namespace footnote::sources {
namespace {

using nlohmann::json;

// Returns the value of `key` as text, "" where it is no text or whole number.
std::string FindText(const json& metadata, const char* key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) {
    return "";
  }
  if (found->is_string()) {
    return found->get<std::string>();
  }
  return found->is_number_integer() ? found->dump() : "";
}

std::string FirstText(const json& metadata,
                      std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    std::string text = FindText(metadata, key);
    if (!text.empty()) {
      return text;
    }
  }
  return "";
}

std::optional<int64_t> FirstTime(const json& metadata,
                                 std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const auto time = ParseTime(FindText(metadata, key))) {
      return time;
    }
  }
  return std::nullopt;
}

std::string FirstLanguage(const json& metadata) {
  for (const char* key : {"language", "lang"}) {
    std::string language = text::PrimaryLanguage(FindText(metadata, key));
    if (language == "und") {
      language.clear();
    }
    if (!language.empty()) {
      return language;
    }
  }
  return "";
}

// Reads a time that hides a document: one that cannot be read must not pass for
// none.
absl::StatusOr<std::optional<int64_t>> StrictTime(const json& metadata,
                                                  const char* key) {
  const auto found = metadata.find(key);
  if (found == metadata.end() || found->is_null()) {
    return std::optional<int64_t>();
  }
  const auto time = ParseTime(FindText(metadata, key));
  if (!time) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "field \"" + std::string(key) +
                         "\" must be a time (RFC 3339), such as "
                         "2026-04-21T09:30:00Z",
                     {{"field", key}});
  }
  return time;
}

}  // namespace

absl::Status FillFields(SourceDocument* document) {
  const json& metadata = document->metadata;
  document->uri = FirstText(metadata, {"uri", "url"});
  document->source_type = FirstText(metadata, {"source_type"});
  if (document->source_type.empty()) {
    document->source_type = "FILE";
  }
  document->language = FirstLanguage(metadata);
  document->create_time =
      FirstTime(metadata, {"create_time", "published", "date"});
  document->update_time = FirstTime(metadata, {"update_time", "updated"});
  FOOTNOTE_ASSIGN_OR_RETURN(document->embargo_time,
                            StrictTime(metadata, "embargo_time"));
  FOOTNOTE_ASSIGN_OR_RETURN(document->expire_time,
                            StrictTime(metadata, "expire_time"));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> TakeAccessLabels(json* object) {
  std::vector<std::string> labels;
  const auto found = object->find("access_labels");
  if (found == object->end()) {
    return labels;
  }
  const bool is_list = found->is_array() || found->is_null();
  for (const json& label : *found) {
    if (!is_list || !label.is_string() ||
        label.get_ref<const std::string&>().empty()) {
      labels.clear();
      break;
    }
    labels.push_back(label.get<std::string>());
  }
  if (!is_list || labels.size() != found->size()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "field \"access_labels\" must be a list of strings, none "
                     "of them empty",
                     {{"field", "access_labels"}});
  }
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  object->erase(found);
  return labels;
}

}  // namespace footnote::sources
