// The fields of metadata as the documentation has them, straight from the JSON.

#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "server/search/filter.h"

namespace footnote::search {

// Adds the values that stand under a path; members of lists one by one.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the metadata of tests.
inline void AddJsonValues(const nlohmann::json& json, const std::string& path,
                          std::vector<nlohmann::json>* values) {
  if (json.is_array()) {
    for (const nlohmann::json& item : json) {
      AddJsonValues(item, path, values);
    }
    return;
  }
  if (path.empty() && !json.is_null() && !json.is_object()) {
    values->push_back(json);
  }
  if (!json.is_object()) {
    return;
  }
  for (const auto& [key, member] : json.items()) {
    if (path == key) {
      AddJsonValues(member, "", values);
    } else if (path.starts_with(key + ".")) {
      AddJsonValues(member, path.substr(key.size() + 1), values);
    }
  }
}

// Returns the values that metadata have in a field.
inline std::vector<nlohmann::json> JsonValues(const std::string& metadata_json,
                                              std::string field) {
  if (field.starts_with("metadata.")) {
    field = field.substr(9);
  }
  std::vector<nlohmann::json> values;
  AddJsonValues(nlohmann::json::parse(metadata_json), field, &values);
  return values;
}

// Returns values as facets show them.
inline std::set<std::string> TextsOf(
    const std::vector<nlohmann::json>& values) {
  std::set<std::string> texts;
  for (const nlohmann::json& value : values) {
    texts.insert(value.is_string()           ? value.get<std::string>()
                 : value.is_number_integer() ? value.dump()
                 : value.is_number() &&
                         value == static_cast<int>(value.get<double>())
                     ? std::to_string(static_cast<int>(value.get<double>()))
                     : value.dump());
  }
  return texts;
}

// Whether a text looks like a date or, of full length, like a time. Tests have
// times in UTC alone.
inline bool LooksLikeTime(const std::string& text, bool of_condition) {
  const bool has_size =
      text.size() == 10 || text.size() == 20 ||
      (of_condition && (text.size() == 4 || text.size() == 7));
  return has_size && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == 'T' ||
                  c == 'Z';
         });
}

// Compares the text of metadata with one of a condition: less than, equal to,
// or more than 0.
inline int CompareTexts(std::string value, const std::string& wanted) {
  if (LooksLikeTime(value, false) && LooksLikeTime(wanted, true)) {
    value += value.size() == 10 ? "T00:00:00Z" : "";
    return value.substr(0, wanted.size()).compare(wanted);
  }
  return value.compare(wanted);
}

// Compares a value with one of a condition: less than, equal to, or more than
// 0; none where they are of different types.
inline std::optional<int> CompareJson(const nlohmann::json& value,
                                      const FilterValue& wanted) {
  if (const auto* text = std::get_if<std::string>(&wanted)) {
    return value.is_string()
               ? std::optional(CompareTexts(value.get<std::string>(), *text))
               : std::nullopt;
  }
  if (const auto* number = std::get_if<double>(&wanted)) {
    if (!value.is_number()) {
      return std::nullopt;
    }
    const double difference = value.get<double>() - *number;
    return static_cast<int>(difference > 0) - static_cast<int>(difference < 0);
  }
  return value.is_boolean()
             ? std::optional(static_cast<int>(value.get<bool>()) -
                             static_cast<int>(std::get<bool>(wanted)))
             : std::nullopt;
}

// Whether a value begins with a text, or has it somewhere.
inline bool HasText(const nlohmann::json& value, FilterOperator op,
                    const FilterValue& wanted) {
  const auto* text = std::get_if<std::string>(&wanted);
  if (text == nullptr || !value.is_string()) {
    return false;
  }
  const size_t at = value.get<std::string>().find(*text);
  return op == FilterOperator::kContains ? at != std::string::npos : at == 0;
}

// Whether a value meets one value of a condition that is not negative.
inline bool JsonMeets(const nlohmann::json& value, FilterOperator op,
                      const FilterValue& wanted) {
  if (op == FilterOperator::kStartsWith || op == FilterOperator::kContains) {
    return HasText(value, op, wanted);
  }
  const std::optional<int> order = CompareJson(value, wanted);
  if (!order) {
    return false;
  }
  switch (op) {
    case FilterOperator::kLt:
      return *order < 0;
    case FilterOperator::kLte:
      return *order <= 0;
    case FilterOperator::kGt:
      return *order > 0;
    case FilterOperator::kGte:
      return *order >= 0;
    default:
      return *order == 0;
  }
}

// Whether metadata meet the positive form of a condition.
inline bool MetadataMeet(const std::string& metadata_json,
                         const Filter& condition) {
  const auto values = JsonValues(metadata_json, condition.field);
  if (condition.op == FilterOperator::kExists) {
    return !values.empty();
  }
  return std::any_of(values.begin(), values.end(), [&](const auto& value) {
    return std::any_of(condition.values.begin(), condition.values.end(),
                       [&](const FilterValue& one) {
                         return JsonMeets(value, condition.op, one);
                       });
  });
}

}  // namespace footnote::search
