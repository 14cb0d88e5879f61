#include "indexer/sources/fields.h"

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

}  // namespace

void FillFields(SourceDocument* document) {
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
}

}  // namespace footnote::sources
