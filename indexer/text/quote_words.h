// Words as quotes are compared by: case, Unicode forms, white space and
// punctuation mean nothing. tests/grounding/README.md has the rule.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::text {

// One word and where it stands, in bytes of the text.
struct QuoteWord {
  std::string word;  // folded; never empty
  uint32_t start = 0;
  uint32_t end = 0;  // exclusive
};

// Takes a folded word, which lives until the call returns, and its span.
using QuoteWordVisitor =
    std::function<void(std::string_view word, uint32_t start, uint32_t end)>;

// Calls `visit` with the words of a text, in order. Spans do not overlap, but
// for words that come of one character ("½"). Text and word are folded: NFKC,
// full case folding, invisible characters dropped, apostrophes straight. A word
// is a longest run of letters, marks and digits, with "'" between two of them
// and "." or "," between two digits; or one Han character or kana; or one sign
// that bears meaning (currency, mathematics, other symbols, "%", "&", "@").
// Memory-safe on what is no UTF-8. Thread-safe.
void ForEachQuoteWord(std::string_view text, const QuoteWordVisitor& visit);

// Returns the same words.
std::vector<QuoteWord> ReadQuoteWords(std::string_view text);

}  // namespace footnote::text
