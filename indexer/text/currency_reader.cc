#include "indexer/text/currency_reader.h"

#include <algorithm>

#include "indexer/text/code_points.h"
#include "indexer/text/quantity_words.h"

namespace footnote::text {
namespace {

bool IsCapitals(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "US dollars", "US$", "pounds sterling": `word` stands first.
std::optional<Currency> CurrencyOfPair(const QuantityReader& reader,
                                       const FoldedWord& word) {
  const std::string_view dollar = DollarOf(word.text);
  const bool is_pounds = word.text == "pound" || word.text == "pounds";
  if (dollar.empty() && !is_pounds) {
    return std::nullopt;
  }
  if (!dollar.empty() && reader.At(word.end) == '$') {
    return Currency{word.end + 1, dollar};
  }
  const FoldedWord next = reader.WordAt(reader.SkipSpacesOrHyphen(word.end));
  const std::string_view code = CurrencyOfWord(next.text);
  return code == (is_pounds ? "GBP" : "USD")
             ? std::optional(Currency{next.end, is_pounds ? "GBP" : dollar})
             : std::nullopt;
}

}  // namespace

std::optional<Currency> CurrencyBefore(const QuantityReader& reader,
                                       size_t start) {
  const std::string_view text = reader.text();
  const size_t end = reader.SkipSpacesBack(start);
  if (end == 0) {
    return std::nullopt;
  }
  const size_t sign_at = PreviousCodePoint(text, end);
  const std::string_view code = CurrencyOfSign(reader.At(sign_at));
  const FoldedWord word = reader.WordBefore(code.empty() ? end : sign_at);
  const std::string_view written =
      text.substr(word.start, word.end - word.start);
  if (!code.empty()) {
    const std::string_view dollar =
        code == "USD" && IsCapitals(written) ? DollarOf(word.text) : "";
    return dollar.empty() ? Currency{sign_at, code}
                          : Currency{word.start, dollar};
  }
  const std::string_view by_code = CurrencyOfCode(written);
  return by_code.empty() || reader.IsDigitBefore(word.start)
             ? std::nullopt
             : std::optional(Currency{word.start, by_code});
}

std::optional<Currency> CurrencyAt(const QuantityReader& reader, size_t at) {
  at = reader.SkipSpaces(at);
  const std::string_view sign = CurrencyOfSign(reader.At(at));
  if (!sign.empty()) {
    const size_t end = DecodeAt(reader.text(), at).end;
    // That of "5 $6" is of the next number.
    return reader.IsDigitAt(end) ? std::nullopt
                                 : std::optional(Currency{end, sign});
  }
  const FoldedWord word = reader.WordAt(at);
  if (word.text.empty()) {
    return std::nullopt;
  }
  const std::string_view code =
      CurrencyOfCode(reader.text().substr(at, word.end - at));
  const std::string_view name = code.empty() ? CurrencyOfWord(word.text) : code;
  return name.empty() ? CurrencyOfPair(reader, word)
                      : std::optional(Currency{word.end, name});
}

std::optional<Currency> CurrencyAfter(const QuantityReader& reader, size_t end,
                                      bool is_scaled) {
  const bool has_hyphen = reader.At(end) == '-';
  if (const auto currency = CurrencyAt(reader, has_hyphen ? end + 1 : end)) {
    return currency;
  }
  const size_t at = reader.SkipSpaces(end);
  if (!is_scaled || at == end) {
    return std::nullopt;
  }
  const FoldedWord of = reader.WordAt(at);
  if (of.text == "de" || of.text == "di" || of.text == "of") {
    return CurrencyAt(reader, of.end);
  }
  const char32_t mark = reader.At(of.end);
  return of.text == "d" && (mark == '\'' || mark == 0x2019)
             ? CurrencyAt(reader, DecodeAt(reader.text(), of.end).end)
             : std::nullopt;
}

}  // namespace footnote::text
