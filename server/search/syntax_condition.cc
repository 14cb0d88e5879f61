#include "server/search/syntax_condition.h"

#include <algorithm>
#include <utility>

#include "server/search/syntax_chunk.h"

namespace footnote::search {
namespace {

struct FieldName {
  std::string_view name;
  std::string_view of_filter;
};

// Names of people's for fields of filters; others are the same.
constexpr FieldName kFieldNames[] = {
    {"lang", "language"},           {"source-type", "source_type"},
    {"entity-type", "entity_type"}, {"id", "document_id"},
    {"passage-id", "passage_id"},
};

struct Comparison {
  std::string_view sign;
  FilterOperator op;
};

constexpr Comparison kComparisons[] = {
    {">=", FilterOperator::kGte},
    {"<=", FilterOperator::kLte},
    {">", FilterOperator::kGt},
    {"<", FilterOperator::kLt},
};

// Values of these have no order that anybody asks for; ".." is a part of them.
bool HasRanges(std::string_view field) {
  return field == "date" || !IsCommonField(field);
}

const Comparison* ComparisonAt(std::string_view text, size_t at) {
  for (const Comparison& comparison : kComparisons) {
    if (text.substr(at, comparison.sign.size()) == comparison.sign) {
      return &comparison;
    }
  }
  return nullptr;
}

// Returns the end of one value: a quotation, or what stands before white space,
// a bracket of the outside, or ".." where `with_ranges`.
size_t ValueEnd(std::string_view text, size_t at, bool with_ranges) {
  if (QuoteClassAt(text, at) != 0) {
    if (const std::optional<size_t> end = QuoteEnd(text, at)) {
      return *end;
    }
  }
  size_t depth = 0;
  while (!IsGapAt(text, at)) {
    const bool ends_group = text[at] == ')' && depth == 0;
    if (ends_group || (with_ranges && text.substr(at, 2) == "..")) {
      break;
    }
    depth += text[at] == '(' ? 1 : 0;
    depth -= text[at] == ')' ? 1 : 0;
    at = NextInChunk(text, at);
  }
  return at;
}

// Takes the punctuation of a sentence away that stands behind a value.
std::string_view WithoutPunctuation(std::string_view value) {
  while (!value.empty() &&
         std::string_view(",;!?.").find(value.back()) !=
             std::string_view::npos &&
         !value.ends_with("..") &&
         (value.size() < 2 || value[value.size() - 2] != '\\')) {
    value.remove_suffix(1);
  }
  return value;
}

bool IsQuotation(std::string_view value) {
  return QuoteClassAt(value, 0) != 0 && QuoteEnd(value, 0) == value.size();
}

// Returns the string that one value is.
std::string TextOf(std::string_view value) {
  return IsQuotation(value) ? QuotedText(value) : Unescape(value);
}

// Makes the condition of a range that may be open on one side.
std::optional<SyntaxCondition> MakeRange(const std::string& field,
                                         std::string_view first,
                                         std::string_view last) {
  if (first.empty() && last.empty()) {
    return std::nullopt;
  }
  if (first.empty()) {
    return SyntaxCondition{field, FilterOperator::kLte, {TextOf(last)}};
  }
  SyntaxCondition range{field, FilterOperator::kGte, {TextOf(first)}};
  if (!last.empty()) {
    range.values.push_back(TextOf(last));
  }
  return range;
}

std::optional<SyntaxCondition> MakeSingle(const std::string& field,
                                          std::string_view value) {
  if (value == "*") {
    return SyntaxCondition{field, FilterOperator::kExists, {}};
  }
  FilterOperator op = FilterOperator::kEq;
  if (value.ends_with('*') && !value.ends_with("\\*")) {
    op = FilterOperator::kStartsWith;
    value.remove_suffix(1);
  }
  if (value.empty()) {
    return std::nullopt;
  }
  return SyntaxCondition{field, op, {TextOf(value)}};
}

// Returns nothing where there is no value.
std::optional<SyntaxCondition> ReadCondition(const std::string& field,
                                             std::string_view value) {
  value = WithoutPunctuation(value);
  if (const Comparison* comparison = ComparisonAt(value, 0)) {
    value.remove_prefix(comparison->sign.size());
    return value.empty() ? std::nullopt
                         : std::optional(SyntaxCondition{
                               field, comparison->op, {TextOf(value)}});
  }
  const size_t end = ValueEnd(value, 0, HasRanges(field));
  return HasRanges(field) && value.substr(end, 2) == ".."
             ? MakeRange(field, value.substr(0, end), value.substr(end + 2))
             : MakeSingle(field, value);
}

Filter SingleFilter(const SyntaxCondition& condition, FilterOperator op,
                    size_t value) {
  std::vector<std::string> values;
  if (op != FilterOperator::kExists) {
    values.push_back(condition.values[value]);
  }
  return WrittenCondition(condition.field, op, values);
}

// Whether a value needs no marks around it.
bool IsPlain(std::string_view value) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           std::string_view("._-/").find(c) != std::string_view::npos;
  };
  return !value.empty() && std::all_of(value.begin(), value.end(), is_plain) &&
         value.back() != '.' && !value.starts_with("//") &&
         value.find("..") == std::string_view::npos;
}

