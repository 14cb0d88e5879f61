#include "server/grounding/date_pieces.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "indexer/text/quantity_words.h"

namespace footnote::grounding {
namespace {

constexpr std::string_view kWeekdays[] = {"monday",   "tuesday", "wednesday",
                                          "thursday", "friday",  "saturday",
                                          "sunday"};

// Words that a month by itself follows, for months that are words too.
constexpr std::string_view kBeforeMonth[] = {
    "in",    "of",    "last",  "next",   "since",  "by",
    "until", "till",  "early", "mid",    "late",   "this",
    "from",  "every", "each",  "during", "before", "after"};

// Units of time that a number before them counts.
constexpr std::string_view kTimeUnits[] = {
    "seconds", "minutes", "hours", "days", "weeks", "months", "years"};

constexpr int kFirstYear = 1000;
constexpr int kLastYear = 2199;

template <size_t kSize>
size_t IndexIn(const std::string_view (&list)[kSize], std::string_view word) {
  return static_cast<size_t>(std::find(std::begin(list), std::end(list), word) -
                             std::begin(list));
}

// Returns the whole number that `text` is, or -1.
int NumberOf(std::string_view text) {
  int value = -1;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

// Reads "2026-04-21" or "2026-04".
PartialDate ParseKey(std::string_view key) {
  PartialDate date;
  date.year = NumberOf(key.substr(0, 4));
  date.month = NumberOf(key.substr(5, 2));
  if (key.size() > 8) {
    date.day = NumberOf(key.substr(8));
  }
  return date;
}

// Finds the dates of one text.
class DateFinder {
 public:
  DateFinder(std::string_view text, const std::vector<text::Token>& tokens)
      : text_(text), tokens_(tokens) {}

  std::vector<Piece> Find(const std::vector<text::Quantity>& quantities) {
    size_t next = 0;
    for (uint32_t at = 0; at < tokens_.size();) {
      while (next < quantities.size() &&
             quantities[next].end <= tokens_[at].start) {
        ++next;
      }
      const bool is_taken = next < quantities.size() &&
                            quantities[next].start <= tokens_[at].start;
      at = is_taken ? TakeQuantity(quantities[next], at) : ReadAt(at);
    }
    return std::move(found_);
  }

 private:
  std::string_view WordAt(size_t at) const {
    return at < tokens_.size() ? std::string_view(tokens_[at].word)
                               : std::string_view();
  }
  bool IsCapital(size_t at) const {
    const char first = text_[tokens_[at].start];
    return first >= 'A' && first <= 'Z';
  }

  // Returns the token after those of a quantity.
  uint32_t TakeQuantity(const text::Quantity& quantity, uint32_t at) {
    uint32_t last = at;
    while (last < tokens_.size() && tokens_[last].start < quantity.end) {
      ++last;
    }
    constexpr std::string_view kPrefix = "date/";
    if (quantity.key.starts_with(kPrefix)) {
      Add(at, last,
          ParseKey(std::string_view(quantity.key).substr(kPrefix.size())));
      found_.back().start = std::min(found_.back().start, quantity.start);
      found_.back().end = std::max(found_.back().end, quantity.end);
    }
    return last;
  }

  // Returns the token to go on with.
  uint32_t ReadAt(uint32_t at) {
    PartialDate date;
    const std::string_view word = WordAt(at);
    const size_t weekday = IndexIn(kWeekdays, word);
    if (weekday < std::size(kWeekdays) && IsCapital(at)) {
      date.weekday = static_cast<int>(weekday) + 1;
      return Add(at, at + 1, date);
    }
    if (const auto month = MonthAt(at)) {
      return AddMonth(at, *month);
    }
    if (const int year = NumberOf(word); word.size() == 4 && IsYear(at, year)) {
      date.year = year;
      const uint32_t next = Add(at, at + 1, date);
      if (found_.back().date == date) {
        found_.back().key = "number/" + std::to_string(year);
      }
      return next;
    }
    if (word.size() == 5 && word.ends_with('s') &&
        NumberOf(word.substr(0, 4)) >= kFirstYear) {
      date.decade = NumberOf(word.substr(0, 4));
      return Add(at, at + 1, date);
    }
    if (word.size() == 2 && word[0] == 'q' && word[1] >= '1' &&
        word[1] <= '4') {
      date.quarter = word[1] - '0';
      return Add(at, at + 1, date);
    }
    return at + 1;
  }

  // A month by itself; "may" and "march" are mostly something else.
  std::optional<int> MonthAt(uint32_t at) const {
    const std::string_view word = WordAt(at);
    const unsigned month = text::MonthOfWord(word);
    constexpr size_t kShortest = 3;
    if (month == 0 || !IsCapital(at) || word.size() < kShortest) {
      return std::nullopt;
    }
    const bool is_word = word == "may" || word == "march" || word == "mar" ||
                         word == "jan" || word == "juan" || word == "august";
    const bool is_dated = (at > 0 && IndexIn(kBeforeMonth, WordAt(at - 1)) <
                                         std::size(kBeforeMonth)) ||
                          DayAt(at + 1) > 0 || (at > 0 && DayAt(at - 1) > 0);
    if (is_word && !is_dated) {
      return std::nullopt;
    }
    return static_cast<int>(month);
  }

  // Returns the day of a month that a token is, "21" or "21st", or 0.
  int DayAt(size_t at) const {
    std::string_view word = WordAt(at);
    for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
      if (word.size() > 2 && word.ends_with(ending)) {
        word.remove_suffix(ending.size());
      }
    }
    const int day = word.size() <= 2 ? NumberOf(word) : -1;
    return day >= 1 && day <= 31 ? day : 0;
  }

  uint32_t AddMonth(uint32_t at, int month) {
    PartialDate date;
    date.month = month;
    const bool is_before = at > 0 && DayAt(at - 1) > 0;
    if (is_before) {
      date.day = DayAt(at - 1);
      return Add(at - 1, at + 1, date);
    }
    date.day = DayAt(at + 1);
    return Add(at, date.day > 0 ? at + 2 : at + 1, date);
  }

  // Whether a number stands where a year does, and counts nothing.
  bool IsYear(size_t at, int year) const {
    if (year < kFirstYear || year > kLastYear) {
      return false;
    }
    const uint32_t end = tokens_[at].end;
    const bool is_joined =
        end < text_.size() && (text_[end] == '%' || text_[end] == '-') &&
        WordAt(at + 1).size() > 2 && NumberOf(WordAt(at + 1)) < 0;
    return !is_joined &&
           IndexIn(kTimeUnits, WordAt(at + 1)) == std::size(kTimeUnits);
  }

  // Adds the date of some tokens, with what comes before it; returns `last`.
  uint32_t Add(uint32_t first, uint32_t last, PartialDate date) {
    first = ReadPart(first, &date);
    Piece piece;
    piece.kind = PieceKind::kDate;
    piece.first = first;
    piece.last = last;
    piece.start = tokens_[first].start;
    piece.end = tokens_[last - 1].end;
    piece.date = date;
    found_.push_back(std::move(piece));
    return last;
  }

  // Takes in "early in", "mid-", "the end of"; returns the first token then.
  uint32_t ReadPart(uint32_t first, PartialDate* date) const {
    uint32_t at = first;
    for (int skipped = 0; at > 0 && skipped < 3; ++skipped) {
      const std::string_view before = WordAt(at - 1);
      const int part = PartOf(before);
      if (part > 0) {
        date->part = part;
        return at - 1;
      }
      if (before != "in" && before != "of" && before != "the") {
        break;
      }
      --at;
    }
    return first;
  }

  static int PartOf(std::string_view word) {
    if (word == "early" || word == "beginning" || word == "start") {
      return 1;
    }
    if (word == "mid" || word == "middle") {
      return 2;
    }
    return word == "late" || word == "end" ? 3 : 0;
  }

  std::string_view text_;
  const std::vector<text::Token>& tokens_;
  std::vector<Piece> found_;
};

}  // namespace

std::vector<Piece> FindDates(std::string_view text,
                             const std::vector<text::Token>& tokens,
                             const std::vector<text::Quantity>& quantities) {
  return DateFinder(text, tokens).Find(quantities);
}

DateRelation CompareDates(const PartialDate& stated, const PartialDate& asked) {
  const std::pair<int, int> fields[] = {
      {stated.year, asked.year},       {stated.decade, asked.decade},
      {stated.month, asked.month},     {stated.day, asked.day},
      {stated.weekday, asked.weekday}, {stated.quarter, asked.quarter},
      {stated.part, asked.part}};
  DateRelation relation = DateRelation::kSame;
  bool shares_one = false;
  for (const auto& [said, wanted] : fields) {
    if (wanted == 0) {
      continue;
    }
    if (said == 0) {
      relation = DateRelation::kLess;
    } else if (said != wanted) {
      return DateRelation::kOther;
    } else {
      shares_one = true;
    }
  }
  // "2024" says the decade too.
  if (asked.decade != 0 && stated.year != 0) {
    return stated.year / 10 == asked.decade / 10 ? DateRelation::kSame
                                                 : DateRelation::kOther;
  }
  return shares_one ? relation : DateRelation::kLess;
}

}  // namespace footnote::grounding
