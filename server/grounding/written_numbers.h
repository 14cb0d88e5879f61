// Numbers written in several words of English.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "indexer/text/analyzer.h"

namespace footnote::grounding {

struct WrittenOutNumber {
  int64_t value = 0;
  uint32_t last = 0;  // token, exclusive
};

// Returns the number that the tokens of `text` from `at` on are, where it takes
// more than one word and more than a word such as "million" behind another:
// "twenty-five", "fourteen hundred", "two hundred million", "one million two
// hundred thousand and six". Thread-safe.
std::optional<WrittenOutNumber> ReadWrittenOut(
    std::string_view text, const std::vector<text::Token>& tokens, uint32_t at,
    std::string_view language);

}  // namespace footnote::grounding
