// Amounts of money, percentages, measures, dates and large numbers of a text,
// however they are written.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::text {

// A quantity and where it stands.
struct Quantity {
  uint32_t start = 0;  // bytes, on a grapheme boundary
  uint32_t end = 0;    // exclusive, likewise
  // What it is, the same for all its spellings: "money/USD/5000000000",
  // "percent/4.5", "unit/W/1500000000", "number/1000000", "date/2026-04-21" or,
  // of a month, "date/2026-04". Values are exact decimals without a zero at
  // their end.
  std::string key;
};

// Returns the quantities of valid UTF-8 `text`, by start, without overlap.
// Words are known in English, and in German, French, Spanish, Italian,
// Portuguese and Dutch where they differ; the language, a BCP 47 primary
// subtag, decides what points and commas mean ("1.500") and how much a
// "billion" is. A number by itself is one where it has five digits, is divided
// in groups, or comes with a word such as "million"; parts of ranges, times,
// versions and the like are none. Thread-safe.
std::vector<Quantity> FindQuantities(std::string_view text,
                                     std::string_view language);

}  // namespace footnote::text
