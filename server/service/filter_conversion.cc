#include "server/service/filter_conversion.h"

#include <string>
#include <vector>

namespace footnote::service {
namespace {

using google::protobuf::Value;
using search::Filter;
using search::FilterOperator;
using search::FilterValue;

absl::Status Invalid(const std::string& reason, const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   {{"field", "filter"}});
}

absl::StatusOr<FilterOperator> ParseOperator(const v1::Condition& condition) {
  switch (condition.op()) {
    case v1::Condition::OPERATOR_EQ:
      return FilterOperator::kEq;
    case v1::Condition::OPERATOR_NE:
      return FilterOperator::kNe;
    case v1::Condition::OPERATOR_LT:
      return FilterOperator::kLt;
    case v1::Condition::OPERATOR_LTE:
      return FilterOperator::kLte;
    case v1::Condition::OPERATOR_GT:
      return FilterOperator::kGt;
    case v1::Condition::OPERATOR_GTE:
      return FilterOperator::kGte;
    case v1::Condition::OPERATOR_IN:
      return FilterOperator::kIn;
    case v1::Condition::OPERATOR_NIN:
      return FilterOperator::kNin;
    case v1::Condition::OPERATOR_STARTS_WITH:
      return FilterOperator::kStartsWith;
    case v1::Condition::OPERATOR_CONTAINS:
      return FilterOperator::kContains;
    case v1::Condition::OPERATOR_EXISTS:
      return FilterOperator::kExists;
    default:
      return Invalid("FILTER_OPERATOR_INVALID",
                     "the condition on \"" + condition.field() +
                         "\" has no operator that this server knows");
  }
}

absl::Status AddValue(const std::string& field, const Value& value,
                      std::vector<FilterValue>* values) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      values->emplace_back(value.string_value());
      return absl::OkStatus();
    case Value::kNumberValue:
      values->emplace_back(value.number_value());
      return absl::OkStatus();
    case Value::kBoolValue:
      values->emplace_back(value.bool_value());
      return absl::OkStatus();
    default:
      return Invalid("FILTER_VALUE_INVALID",
                     "the values for \"" + field +
                         "\" must be strings, numbers, true or false; lists "
                         "of these are for in and nin");
  }
}

absl::Status AddList(const std::string& field,
                     const google::protobuf::ListValue& list,
                     std::vector<FilterValue>* values) {
  for (const Value& item : list.values()) {
    FOOTNOTE_RETURN_IF_ERROR(AddValue(field, item, values));
  }
  return absl::OkStatus();
}

absl::StatusOr<Filter> ParseCondition(const v1::Condition& condition) {
  Filter parsed;
  parsed.kind = Filter::Kind::kCondition;
  parsed.field = condition.field();
  FOOTNOTE_ASSIGN_OR_RETURN(parsed.op, ParseOperator(condition));
  if (!condition.has_value()) {
    return parsed;
  }
  const Value& value = condition.value();
  const bool takes_list =
      parsed.op == FilterOperator::kIn || parsed.op == FilterOperator::kNin;
  FOOTNOTE_RETURN_IF_ERROR(
      takes_list && value.kind_case() == Value::kListValue
          ? AddList(parsed.field, value.list_value(), &parsed.values)
          : AddValue(parsed.field, value, &parsed.values));
  return parsed;
}

absl::StatusOr<Filter> ParseNode(const v1::Filter& filter, uint32_t depth);

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
absl::StatusOr<Filter> ParseList(Filter::Kind kind, const v1::FilterList& list,
                                 uint32_t depth) {
  if (list.filters().empty()) {
    return Invalid("FILTER_EMPTY", "a list of filters is empty");
  }
  Filter parsed;
  parsed.kind = kind;
  for (const v1::Filter& part : list.filters()) {
    FOOTNOTE_ASSIGN_OR_RETURN(parsed.parts.emplace_back(),
                              ParseNode(part, depth + 1));
  }
  return parsed;
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
absl::StatusOr<Filter> ParseNode(const v1::Filter& filter, uint32_t depth) {
  if (depth > search::kMaxFilterDepth) {
    return Invalid("FILTER_TOO_LARGE",
                   "a filter may be " +
                       std::to_string(search::kMaxFilterDepth) +
                       " levels deep");
  }
  switch (filter.kind_case()) {
    case v1::Filter::kAnd:
      return ParseList(Filter::Kind::kAll, filter.and_(), depth);
    case v1::Filter::kOr:
      return ParseList(Filter::Kind::kAny, filter.or_(), depth);
    case v1::Filter::kNot: {
      Filter parsed;
      parsed.kind = Filter::Kind::kNot;
      FOOTNOTE_ASSIGN_OR_RETURN(parsed.parts.emplace_back(),
                                ParseNode(filter.not_(), depth + 1));
      return parsed;
    }
    case v1::Filter::kCondition:
      return ParseCondition(filter.condition());
    default:
      return Invalid("FILTER_EMPTY",
                     "a filter has none of and, or, not and condition");
  }
}

}  // namespace

absl::StatusOr<Filter> ParseFilter(const v1::Filter& filter) {
  return ParseNode(filter, 1);
}

}  // namespace footnote::service
