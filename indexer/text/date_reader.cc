#include "indexer/text/date_reader.h"

#include <chrono>
#include <cstdio>

#include "indexer/text/code_points.h"
#include "indexer/text/decimal.h"
#include "indexer/text/quantity_words.h"

namespace footnote::text {
namespace {

constexpr int kMinYear = 1000;
constexpr int kMaxYear = 2999;

// A whole number of a few digits.
struct SmallNumber {
  int value = 0;
  size_t digits = 0;
  size_t end = 0;
};

SmallNumber ReadSmall(const QuantityReader& reader, size_t at) {
  constexpr size_t kMostDigits = 5;
  SmallNumber number{0, 0, at};
  while (number.digits < kMostDigits && reader.IsDigitAt(number.end)) {
    number.value = number.value * 10 + DigitValue(reader.At(number.end));
    ++number.digits;
    number.end = DecodeAt(reader.text(), number.end).end;
  }
  return number;
}

bool IsYear(const SmallNumber& number) {
  return number.digits == 4 && number.value >= kMinYear &&
         number.value <= kMaxYear;
}

bool IsDay(const SmallNumber& number) {
  return number.digits >= 1 && number.digits <= 2;
}

std::optional<WrittenDate> MakeDate(size_t start, size_t end, int year,
                                    unsigned month, int day) {
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(month),
      std::chrono::day(static_cast<unsigned>(day == 0 ? 1 : day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  char key[32];
  if (day == 0) {
    std::snprintf(key, sizeof(key), "%04d-%02u", year, month);
  } else {
    std::snprintf(key, sizeof(key), "%04d-%02u-%02d", year, month, day);
  }
  return WrittenDate{start, end, key};
}

// "2026-04-21", "21.04.2026", "4/21/2026".
std::optional<WrittenDate> ReadNumbers(const QuantityReader& reader,
                                       size_t at) {
  const SmallNumber first = ReadSmall(reader, at);
  const char32_t mark = reader.At(first.end);
  if (mark != '-' && mark != '.' && mark != '/') {
    return std::nullopt;
  }
  const auto next = [&](size_t end) {
    return ReadSmall(reader,
                     mark == '.' ? reader.SkipSpaces(end + 1) : end + 1);
  };
  const SmallNumber second = next(first.end);
  if (!IsDay(second) || reader.At(second.end) != mark) {
    return std::nullopt;
  }
  const SmallNumber third = next(second.end);
  if (reader.IsDigitAt(third.end)) {
    return std::nullopt;
  }
  const auto month = [](const SmallNumber& number) {
    return static_cast<unsigned>(number.value);
  };
  if (IsYear(first) && mark != '.' && IsDay(third) && third.value > 0) {
    return MakeDate(at, third.end, first.value, month(second), third.value);
  }
  if (!IsYear(third) || !IsDay(first) || mark == '-' || first.value == 0 ||
      second.value == 0) {
    return std::nullopt;
  }
  constexpr int kMonths = 12;
  const bool day_first =
      mark == '.' || first.value > kMonths || first.value == second.value;
  if (!day_first && second.value <= kMonths) {
    return std::nullopt;  // either may be the month
  }
  return day_first
             ? MakeDate(at, third.end, third.value, month(second), first.value)
             : MakeDate(at, third.end, third.value, month(first), second.value);
}

// "2026年4月21日"
std::optional<WrittenDate> ReadChinese(const QuantityReader& reader,
                                       size_t at) {
  constexpr char32_t kYear = 0x5E74;
  constexpr char32_t kMonth = 0x6708;
  constexpr char32_t kDay = 0x65E5;
  const SmallNumber year = ReadSmall(reader, at);
  if (!IsYear(year) || reader.At(year.end) != kYear) {
    return std::nullopt;
  }
  const std::string_view text = reader.text();
  const SmallNumber month = ReadSmall(reader, DecodeAt(text, year.end).end);
  if (!IsDay(month) || reader.At(month.end) != kMonth) {
    return std::nullopt;
  }
  const size_t month_end = DecodeAt(text, month.end).end;
  const SmallNumber day = ReadSmall(reader, month_end);
  const bool has_day =
      IsDay(day) && day.value > 0 && reader.At(day.end) == kDay;
  return MakeDate(at, has_day ? DecodeAt(text, day.end).end : month_end,
                  year.value, static_cast<unsigned>(month.value),
                  has_day ? day.value : 0);
}

// Skips "st", "th", a full stop or the like after a day.
size_t SkipOrdinal(const QuantityReader& reader, size_t at) {
  const char32_t next = reader.At(at);
  if (next == '.' || next == 0xBA || next == 0xAA) {
    return DecodeAt(reader.text(), at).end;
  }
  const FoldedWord word = reader.WordAt(at);
  const bool is_ordinal = word.text == "st" || word.text == "nd" ||
                          word.text == "rd" || word.text == "th" ||
                          word.text == "er";
  return is_ordinal ? word.end : at;
}

// Skips "of" or "de" and the spaces around it.
size_t SkipOf(const QuantityReader& reader, size_t at) {
  const size_t start = reader.SkipSpaces(at);
  const FoldedWord word = reader.WordAt(start);
  return word.text == "of" || word.text == "de" ? reader.SkipSpaces(word.end)
                                                : start;
}

// Skips the full stop of an abbreviated month, a comma, and what is between it
// and the year.
size_t SkipToYear(const QuantityReader& reader, size_t at) {
  if (reader.At(at) == '.' || reader.At(at) == ',') {
    ++at;
  }
  return SkipOf(reader, at);
}

std::optional<SmallNumber> ReadYear(const QuantityReader& reader, size_t at) {
  const SmallNumber year = ReadSmall(reader, at);
  return IsYear(year) && !reader.IsInWordAt(year.end) ? std::optional(year)
                                                      : std::nullopt;
}

// "21 April 2026", "21st of April, 2026"
std::optional<WrittenDate> ReadDayMonth(const QuantityReader& reader,
                                        size_t at) {
  const SmallNumber day = ReadSmall(reader, at);
  if (!IsDay(day) || day.value == 0) {
    return std::nullopt;
  }
  size_t next = SkipOrdinal(reader, day.end);
  next = reader.At(next) == '-' ? next + 1 : SkipOf(reader, next);
  const FoldedWord word = reader.WordAt(next);
  const unsigned month = MonthOfWord(word.text);
  if (month == 0) {
    return std::nullopt;
  }
  next =
      reader.At(word.end) == '-' ? word.end + 1 : SkipToYear(reader, word.end);
  const auto year = ReadYear(reader, next);
  return year ? MakeDate(at, year->end, year->value, month, day.value)
              : std::nullopt;
}

// "April 21, 2026", "April 2026": the month stands before `at`.
std::optional<WrittenDate> ReadAfterMonth(const QuantityReader& reader,
                                          size_t at) {
  size_t before = reader.SkipSpacesBack(at);
  if (before == at) {
    return std::nullopt;
  }
  if (reader.Before(before) == '.' || reader.Before(before) == ',') {
    --before;
  }
  FoldedWord word = reader.WordBefore(before);
  if (word.text == "de" || word.text == "of") {
    word = reader.WordBefore(reader.SkipSpacesBack(word.start));
  }
  const unsigned month = MonthOfWord(word.text);
  if (month == 0 || reader.IsInWordBefore(word.start)) {
    return std::nullopt;
  }
  if (const auto year = ReadYear(reader, at)) {
    return MakeDate(word.start, year->end, year->value, month, 0);
  }
  const SmallNumber day = ReadSmall(reader, at);
  if (!IsDay(day) || day.value == 0) {
    return std::nullopt;
  }
  const size_t ordinal = SkipOrdinal(reader, day.end);
  const size_t comma = reader.At(ordinal) == ',' ? ordinal + 1 : ordinal;
  const size_t next = reader.SkipSpaces(comma);
  const auto year = next > day.end ? ReadYear(reader, next) : std::nullopt;
  return year ? MakeDate(word.start, year->end, year->value, month, day.value)
              : std::nullopt;
}

}  // namespace

std::optional<WrittenDate> ReadDate(const QuantityReader& reader, size_t at) {
  for (const auto read :
       {ReadNumbers, ReadChinese, ReadDayMonth, ReadAfterMonth}) {
    if (auto date = read(reader, at)) {
      return date;
    }
  }
  return std::nullopt;
}

}  // namespace footnote::text
