#include "indexer/base/time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace footnote {
namespace {

constexpr int64_t kSecondsPerDay = 86400;

// Reads exactly `digits` digits at `*at`, moving it on; nothing otherwise.
std::optional<int> ReadNumber(std::string_view text, size_t* at, int digits) {
  int value = 0;
  for (int i = 0; i < digits; ++i, ++*at) {
    if (*at >= text.size() || text[*at] < '0' || text[*at] > '9') {
      return std::nullopt;
    }
    value = value * 10 + (text[*at] - '0');
  }
  return value;
}

bool Skip(std::string_view text, size_t* at, std::string_view any_of) {
  if (*at < text.size() && any_of.find(text[*at]) != std::string_view::npos) {
    ++*at;
    return true;
  }
  return false;
}

// Reads "+hh:mm", "-hh:mm" or "Z" up to the end, as seconds east of UTC.
std::optional<int> ReadOffset(std::string_view text, size_t* at) {
  if (Skip(text, at, "Zz")) {
    return 0;
  }
  const int sign = *at < text.size() && text[*at] == '-' ? -1 : 1;
  if (!Skip(text, at, "+-")) {
    return std::nullopt;
  }
  const auto hours = ReadNumber(text, at, 2);
  if (!hours || !Skip(text, at, ":")) {
    return std::nullopt;
  }
  const auto minutes = ReadNumber(text, at, 2);
  if (!minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  return sign * (*hours * 3600 + *minutes * 60);
}

// Reads "hh:mm[:ss[.fraction]]" and an offset, as seconds to add to the day.
std::optional<int> ReadTimeOfDay(std::string_view text, size_t* at) {
  const auto hour = ReadNumber(text, at, 2);
  if (!hour || !Skip(text, at, ":")) {
    return std::nullopt;
  }
  const auto minute = ReadNumber(text, at, 2);
  std::optional<int> second = 0;
  if (Skip(text, at, ":")) {
    second = ReadNumber(text, at, 2);
    if (Skip(text, at, ".")) {
      while (Skip(text, at, "0123456789")) {
      }
    }
  }
  if (!minute || !second || *hour > 23 || *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  const auto offset = ReadOffset(text, at);
  if (!offset) {
    return std::nullopt;
  }
  return *hour * 3600 + *minute * 60 + *second - *offset;
}

}  // namespace

std::string FormatTime(std::chrono::system_clock::time_point time) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(
                          time.time_since_epoch())
                          .count();
  const std::time_t seconds = millis / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const size_t size =
      std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + size, text.size() - size, ".%03dZ",
                static_cast<int>(millis % 1000));
  return text.data();
}

std::string FormatDay(int32_t day) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(day))};
  std::array<char, 32> text{};
  std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::optional<int64_t> ParseTime(std::string_view text) {
  size_t at = 0;
  const auto year = ReadNumber(text, &at, 4);
  std::optional<int> month = 1;
  std::optional<int> day = 1;
  std::optional<int> seconds = 0;
  if (Skip(text, &at, "-")) {
    month = ReadNumber(text, &at, 2);
    if (Skip(text, &at, "-")) {
      day = ReadNumber(text, &at, 2);
      if (Skip(text, &at, "Tt ")) {
        seconds = ReadTimeOfDay(text, &at);
      }
    }
  }
  if (!year || !month || !day || !seconds || at != text.size()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(*month)),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch().count() *
             kSecondsPerDay +
         *seconds;
}

}  // namespace footnote
