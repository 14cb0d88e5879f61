// Reads the currency beside a number.

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "indexer/text/quantity_reader.h"

namespace footnote::text {

// A currency beside a number.
struct Currency {
  size_t at = 0;          // where it starts, or, after the number, ends
  std::string_view code;  // ISO 4217
};

// Returns the currency right before a number that starts at `start`: "$5",
// "US$ 5", "EUR 5".
std::optional<Currency> CurrencyBefore(const QuantityReader& reader,
                                       size_t start);

// Returns the currency at a place, after spaces: a sign, a code, or words.
std::optional<Currency> CurrencyAt(const QuantityReader& reader, size_t at);

// Returns the currency right after an amount that ends at `end`: "5 euros",
// and where it `is_scaled` "5 milliards de dollars".
std::optional<Currency> CurrencyAfter(const QuantityReader& reader, size_t end,
                                      bool is_scaled);

}  // namespace footnote::text
