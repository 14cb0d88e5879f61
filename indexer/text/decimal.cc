#include "indexer/text/decimal.h"

#include <algorithm>
#include <vector>

#include <unicode/uchar.h>

#include "indexer/text/code_points.h"

namespace footnote::text {
namespace {

constexpr size_t kMostDigits = 30;
constexpr size_t kGroup = 3;

// What may stand between digits: what it is, and how many bytes it takes.
struct Mark {
  char kind = 0;  // ',' '.' '\'' ' ', 0 for none
  size_t bytes = 0;
};

Mark MarkAt(std::string_view text, size_t at, bool with_spaces) {
  if (at >= text.size()) {
    return {};
  }
  const CodePoint read = DecodeAt(text, at);
  const size_t bytes = read.end - at;
  switch (read.value) {
    case ',':
    case 0xFF0C:  // full width
      return {',', bytes};
    case '.':
    case 0xFF0E:
      return {'.', bytes};
    case '\'':
    case 0x2019:  // right single quotation mark
      return {'\'', bytes};
    case ' ':
      return {with_spaces ? ' ' : '\0', bytes};
    case 0xA0:    // spaces that do not break
    case 0x2009:  // thin
    case 0x202F:
      return {' ', bytes};
    default:
      return {};
  }
}

// Digits that stand together, and the mark before them.
struct Run {
  char mark = 0;
  std::string digits;
  size_t end = 0;
};

Run ReadRun(std::string_view text, size_t at) {
  Run run;
  run.end = at;
  while (run.end < text.size()) {
    const CodePoint read = DecodeAt(text, run.end);
    const int value = DigitValue(read.value);
    if (value < 0) {
      break;
    }
    run.digits += static_cast<char>('0' + value);
    run.end = read.end;
  }
  return run;
}

std::vector<Run> ReadRuns(std::string_view text, size_t at, bool with_spaces) {
  std::vector<Run> runs = {ReadRun(text, at)};
  while (true) {
    const Mark mark = MarkAt(text, runs.back().end, with_spaces);
    if (mark.kind == 0) {
      return runs;
    }
    Run next = ReadRun(text, runs.back().end + mark.bytes);
    const bool divides_only = mark.kind == ' ' || mark.kind == '\'';
    if (next.digits.empty() ||
        (divides_only && (next.digits.size() != kGroup ||
                          runs.back().digits.size() > kGroup))) {
      return runs;
    }
    next.mark = mark.kind;
    runs.push_back(std::move(next));
  }
}

// Whether runs [1, end) are groups of three divided by one mark.
bool AreGroups(const std::vector<Run>& runs, size_t end) {
  if (runs.front().digits.size() > kGroup || runs.front().digits[0] == '0') {
    return false;
  }
  return std::all_of(
      runs.begin() + 1, runs.begin() + static_cast<ptrdiff_t>(end),
      [&](const Run& run) {
        return run.digits.size() == kGroup && run.mark == runs[1].mark;
      });
}

// Returns how many of the runs are before the decimal separator; 0 where they
// are no number.
size_t WholeRuns(const std::vector<Run>& runs, bool comma_is_decimal) {
  const size_t count = runs.size();
  if (count == 1) {
    return 1;
  }
  const char last = runs.back().mark;
  const bool may_be_decimal = last == ',' || last == '.';
  const bool all_groups = AreGroups(runs, count);
  if (count == 2) {
    const bool divides =
        !may_be_decimal || last == (comma_is_decimal ? '.' : ',');
    return all_groups && divides ? 2 : may_be_decimal ? 1 : 0;
  }
  if (all_groups) {
    return count;
  }
  return may_be_decimal && runs[1].mark != last && AreGroups(runs, count - 1)
             ? count - 1
             : 0;
}

}  // namespace

int DigitValue(char32_t c) {
  if (c < 0x80) {
    return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  }
  return u_charDigitValue(static_cast<UChar32>(c));
}

std::string Decimal::Canonical(bool negative) const {
  std::string plain = digits;
  int power = exponent;
  for (; !plain.empty() && plain.back() == '0'; ++power) {
    plain.pop_back();
  }
  if (plain.empty()) {
    return "0";
  }
  if (power >= 0) {
    plain.append(static_cast<size_t>(power), '0');
  } else {
    const auto places = static_cast<size_t>(-power);
    if (plain.size() <= places) {
      plain.insert(0, places - plain.size() + 1, '0');
    }
    plain.insert(plain.size() - places, 1, '.');
  }
  return negative ? "-" + plain : plain;
}

std::optional<WrittenNumber> ReadNumber(std::string_view text, size_t at,
                                        bool comma_is_decimal) {
  const std::vector<Run> runs = ReadRuns(text, at, comma_is_decimal);
  const size_t whole = WholeRuns(runs, comma_is_decimal);
  const bool begins_with_zero =
      runs.front().digits.size() > 1 && runs.front().digits[0] == '0';
  if (whole == 0 || begins_with_zero) {
    return std::nullopt;
  }
  WrittenNumber number;
  number.end = runs.back().end;
  number.is_whole = whole == runs.size();
  number.is_grouped = whole > 1;
  std::string digits;
  for (size_t i = 0; i < runs.size(); ++i) {
    digits += runs[i].digits;
    number.whole_digits += i < whole ? runs[i].digits.size() : 0;
  }
  if (digits.size() > kMostDigits) {
    return std::nullopt;
  }
  number.value.exponent =
      number.is_whole ? 0 : -static_cast<int>(runs.back().digits.size());
  number.value.digits =
      digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
  return number;
}

}  // namespace footnote::text
