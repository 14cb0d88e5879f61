#include "server/grounding/pieces.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "indexer/text/char_class.h"
#include "indexer/text/code_points.h"
#include "indexer/text/decimal.h"
#include "indexer/text/quantities.h"
#include "indexer/text/quantity_words.h"
#include "server/grounding/date_pieces.h"
#include "server/grounding/name_pieces.h"
#include "server/grounding/written_numbers.h"

namespace footnote::grounding {
namespace {

// Units of time: the base that amounts of them are compared in.
struct TimeUnit {
  std::string_view word;
  std::string_view base;
  int64_t factor;
};
constexpr TimeUnit kTimeUnits[] = {
    {"second", "s", 1},         {"seconds", "s", 1},
    {"minute", "s", 60},        {"minutes", "s", 60},
    {"hour", "s", 3600},        {"hours", "s", 3600},
    {"day", "s", 86400},        {"days", "s", 86400},
    {"week", "s", 604800},      {"weeks", "s", 604800},
    {"month", "month", 1},      {"months", "month", 1},
    {"year", "month", 12},      {"years", "month", 12},
    {"decade", "month", 120},   {"decades", "month", 120},
    {"century", "month", 1200}, {"centuries", "month", 1200}};

constexpr std::string_view kMore[] = {"over", "above", "exceeding", "least",
                                      "beyond"};
constexpr std::string_view kLess[] = {"under", "below", "nearly", "almost",
                                      "most",  "to",    "until"};

constexpr std::string_view kOrdinals[] = {
    "first", "second",  "third",  "fourth", "fifth",
    "sixth", "seventh", "eighth", "ninth",  "tenth"};

template <size_t kSize>
bool Has(const std::string_view (&list)[kSize], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

const TimeUnit* FindTimeUnit(std::string_view word) {
  const auto* const at =
      std::find_if(std::begin(kTimeUnits), std::end(kTimeUnits),
                   [&](const TimeUnit& unit) { return unit.word == word; });
  return at == std::end(kTimeUnits) ? nullptr : at;
}

std::string_view ValueOf(std::string_view key) {
  return key.substr(key.rfind('/') + 1);
}

// Finds the pieces of one text.
class PieceFinder {
 public:
  PieceFinder(std::string_view text, const std::vector<text::Token>& tokens,
              std::string_view language)
      : text_(text),
        tokens_(tokens),
        language_(language),
        taken_(tokens.size()) {}

  std::vector<Piece> Find() {
    const std::vector<text::Quantity> quantities =
        text::FindQuantities(text_, language_);
    for (Piece& date : FindDates(text_, tokens_, quantities)) {
      Add(std::move(date));
    }
    AddWrittenOut();
    for (const text::Quantity& quantity : quantities) {
      AddQuantity(quantity);
    }
    AddNumbers();
    for (Piece& name : FindNames(text_, tokens_, language_, taken_)) {
      Add(std::move(name));
    }
    std::sort(found_.begin(), found_.end(),
              [](const Piece& a, const Piece& b) { return a.start < b.start; });
    return std::move(found_);
  }

 private:
  std::string_view WordAt(size_t at) const {
    return at < tokens_.size() ? std::string_view(tokens_[at].word)
                               : std::string_view();
  }

  void Add(Piece piece) {
    std::fill(taken_.begin() + piece.first, taken_.begin() + piece.last, true);
    found_.push_back(std::move(piece));
  }

  bool IsTaken(const Piece& piece) const {
    return std::find(taken_.begin() + piece.first, taken_.begin() + piece.last,
                     true) != taken_.begin() + piece.last;
  }

  // Amounts of several words: "two hundred million dollars".
  void AddWrittenOut() {
    for (uint32_t at = 0; at < tokens_.size(); ++at) {
      const auto number = ReadWrittenOut(text_, tokens_, at, language_);
      if (!number) {
        continue;
      }
      Piece piece = PieceOf(at);
      piece.last = number->last;
      piece.end = tokens_[piece.last - 1].end;
      TakeMeasure(std::to_string(number->value), &piece);
      if (!IsTaken(piece)) {
        Add(piece);
      }
      at = piece.last - 1;
    }
  }

  // Takes in what follows a number: a currency, "percent", a unit.
  void TakeMeasure(const std::string& value, Piece* piece) const {
    const std::string_view word = WordAt(piece->last);
    if (const TimeUnit* unit = FindTimeUnit(word)) {
      TakeTime(*unit, value, piece);
      return;
    }
    if (const auto currency = text::CurrencyOfWord(word); !currency.empty()) {
      piece->kind = PieceKind::kMoney;
      piece->key = "money/" + std::string(currency) + "/" + value;
    } else if (text::IsPercentWord(word)) {
      piece->kind = PieceKind::kPercent;
      piece->key = "percent/" + value;
    } else if (const auto unit = text::FindUnitWord(word)) {
      piece->kind = PieceKind::kUnit;
      piece->key = "unit/" + std::string(unit->base) + "/" +
                   text::Decimal{value, unit->power}.Canonical();
    } else {
      piece->key = "number/" + value;
      TakeCurrency(piece);
      return;
    }
    piece->end = tokens_[piece->last].end;
    ++piece->last;
  }

  void AddQuantity(const text::Quantity& quantity) {
    constexpr std::pair<std::string_view, PieceKind> kKinds[] = {
        {"money/", PieceKind::kMoney},
        {"percent/", PieceKind::kPercent},
        {"unit/", PieceKind::kUnit},
        {"number/", PieceKind::kNumber}};
    const auto* const kind = std::find_if(
        std::begin(kKinds), std::end(kKinds), [&](const auto& entry) {
          return quantity.key.starts_with(entry.first);
        });
    if (kind == std::end(kKinds)) {
      return;  // a date
    }
    Piece piece;
    piece.kind = kind->second;
    piece.start = quantity.start;
    piece.end = quantity.end;
    piece.key = quantity.key;
    while (piece.first < tokens_.size() &&
           tokens_[piece.first].end <= quantity.start) {
      ++piece.first;
    }
    piece.last = piece.first;
    while (piece.last < tokens_.size() &&
           tokens_[piece.last].start < quantity.end) {
      ++piece.last;
    }
    piece.bound = BoundBefore(piece.first);
    TakeCurrency(&piece);
    if (piece.last > piece.first && !IsTaken(piece)) {
      Add(std::move(piece));
    }
  }

  // Takes in a word after a number that is a currency of several countries.
  void TakeCurrency(Piece* piece) const {
    constexpr std::string_view kCurrencies[] = {
        "pound",  "pounds", "franc", "francs", "krone",  "kroner",  "krona",
        "kronor", "crowns", "peso",  "pesos",  "dinar",  "dinars",  "dirhams",
        "lira",   "liras",  "rand",  "reais",  "riyals", "ringgit", "forint"};
    if (piece->kind == PieceKind::kNumber &&
        Has(kCurrencies, WordAt(piece->last))) {
      piece->kind = PieceKind::kMoney;
      piece->key = "money//" + std::string(ValueOf(piece->key));
      piece->end = tokens_[piece->last].end;
      ++piece->last;
    }
  }

  // What "more than", "up to" and the like say of the amount at a token.
  Bound BoundBefore(size_t at) const {
    if (WordAt(at + 1) == "or" && WordAt(at + 2) == "more") {
      return Bound::kMore;
    }
    if (at == 0) {
      return Bound::kNone;
    }
    const std::string_view before = WordAt(at - 1);
    const std::string_view more_before =
        at > 1 ? WordAt(at - 2) : std::string_view();
    if (before == "than") {
      return more_before == "more" || more_before == "greater" ||
                     more_before == "higher"
                 ? Bound::kMore
                 : Bound::kLess;
    }
    if (Has(kMore, before)) {
      return Bound::kMore;
    }
    const bool is_less =
        before == "to" ? more_before == "up" : Has(kLess, before);
    return is_less ? Bound::kLess : Bound::kNone;
  }

  // Small numbers, in digits or words, and amounts of time.
  void AddNumbers() {
    for (uint32_t at = 0; at < tokens_.size(); ++at) {
      if (taken_[at]) {
        continue;
      }
      if (auto piece = NumberAt(at)) {
        Add(*std::move(piece));
      }
    }
  }

  // Returns a piece that is one token.
  Piece PieceOf(uint32_t at) const {
    Piece piece;
    piece.start = tokens_[at].start;
    piece.end = tokens_[at].end;
    piece.first = at;
    piece.last = at + 1;
    piece.bound = BoundBefore(at);
    return piece;
  }

  // Returns which one an ordinal says, "third" or "3rd", or 0.
  int OrdinalAt(uint32_t at) const {
    const std::string_view word = WordAt(at);
    const auto name = static_cast<size_t>(
        std::find(std::begin(kOrdinals), std::end(kOrdinals), word) -
        std::begin(kOrdinals));
    if (name < std::size(kOrdinals)) {
      return static_cast<int>(name) + 1;
    }
    constexpr size_t kEnding = 2;
    constexpr size_t kLongest = 4;
    const bool has_ending = word.ends_with("st") || word.ends_with("nd") ||
                            word.ends_with("rd") || word.ends_with("th");
    int value = 0;
    if (has_ending && word.size() > kEnding && word.size() <= kLongest) {
      for (const char c : word.substr(0, word.size() - kEnding)) {
        value =
            c >= '0' && c <= '9' && value >= 0 ? value * 10 + (c - '0') : -1;
      }
    }
    return std::max(value, 0);
  }

  std::optional<Piece> NumberAt(uint32_t at) const {
    if (const int ordinal = OrdinalAt(at); ordinal > 0) {
      Piece piece = PieceOf(at);
      piece.key = "ordinal/" + std::to_string(ordinal);
      return piece;
    }
    std::string value;
    const std::string_view word = WordAt(at);
    const bool is_digits =
        text::DigitValue(text::DecodeAt(text_, tokens_[at].start).value) >= 0;
    if (is_digits) {
      const auto number = text::ReadNumber(text_, tokens_[at].start,
                                           text::UsesDecimalComma(language_));
      if (!number || number->end != tokens_[at].end) {
        return std::nullopt;
      }
      value = number->value.Canonical();
    } else if (const int number = NumberOf(word); number > 0) {
      value = std::to_string(number);
    } else if (word == "a" || word == "an") {
      value = "1";
    } else {
      return std::nullopt;
    }
    Piece piece = PieceOf(at);
    if (const TimeUnit* unit = FindTimeUnit(WordAt(at + 1))) {
      TakeTime(*unit, value, &piece);
      piece.is_sure = word != "a" && word != "an";
      return piece;
    }
    if (word == "one" || word == "a" || word == "an") {
      return std::nullopt;  // rather a pronoun or an article
    }
    piece.key = "number/" + value;
    TakeCurrency(&piece);
    return piece;
  }

  void TakeTime(const TimeUnit& unit, const std::string& value,
                Piece* piece) const {
    piece->kind = PieceKind::kUnit;
    piece->end = tokens_[piece->last].end;
    ++piece->last;
    piece->key =
        "unit/" + std::string(unit.base) + "/" + Multiply(value, unit.factor);
  }

  // Returns a canonical decimal times a factor, likewise.
  static std::string Multiply(const std::string& value, int64_t factor) {
    constexpr size_t kMaxDigits = 10;
    if (value.size() > kMaxDigits) {
      return value + "*" + std::to_string(factor);
    }
    const size_t point = std::min(value.find('.'), value.size());
    std::string digits = value;
    digits.erase(point, 1);
    const auto places = static_cast<int>(digits.size() - point);
    return text::Decimal{std::to_string(std::stoll(digits) * factor), -places}
        .Canonical();
  }

  static int NumberOf(std::string_view word) {
    if (word == "dozen") {
      return 12;
    }
    return word == "hundred" ? 100 : text::NumberOfWord(word);
  }

  std::string_view text_;
  const std::vector<text::Token>& tokens_;
  std::string_view language_;
  std::vector<bool> taken_;  // tokens that are of a piece
  std::vector<Piece> found_;
};

// Whether an amount is of no unit, or of a currency that could be several.
bool IsBare(const Piece& piece) {
  return piece.kind == PieceKind::kNumber || piece.kind == PieceKind::kDate ||
         piece.key.starts_with("money//");
}

}  // namespace

bool IsSameAmount(const Piece& a, const Piece& b) {
  const bool is_bare = IsBare(a) || IsBare(b);
  return !a.key.empty() && !b.key.empty() &&
         (a.key == b.key || (is_bare && ValueOf(a.key) == ValueOf(b.key)));
}

std::vector<Piece> FindPieces(std::string_view text,
                              const std::vector<text::Token>& tokens,
                              std::string_view language) {
  return PieceFinder(text, tokens, language).Find();
}

}  // namespace footnote::grounding
