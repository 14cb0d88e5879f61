#include "indexer/text/quantities.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "indexer/text/code_points.h"
#include "indexer/text/currency_reader.h"
#include "indexer/text/date_reader.h"
#include "indexer/text/decimal.h"
#include "indexer/text/quantity_reader.h"
#include "indexer/text/quantity_words.h"
#include "indexer/text/utf8.h"

namespace footnote::text {
namespace {

// A number with what multiplies it.
struct Amount {
  size_t start = 0;
  size_t end = 0;
  Decimal value;
  bool is_scaled = false;  // by a word such as "million"
  bool from_word = false;  // "five"
  WrittenNumber number;    // where not from_word
};

// Finds the quantities of one text.
class QuantityFinder {
 public:
  QuantityFinder(std::string_view text, std::string_view language)
      : text_(text),
        language_(language),
        comma_is_decimal_(UsesDecimalComma(language)),
        reader_(text) {}

  std::vector<Quantity> Find() {
    size_t at = 0;
    while ((at = NextNumber(at)) < text_.size()) {
      const size_t next = IsDigit(at) ? ReadFromDigit(at) : ReadFromWord(at);
      at = std::max(next, at + 1);
    }
    return std::move(found_);
  }

 private:
  bool IsDigit(size_t at) const { return reader_.IsDigitAt(at); }

  // Returns the place of the next digit, or of the next word that may be a
  // number, from `at` on.
  size_t NextNumber(size_t at) const {
    for (; at < text_.size(); at = DecodeAt(text_, at).end) {
      const char byte = text_[at];
      if (static_cast<signed char>(byte) < 0) {
        if (IsDigit(at)) {
          return at;
        }
      } else if ((byte >= '0' && byte <= '9') ||
                 (MayBeginNumber(byte) && IsWordStart(at) &&
                  NumberAt(at) > 0)) {
        return at;
      }
    }
    return at;
  }

  // "one" to "ninety"
  static bool MayBeginNumber(char byte) {
    const char lower = static_cast<char>(byte | 0x20);
    return lower == 'o' || lower == 't' || lower == 'f' || lower == 's' ||
           lower == 'e' || lower == 'n';
  }
  bool IsWordStart(size_t at) const {
    return at == 0 ||
           (!IsAsciiLetter(text_[at - 1]) && !reader_.IsInWordBefore(at));
  }
  static bool IsAsciiLetter(char c) {
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z';
  }

  // Returns the number that the word at `at` is, or 0.
  int NumberAt(size_t at) const {
    constexpr size_t kLongest = 9;
    std::string word;
    while (at < text_.size() && IsAsciiLetter(text_[at]) &&
           word.size() <= kLongest) {
      word += static_cast<char>(text_[at++] | 0x20);
    }
    return word.size() > kLongest ? 0 : NumberOfWord(word);
  }

  // Reads what the word at `at` begins; returns where to go on.
  size_t ReadFromWord(size_t at) {
    const FoldedWord word = reader_.WordAt(at);
    if (reader_.Before(at) == '-' || IsRangeMark(word.end)) {
      return word.end;  // "twenty-five"
    }
    Amount amount;
    amount.start = at;
    amount.end = word.end;
    amount.value.digits = std::to_string(NumberAt(at));
    amount.from_word = true;
    return ReadAmount(std::move(amount));
  }

  // Reads what the digit at `at` begins; returns where to go on.
  size_t ReadFromDigit(size_t at) {
    const size_t digits_end = SkipDigits(at);
    if (reader_.IsInWordBefore(at)) {
      return digits_end;
    }
    if (!IsPartOfMore(at)) {
      if (const auto date = ReadDate(reader_, at)) {
        const bool has_time =
            reader_.At(date->end) == 'T' && IsDigit(date->end + 1);
        if (has_time || !reader_.IsInWordAt(date->end)) {
          Add(date->start, date->end, "date/" + date->key);
          return date->end;
        }
      }
    }
    const auto number = ReadNumber(text_, at, comma_is_decimal_);
    if (!number) {
      return SkipNumbers(at);
    }
    if (IsPartOfMore(at) || IsRange(number->end)) {
      return number->end;
    }
    Amount amount;
    amount.start = at;
    amount.end = number->end;
    amount.value = number->value;
    amount.number = *number;
    return ReadAmount(std::move(amount));
  }

