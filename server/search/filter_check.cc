// What filters may be, and what people mean by one written as text.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "server/search/filter.h"
#include "server/search/filter_condition.h"

namespace footnote::search {
namespace {

constexpr std::string_view kMetadataPrefix = "metadata.";

absl::Status Invalid(const std::string& reason, const std::string& message,
                     const Filter& condition) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   {{"field", "filter"}, {"value", condition.field}});
}

absl::Status CheckOperator(const Filter& condition) {
  const bool is_text = condition.op == FilterOperator::kStartsWith ||
                       condition.op == FilterOperator::kContains;
  if (condition.field == "date" && is_text) {
    return Invalid("FILTER_OPERATOR_INVALID",
                   "dates are compared with eq, ne, lt, lte, gt, gte, in, nin "
                   "and exists",
                   condition);
  }
  const bool is_range = condition.op >= FilterOperator::kLt &&
                        condition.op <= FilterOperator::kGte;
  if (condition.field == "passage_id" && (is_text || is_range)) {
    return Invalid("FILTER_OPERATOR_INVALID",
                   "passage ids are compared with eq, ne, in, nin and exists",
                   condition);
  }
  return absl::OkStatus();
}

absl::Status CheckValue(const Filter& condition, const FilterValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* number = std::get_if<double>(&value);
  if (number != nullptr && !std::isfinite(*number)) {
    return Invalid(
        "FILTER_VALUE_INVALID",
        "the values for \"" + condition.field + "\" must be finite numbers",
        condition);
  }
  const bool is_text_operator = condition.op == FilterOperator::kStartsWith ||
                                condition.op == FilterOperator::kContains;
  if (text == nullptr &&
      (is_text_operator || IsBuiltInField(condition.field))) {
    return Invalid(
        "FILTER_VALUE_INVALID",
        "the values for \"" + condition.field + "\" must be strings" +
            (is_text_operator ? " with starts_with and contains" : ""),
        condition);
  }
  if (condition.field == "date" && text != nullptr && !ParseDate(*text)) {
    return Invalid(
        "FILTER_VALUE_INVALID",
        "\"" + *text + "\" is no date; write 2026, 2026-04 or 2026-04-21",
        condition);
  }
  return absl::OkStatus();
}

absl::Status CheckCondition(const Filter& condition) {
  if (MetadataFieldOf(condition.field).empty()) {
    return Invalid("FILTER_FIELD_UNKNOWN",
                   "a condition must name a field: document_id, passage_id, "
                   "source_type, language, date, entity, entity_type, or any "
                   "field of metadata",
                   condition);
  }
  const size_t count = condition.values.size();
  if (condition.op == FilterOperator::kExists
          ? count != 0
          : !TakesMany(condition.op) && count != 1) {
    return Invalid("FILTER_VALUE_INVALID",
                   "the condition on \"" + condition.field + "\" has " +
                       std::to_string(count) +
                       " values; exists takes none, in and nin any number, "
                       "others one",
                   condition);
  }
  FOOTNOTE_RETURN_IF_ERROR(CheckOperator(condition));
  for (const FilterValue& value : condition.values) {
    FOOTNOTE_RETURN_IF_ERROR(CheckValue(condition, value));
  }
  return absl::OkStatus();
}

// How much of a filter was seen.
struct FilterSize {
  size_t parts = 0;
  size_t values = 0;
};

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
absl::Status CheckNode(const Filter& filter, uint32_t depth, FilterSize* size) {
  ++size->parts;
  size->values += filter.values.size();
  if (depth > kMaxFilterDepth || size->parts > kMaxFilterParts ||
      size->values > kMaxFilterValues) {
    return Invalid("FILTER_TOO_LARGE",
                   "a filter may be " + std::to_string(kMaxFilterDepth) +
                       " levels deep and have " +
                       std::to_string(kMaxFilterParts) + " parts and " +
                       std::to_string(kMaxFilterValues) + " values in all",
                   filter);
  }
  if (filter.kind == Filter::Kind::kCondition) {
    return CheckCondition(filter);
  }
  for (const Filter& part : filter.parts) {
    FOOTNOTE_RETURN_IF_ERROR(CheckNode(part, depth + 1, size));
  }
  return absl::OkStatus();
}

// Returns the number, the yes or the no that a text reads as.
std::optional<FilterValue> ReadTyped(const std::string& text) {
  if (text == "true" || text == "false") {
    return FilterValue(text == "true");
  }
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && std::isfinite(number)
             ? std::optional<FilterValue>(number)
             : std::nullopt;
}

}  // namespace

bool IsBuiltInField(std::string_view field) {
  constexpr std::string_view kFields[] = {
      "passage_id", "document_id", "source_type", "language",
      "date",       "entity",      "entity_type"};
  return std::find(std::begin(kFields), std::end(kFields), field) !=
         std::end(kFields);
}

std::string_view MetadataFieldOf(std::string_view field) {
  if (field.starts_with(kMetadataPrefix)) {
    field.remove_prefix(kMetadataPrefix.size());
  }
  return field;
}

absl::Status CheckFilter(const Filter& filter) {
  FilterSize size;
  return CheckNode(filter, 1, &size);
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
std::vector<std::string> MetadataFieldsOf(const Filter& filter) {
  std::vector<std::string> fields;
  if (filter.kind == Filter::Kind::kCondition &&
      !IsBuiltInField(filter.field)) {
    fields.push_back(filter.field);
  }
  for (const Filter& part : filter.parts) {
    for (std::string& field : MetadataFieldsOf(part)) {
      fields.push_back(std::move(field));
    }
  }
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

Filter WrittenCondition(const std::string& field, FilterOperator op,
                        const std::vector<std::string>& values) {
  const auto condition = [&](std::vector<FilterValue> of) {
    Filter filter;
    filter.kind = Filter::Kind::kCondition;
    filter.field = field;
    filter.op = op;
    filter.values = std::move(of);
    return filter;
  };
  Filter filter = condition({values.begin(), values.end()});
  if (IsBuiltInField(field) || op == FilterOperator::kStartsWith ||
      op == FilterOperator::kContains) {
    return filter;
  }
  std::vector<FilterValue> typed;
  for (const std::string& value : values) {
    if (auto read = ReadTyped(value)) {
      typed.push_back(*std::move(read));
    }
  }
  if (typed.empty()) {
    return filter;
  }
  const bool is_range = op >= FilterOperator::kLt && op <= FilterOperator::kGte;
  if (!is_range) {
    filter.op = IsNegative(op) ? FilterOperator::kNin : FilterOperator::kIn;
    filter.values.insert(filter.values.end(), typed.begin(), typed.end());
    return filter;
  }
  Filter either;
  either.kind = Filter::Kind::kAny;
  either.parts.push_back(std::move(filter));
  either.parts.push_back(condition(std::move(typed)));
  return either;
}

}  // namespace footnote::search
