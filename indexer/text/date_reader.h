// Reads dates as texts write them.

#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "indexer/text/quantity_reader.h"

namespace footnote::text {

// A date of a text.
struct WrittenDate {
  size_t start = 0;  // where it starts, perhaps with a month before the number
  size_t end = 0;
  std::string key;  // "2026-04-21", or "2026-04" of a month
};

// Returns the date that has the number which starts at `at` as its first:
// "2026-04-21", "21.04.2026", "21 April 2026", "April 21st, 2026", "April
// 2026", "2026年4月21日", and numbers with slashes where only one order is
// possible. Nothing where there is none, or no such day.
std::optional<WrittenDate> ReadDate(const QuantityReader& reader, size_t at);

}  // namespace footnote::text
