#include "server/search/filter_condition.h"

#include <algorithm>
#include <chrono>
#include <variant>

#include "indexer/base/time.h"
#include "indexer/index/metadata_columns.h"

namespace footnote::search {

std::optional<Period> ParseDate(std::string_view text) {
  constexpr size_t kYear = 4;
  constexpr size_t kMonth = 7;
  constexpr size_t kDay = 10;
  using std::chrono::sys_days;
  if (text.size() != kYear && text.size() != kMonth && text.size() != kDay) {
    return std::nullopt;
  }
  const std::optional<int64_t> time = ParseTime(text);
  if (!time) {
    return std::nullopt;
  }
  const auto seconds = [](sys_days day) {
    return int64_t{std::chrono::sys_seconds(day).time_since_epoch().count()};
  };
  const auto first = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds(std::chrono::seconds(*time)));
  const std::chrono::year_month_day date(first);
  if (text.size() == kDay) {
    return Period{*time, seconds(first + std::chrono::days(1))};
  }
  return Period{*time, text.size() == kYear
                           ? seconds(sys_days(date + std::chrono::years(1)))
                           : seconds(sys_days(date + std::chrono::months(1)))};
}

std::optional<Period> ParsePeriod(std::string_view text) {
  if (const auto date = ParseDate(text)) {
    return date;
  }
  const auto time = index::ParseMetadataTime(text);
  return time ? std::optional(Period{*time, *time + 1}) : std::nullopt;
}

StringCondition::StringCondition(const Filter& condition) : op_(condition.op) {
  for (const FilterValue& value : condition.values) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      values_.emplace_back(*text);
    }
  }
  std::sort(values_.begin(), values_.end());
}

bool StringCondition::IsMetBy(std::string_view value) const {
  if (op_ == FilterOperator::kExists) {
    return true;
  }
  if (values_.empty()) {
    return false;
  }
  switch (op_) {
    case FilterOperator::kLt:
      return value < values_.front();
    case FilterOperator::kLte:
      return value <= values_.front();
    case FilterOperator::kGt:
      return value > values_.front();
    case FilterOperator::kGte:
      return value >= values_.front();
    case FilterOperator::kStartsWith:
      return value.starts_with(values_.front());
    case FilterOperator::kContains:
      return value.find(values_.front()) != std::string_view::npos;
    default:
      return std::binary_search(values_.begin(), values_.end(), value);
  }
}

bool TimeMeets(int64_t time, FilterOperator op,
               const std::vector<Period>& wanted) {
  switch (op) {
    case FilterOperator::kLt:
      return time < wanted.front().first;
    case FilterOperator::kLte:
      return time < wanted.front().end;
    case FilterOperator::kGt:
      return time >= wanted.front().end;
    case FilterOperator::kGte:
      return time >= wanted.front().first;
    case FilterOperator::kExists:
      return true;
    default:
      return std::any_of(wanted.begin(), wanted.end(), [&](const Period& one) {
        return time >= one.first && time < one.end;
      });
  }
}

}  // namespace footnote::search
