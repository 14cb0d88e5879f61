// Numbers as texts write them, read exactly.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace footnote::text {

// A number: `digits` times ten to the power of `exponent`.
struct Decimal {
  std::string digits;  // without a leading zero; empty for 0
  int exponent = 0;

  // Returns the one way to write its value: "1500000", "0.5", "0"; with "-"
  // where `negative` and it is not 0.
  std::string Canonical(bool negative = false) const;
};

// A number of a text.
struct WrittenNumber {
  Decimal value;
  size_t end = 0;           // of its text
  bool is_whole = true;     // no decimal separator
  bool is_grouped = false;  // "1,000": has separators of groups
  size_t whole_digits = 0;  // before the decimal separator
};

// Reads the number that starts with the digit at byte `at`: of any script, in
// groups of three divided by commas, points, apostrophes or spaces that do not
// break, with a decimal point or comma. Where a mark may be either ("1.500"), a
// comma divides groups, or, where `comma_is_decimal`, a point does, and spaces
// too. Nothing where marks make it something else, "1.2.3", it begins with
// zeros, "007", or it has more than 30 digits.
std::optional<WrittenNumber> ReadNumber(std::string_view text, size_t at,
                                        bool comma_is_decimal);

// Returns the value of a decimal digit, or -1.
int DigitValue(char32_t c);

}  // namespace footnote::text
