#include "client/filter_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <google/protobuf/util/json_util.h>

namespace footnote::client {
namespace {

using google::protobuf::Value;
using v1::Condition;

struct WrittenOperator {
  std::string_view text;
  Condition::Operator op;
  Condition::Operator of_list;  // OPERATOR_UNSPECIFIED where it takes none
};

// Longer ones before those that they begin with.
constexpr WrittenOperator kOperators[] = {
    {"!=", Condition::OPERATOR_NE, Condition::OPERATOR_NIN},
    {"<=", Condition::OPERATOR_LTE, Condition::OPERATOR_UNSPECIFIED},
    {">=", Condition::OPERATOR_GTE, Condition::OPERATOR_UNSPECIFIED},
    {"^=", Condition::OPERATOR_STARTS_WITH, Condition::OPERATOR_UNSPECIFIED},
    {"*=", Condition::OPERATOR_CONTAINS, Condition::OPERATOR_UNSPECIFIED},
    {"<", Condition::OPERATOR_LT, Condition::OPERATOR_UNSPECIFIED},
    {">", Condition::OPERATOR_GT, Condition::OPERATOR_UNSPECIFIED},
    {"=", Condition::OPERATOR_EQ, Condition::OPERATOR_IN},
};

absl::Status SyntaxError(const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FILTER_SYNTAX",
                   message);
}

// Whether the values of a field are strings alone. As the server has them.
bool IsBuiltIn(std::string_view field) {
  constexpr std::string_view kFields[] = {
      "passage_id", "document_id", "source_type", "language",
      "date",       "entity",      "entity_type"};
  return std::find(std::begin(kFields), std::end(kFields), field) !=
         std::end(kFields);
}

// Returns the number, the yes or the no that a text reads as, if any.
std::optional<Value> ReadTyped(std::string_view text) {
  Value value;
  if (text == "true" || text == "false") {
    value.set_bool_value(text == "true");
    return value;
  }
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) {
    return std::nullopt;
  }
  value.set_number_value(number);
  return value;
}

std::vector<std::string_view> SplitAtBars(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find('|');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

// Fills in the operator and what the values stand for, where any of several is
// meant.
void SetList(const WrittenOperator& written, std::string_view text,
             Condition* condition) {
  const std::vector<std::string_view> parts = SplitAtBars(text);
  std::vector<Value> values;
  for (const std::string_view part : parts) {
    values.emplace_back().set_string_value(std::string(part));
  }
  for (const std::string_view part : parts) {
    const auto typed =
        IsBuiltIn(condition->field()) ? std::nullopt : ReadTyped(part);
    if (typed) {
      values.push_back(*typed);
    }
  }
  if (values.size() == 1) {
    condition->set_op(written.op);
    *condition->mutable_value() = values.front();
    return;
  }
  condition->set_op(written.of_list);
  auto* list = condition->mutable_value()->mutable_list_value();
  for (const Value& value : values) {
    *list->add_values() = value;
  }
}

// Returns `condition` with the operator and the value.
v1::Filter WithValue(const WrittenOperator& written, std::string_view text,
                     Condition condition) {
  v1::Filter filter;
  if (written.of_list != Condition::OPERATOR_UNSPECIFIED) {
    SetList(written, text, &condition);
    *filter.mutable_condition() = std::move(condition);
    return filter;
  }
  condition.set_op(written.op);
  condition.mutable_value()->set_string_value(std::string(text));
  const bool is_text = written.op == Condition::OPERATOR_STARTS_WITH ||
                       written.op == Condition::OPERATOR_CONTAINS;
  const auto typed =
      is_text || IsBuiltIn(condition.field()) ? std::nullopt : ReadTyped(text);
  if (!typed) {
    *filter.mutable_condition() = std::move(condition);
    return filter;
  }
  auto* either = filter.mutable_or_();
  *either->add_filters()->mutable_condition() = condition;
  *condition.mutable_value() = *typed;
  *either->add_filters()->mutable_condition() = std::move(condition);
  return filter;
}

}  // namespace

absl::StatusOr<v1::Filter> ParseFilterText(std::string_view text) {
  const size_t field_end = std::min(text.find_first_of("=!<>^*"), text.size());
  const std::string_view rest = text.substr(field_end);
  v1::Filter filter;
  Condition* condition = filter.mutable_condition();
  condition->set_field(std::string(text.substr(0, field_end)));
  if (rest.empty() && !text.empty()) {
    condition->set_op(Condition::OPERATOR_EXISTS);
    return filter;
  }
  for (const WrittenOperator& written : kOperators) {
    if (!rest.starts_with(written.text)) {
      continue;
    }
    if (field_end == 0 || rest.size() == written.text.size()) {
      break;
    }
    return WithValue(written, rest.substr(written.text.size()),
                     std::move(*condition));
  }
  return SyntaxError("\"" + std::string(text) +
                     "\" is no condition; write FIELD=VALUE, with =, !=, <, "
                     "<=, >, >=, ^= or *=");
}

absl::StatusOr<v1::Filter> ParseFilterJson(const std::string& json) {
  v1::Filter filter;
  const auto status =
      google::protobuf::util::JsonStringToMessage(json, &filter);
  if (!status.ok()) {
    const auto message = status.message();
    return SyntaxError("this is no filter in JSON: " +
                       std::string(message.data(), message.size()));
  }
  return filter;
}

}  // namespace footnote::client
