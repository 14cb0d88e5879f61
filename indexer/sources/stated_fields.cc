#include "indexer/sources/stated_fields.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace footnote::sources {
namespace {

using nlohmann::json;

constexpr std::string_view kKey = "_footnote";

struct TextField {
  std::string_view name;
  std::string SourceDocument::*member;
};

struct TimeField {
  std::string_view name;
  std::optional<int64_t> SourceDocument::*member;
};

constexpr std::array<TextField, 6> kTexts = {{
    {"title", &SourceDocument::title},
    {"uri", &SourceDocument::uri},
    {"filename", &SourceDocument::filename},
    {"media_type", &SourceDocument::media_type},
    {"language", &SourceDocument::language},
    {"source_type", &SourceDocument::source_type},
}};

constexpr std::array<TimeField, 4> kTimes = {{
    {"create_time", &SourceDocument::create_time},
    {"update_time", &SourceDocument::update_time},
    {"embargo_time", &SourceDocument::embargo_time},
    {"expire_time", &SourceDocument::expire_time},
}};

// Returns the entry of that name in a table, or its end.
template <typename Table>
auto FindField(const Table& table, std::string_view name) {
  return std::find_if(std::begin(table), std::end(table),
                      [&](const auto& field) { return field.name == name; });
}

absl::Status FieldError(const std::string& name, const std::string& message) {
  const std::string field = std::string(kKey) + "." + name;
  return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                   "field \"" + field + "\" " + message, {{"field", field}});
}

absl::Status CheckMember(const std::string& name, const json& value) {
  if (FindField(kTexts, name) != kTexts.end()) {
    return value.is_string() || value.is_null()
               ? absl::OkStatus()
               : FieldError(name, "must be a string or null");
  }
  if (FindField(kTimes, name) != kTimes.end()) {
    return value.is_number_integer() || value.is_null()
               ? absl::OkStatus()
               : FieldError(name, "must be Unix seconds or null");
  }
  return FieldError(name, "is not known");
}

}  // namespace

absl::StatusOr<json> TakeStatedFields(json* object) {
  const auto found = object->find(std::string(kKey));
  if (found == object->end()) {
    return json::object();
  }
  json stated = std::move(*found);
  object->erase(found);
  if (stated.is_null()) {
    return json::object();
  }
  if (!stated.is_object()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "field \"_footnote\" must be an object, as an export "
                     "writes it",
                     {{"field", std::string(kKey)}});
  }
  for (const auto& [name, value] : stated.items()) {
    FOOTNOTE_RETURN_IF_ERROR(CheckMember(name, value));
  }
  return stated;
}

void SetStatedFields(const json& stated, SourceDocument* document) {
  for (const TextField& field : kTexts) {
    if (const auto at = stated.find(field.name); at != stated.end()) {
      document->*field.member = at->is_null() ? "" : at->get<std::string>();
    }
  }
  for (const TimeField& field : kTimes) {
    if (const auto at = stated.find(field.name); at != stated.end()) {
      document->*field.member = at->is_null()
                                    ? std::optional<int64_t>()
                                    : std::optional(at->get<int64_t>());
    }
  }
}

json StatedFieldsOf(const SourceDocument& document,
                    const SourceDocument& derived) {
  json stated = json::object();
  for (const TextField& field : kTexts) {
    const std::string& text = document.*field.member;
    if (text != derived.*field.member) {
      stated[std::string(field.name)] = text.empty() ? json() : json(text);
    }
  }
  for (const TimeField& field : kTimes) {
    const std::optional<int64_t>& time = document.*field.member;
    if (time != derived.*field.member) {
      stated[std::string(field.name)] = time ? json(*time) : json();
    }
  }
  return stated;
}

}  // namespace footnote::sources
