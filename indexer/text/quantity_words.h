// The words and signs that make a number a quantity. Words are folded (see
// FoldWord()).

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace footnote::text {

// Whether a comma is the decimal separator where the language is written.
bool UsesDecimalComma(std::string_view language);

// Returns the number that a word is ("five"), or 0.
int NumberOfWord(std::string_view word);

// Returns the power of ten that a word multiplies by ("billion": 9, or 12 where
// the language counts so), or 0. `word` may be short ("bn").
int PowerOfWord(std::string_view word, std::string_view language);
// The same for what stands right after an amount of money only: "k", "m", "b".
int PowerOfMoneyLetter(std::string_view word);

// Returns the code of a currency (ISO 4217), or "": of a sign such as U+20AC,
// of a code such as "USD" in capitals as it stands in a text, of a word such as
// "euros".
std::string_view CurrencyOfSign(char32_t sign);
std::string_view CurrencyOfCode(std::string_view code);
std::string_view CurrencyOfWord(std::string_view word);
// Returns the currency of a dollar with a word or letters before it, "canadian"
// or "hk"; "" where they say nothing.
std::string_view DollarOf(std::string_view before);

// Returns whether a word, or two with a space between them, mean "percent".
bool IsPercentWord(std::string_view word);
bool IsPercentPair(std::string_view first, std::string_view second);

// What something is measured in: a multiple of a base unit.
struct Unit {
  std::string_view text;  // as it is written
  std::string_view base;
  int power = 0;  // of ten
};

// Returns the unit whose sign `rest` starts with ("MW", "km/h"), followed by
// nothing that would make it another; a letter by itself only where it is
// `spaced` from the number.
const Unit* FindUnitSign(std::string_view rest, bool spaced);
// Returns the unit of a word ("megawatts"); its text is the word.
std::optional<Unit> FindUnitWord(std::string_view word);

// Returns the month, 1 to 12, that a word or its abbreviation names, or 0.
unsigned MonthOfWord(std::string_view word);

}  // namespace footnote::text