std::string RenderValue(const std::string& value) {
  if (IsPlain(value)) {
    return value;
  }
  std::string text = "\"";
  for (size_t at = 0; at < value.size(); ++at) {
    // A backslash, or what would end the quotation.
    if (value[at] == '\\' || QuoteClassAt(value, at) == 1) {
      text += '\\';
    }
    text += value[at];
  }
  return text + '"';
}

std::string RenderSingle(const SyntaxCondition& condition) {
  if (condition.op == FilterOperator::kExists) {
    return "*";
  }
  std::string value = RenderValue(condition.values.front());
  if (condition.op == FilterOperator::kStartsWith) {
    return value + "*";
  }
  for (const Comparison& comparison : kComparisons) {
    if (condition.op == comparison.op) {
      return std::string(comparison.sign) + value;
    }
  }
  return value;
}

}  // namespace

std::optional<Scope> ScopeOf(std::string_view field) {
  return field == "title"     ? std::optional(Scope::kTitle)
         : field == "heading" ? std::optional(Scope::kHeading)
                              : std::nullopt;
}

std::string FilterFieldOf(std::string_view field) {
  for (const FieldName& known : kFieldNames) {
    if (field == known.name) {
      return std::string(known.of_filter);
    }
  }
  return std::string(field);
}

size_t ConditionEnd(std::string_view text, size_t at,
                    const std::string& field) {
  const bool with_ranges = HasRanges(field);
  if (const Comparison* comparison = ComparisonAt(text, at)) {
    at += comparison->sign.size();
  }
  const bool is_quoted = QuoteClassAt(text, at) != 0;
  at = ValueEnd(text, at, with_ranges);
  if (with_ranges && text.substr(at, 2) == "..") {
    return ValueEnd(text, at + 2, false);
  }
  return is_quoted && text.substr(at, 1) == "*" ? at + 1 : at;
}

absl::StatusOr<SyntaxCondition> MakeCondition(const std::string& field,
                                              std::string_view value) {
  std::optional<SyntaxCondition> condition = ReadCondition(field, value);
  if (!condition) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FILTER_VALUE_INVALID",
                     "the field \"" + field + "\" has no value");
  }
  if (field == "language" && !condition->values.empty()) {
    std::string& language = condition->values.front();
    std::transform(
        language.begin(), language.end(), language.begin(), [](char c) {
          return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        });
  }
  FOOTNOTE_RETURN_IF_ERROR(CheckFilter(ToFilter(*condition)));
  return *std::move(condition);
}

Filter ToFilter(const SyntaxCondition& condition) {
  if (condition.values.size() < 2) {
    return SingleFilter(condition, condition.op, 0);
  }
  Filter range;
  range.kind = Filter::Kind::kAll;
  range.parts.push_back(SingleFilter(condition, FilterOperator::kGte, 0));
  range.parts.push_back(SingleFilter(condition, FilterOperator::kLte, 1));
  return range;
}

std::string RenderCondition(const SyntaxCondition& condition) {
  return condition.field + ":" +
         (condition.values.size() < 2
              ? RenderSingle(condition)
              : RenderValue(condition.values[0]) + ".." +
                    RenderValue(condition.values[1]));
}

bool IsCommonField(std::string_view field) {
  constexpr std::string_view kFields[] = {
      "document_id", "passage_id", "source_type", "language",
      "date",        "entity",     "entity_type"};
  return std::find(std::begin(kFields), std::end(kFields), field) !=
         std::end(kFields);
}

}  // namespace footnote::search