  size_t SkipDigits(size_t at) const {
    while (at < text_.size() && IsDigit(at)) {
      at = DecodeAt(text_, at).end;
    }
    return at;
  }

  // Skips "1.2.3" and the like.
  size_t SkipNumbers(size_t at) const {
    at = SkipDigits(at);
    while (at + 1 < text_.size() && (text_[at] == '.' || text_[at] == ',') &&
           IsDigit(at + 1)) {
      at = SkipDigits(at + 1);
    }
    return at;
  }

  // Whether a mark that joins numbers to ranges, times and the like is at `at`.
  bool IsRangeMark(size_t at) const {
    const char32_t mark = reader_.At(at);
    return mark == '-' || mark == '/' || mark == ':' || mark == 0x2010 ||
           mark == 0x2011 || mark == 0x2012 || mark == 0x2013 || mark == 0x2212;
  }
  bool IsRange(size_t at) const {
    if (!IsRangeMark(at)) {
      return false;
    }
    const size_t next = DecodeAt(text_, at).end;
    return IsDigit(next) || !CurrencyOfSign(reader_.At(next)).empty();
  }

  // Whether such a mark after a digit or a letter is before `at`, or a point or
  // comma after a digit.
  bool IsPartOfMore(size_t at) const {
    if (at == 0) {
      return false;
    }
    const size_t mark = PreviousCodePoint(text_, at);
    return IsRangeMark(mark) ? reader_.IsInWordBefore(mark)
                             : (text_[mark] == '.' || text_[mark] == ',') &&
                                   reader_.IsDigitBefore(mark);
  }

  // Completes an amount with the words around it and adds it where it is a
  // quantity; returns where to go on.
  size_t ReadAmount(Amount amount) {
    const auto before = amount.from_word
                            ? std::optional<Currency>()
                            : CurrencyBefore(reader_, amount.start);
    ReadScale(before.has_value(), &amount);
    if (before) {
      return AddMoney(before->at, amount, amount.end, before->code);
    }
    if (const auto after =
            CurrencyAfter(reader_, amount.end, amount.is_scaled)) {
      return AddMoney(amount.start, amount, after->at, after->code);
    }
    if (const size_t end = PercentEnd(amount.end); end > 0) {
      return AddValue(amount, end, "percent/");
    }
    if (const auto unit = UnitAfter(amount)) {
      Amount scaled = amount;
      scaled.value.exponent += unit->power;
      return AddValue(scaled, unit->end, "unit/" + unit->base + "/");
    }
    const bool is_number = !reader_.IsInWordAt(amount.end) && IsNumber(amount);
    return is_number ? AddValue(amount, amount.end, "number/") : amount.end;
  }

  // Whether an amount is a quantity without a unit. Four digits are mostly a
  // year.
  static bool IsNumber(const Amount& amount) {
    constexpr size_t kLeastDigits = 5;
    return amount.is_scaled || (!amount.from_word && amount.number.is_whole &&
                                (amount.number.is_grouped ||
                                 amount.number.whole_digits >= kLeastDigits));
  }

  // Takes in "million", "bn" and the like.
  void ReadScale(bool is_money, Amount* amount) const {
    for (int i = 0; i < 2; ++i) {  // "mil millones"
      const size_t at = reader_.SkipSpacesOrHyphen(amount->end);
      const FoldedWord word = reader_.WordAt(at);
      int power = PowerOfWord(word.text, language_);
      if (power == 0 && i == 0 && at == amount->end &&
          (is_money || CurrencyAt(reader_, word.end))) {
        power = PowerOfMoneyLetter(word.text);
      }
      if (power == 0 || IsDigit(word.end)) {
        return;
      }
      amount->value.exponent += power;
      amount->is_scaled = true;
      amount->end = word.end;
      const bool has_stop = word.text == "mio" || word.text == "mrd" ||
                            word.text == "tsd" || word.text == "mln" ||
                            word.text == "mld";
      if (has_stop && reader_.At(amount->end) == '.') {
        ++amount->end;
      }
    }
  }

