#include "client/filter_text.h"

#include <algorithm>

#include <google/protobuf/util/json_util.h>

namespace footnote::client {
namespace {

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

// Fills in the operator and the value or values.
void SetValue(const WrittenOperator& written, std::string_view value,
              Condition* condition) {
  if (written.of_list == Condition::OPERATOR_UNSPECIFIED ||
      value.find('|') == std::string_view::npos) {
    condition->set_op(written.op);
    condition->mutable_value()->set_string_value(std::string(value));
    return;
  }
  condition->set_op(written.of_list);
  auto* values = condition->mutable_value()->mutable_list_value();
  while (true) {
    const size_t end = value.find('|');
    values->add_values()->set_string_value(std::string(value.substr(0, end)));
    if (end == std::string_view::npos) {
      return;
    }
    value.remove_prefix(end + 1);
  }
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
    SetValue(written, rest.substr(written.text.size()), condition);
    return filter;
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
