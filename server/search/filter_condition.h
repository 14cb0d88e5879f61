// What a condition of a filter says of values.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/search/filter.h"

namespace footnote::search {

// Whether an operator is met by what none of the values fits.
inline bool IsNegative(FilterOperator op) {
  return op == FilterOperator::kNe || op == FilterOperator::kNin;
}

// Whether an operator takes any number of values.
inline bool TakesMany(FilterOperator op) {
  return op == FilterOperator::kIn || op == FilterOperator::kNin;
}

// The seconds that a date or a time covers: [first, end).
struct Period {
  int64_t first = 0;
  int64_t end = 0;
};

// Reads "2026", "2026-04", "2026-04-21", or a time as
// index::ParseMetadataTime() does; nothing of any other text.
std::optional<Period> ParsePeriod(std::string_view text);

// Reads "2026", "2026-04" or "2026-04-21".
std::optional<Period> ParseDate(std::string_view text);

// What a condition that is not negative says of a string; of a negative one,
// what none may fit. Numbers among its values fit none. `condition` must
// outlive it.
class StringCondition {
 public:
  explicit StringCondition(const Filter& condition);

  bool IsMetBy(std::string_view value) const;

 private:
  FilterOperator op_;
  std::vector<std::string_view> values_;  // sorted
};

// Whether a second meets a condition on times that is not negative; `wanted`
// are its values.
bool TimeMeets(int64_t time, FilterOperator op,
               const std::vector<Period>& wanted);

}  // namespace footnote::search