  // Returns the end of "%" or "percent" after `at`, 0 where there is none.
  size_t PercentEnd(size_t at) const {
    const size_t start = reader_.SkipSpacesOrHyphen(at);
    const char32_t sign = reader_.At(start);
    if (sign == '%' || sign == 0xFF05 || sign == 0xFE6A || sign == 0x66A) {
      return DecodeAt(text_, start).end;
    }
    const FoldedWord word = reader_.WordAt(start);
    if (IsPercentWord(word.text)) {
      return word.end;
    }
    if (word.text.empty()) {
      return 0;
    }
    const FoldedWord next = reader_.WordAt(reader_.SkipSpaces(word.end));
    return IsPercentPair(word.text, next.text) ? next.end : 0;
  }

  struct MeasuredIn {
    std::string base;
    int power = 0;
    size_t end = 0;
  };

  std::optional<MeasuredIn> UnitAfter(const Amount& amount) const {
    const size_t at = reader_.SkipSpacesOrHyphen(amount.end);
    if (const Unit* sign = FindUnitSign(text_.substr(at), at > amount.end)) {
      return MeasuredIn{std::string(sign->base), sign->power,
                        at + sign->text.size()};
    }
    const FoldedWord word = reader_.WordAt(at);
    const auto unit = FindUnitWord(word.text);
    if (!unit) {
      return std::nullopt;
    }
    MeasuredIn measured{std::string(unit->base), unit->power, word.end};
    if (unit->base == "W") {  // "kilowatt-hours"
      const FoldedWord hours =
          reader_.WordAt(reader_.SkipSpacesOrHyphen(word.end));
      if (hours.text == "hour" || hours.text == "hours") {
        measured.base = "Wh";
        measured.end = hours.end;
      }
    }
    return measured;
  }

  size_t AddMoney(size_t start, const Amount& amount, size_t end,
                  std::string_view code) {
    Amount whole = amount;
    whole.start = start;
    return AddValue(whole, end, "money/" + std::string(code) + "/");
  }

  size_t AddValue(const Amount& amount, size_t end, const std::string& kind) {
    size_t start = amount.start;
    const bool is_negative = IsMinusBefore(start);
    if (is_negative) {
      start = PreviousCodePoint(text_, start);
    }
    Add(start, end, kind + amount.value.Canonical(is_negative));
    return end;
  }

  // Whether a minus stands before `at` that no word or number ends at.
  bool IsMinusBefore(size_t at) const {
    const char32_t sign = reader_.Before(at);
    if (sign != '-' && sign != 0x2212) {
      return false;
    }
    const size_t before = PreviousCodePoint(text_, at);
    const char32_t outside = reader_.Before(before);
    return outside == 0 || outside == ' ' || outside == '(' ||
           outside == '\n' || outside == 0xA0;
  }

  void Add(size_t start, size_t end, std::string key) {
    const bool is_apart = found_.empty() || start >= found_.back().end;
    if (is_apart && IsGraphemeBoundary(text_, start) &&
        IsGraphemeBoundary(text_, end)) {
      found_.push_back({static_cast<uint32_t>(start),
                        static_cast<uint32_t>(end), std::move(key)});
    }
  }

  std::string_view text_;
  std::string_view language_;
  const bool comma_is_decimal_;
  const QuantityReader reader_;
  std::vector<Quantity> found_;
};

}  // namespace

std::vector<Quantity> FindQuantities(std::string_view text,
                                     std::string_view language) {
  return QuantityFinder(text, language).Find();
}

}  // namespace footnote::text
