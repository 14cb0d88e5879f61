#include "indexer/base/time.h"

#include <ostream>

#include <gtest/gtest.h>

namespace footnote {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

TEST(FormatTime, WritesUtcWithMilliseconds) {
  const system_clock::time_point epoch;
  EXPECT_EQ(FormatTime(epoch), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(epoch + milliseconds(1776763800125)),
            "2026-04-21T09:30:00.125Z");
}

TEST(FormatDay, CountsFrom1970) {
  EXPECT_EQ(FormatDay(0), "1970-01-01");
  EXPECT_EQ(FormatDay(-1), "1969-12-31");
  EXPECT_EQ(FormatDay(19782), "2024-02-29");
}

struct TimeCase {
  std::string_view text;
  int64_t seconds;
};

void PrintTo(const TimeCase& c, std::ostream* out) { *out << c.text; }

class ParsedTime : public testing::TestWithParam<TimeCase> {};

TEST_P(ParsedTime, IsInUnixSeconds) {
  EXPECT_EQ(ParseTime(GetParam().text), GetParam().seconds);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ParsedTime,
    testing::Values(TimeCase{"1970", 0}, TimeCase{"1970-02", 2678400},
                    TimeCase{"1970-01-02", 86400},
                    TimeCase{"1969-12-31", -86400},
                    TimeCase{"2024-02-29", 1709164800},
                    TimeCase{"2026-04-21T09:30:00Z", 1776763800},
                    TimeCase{"2026-04-21t09:30:00z", 1776763800},
                    TimeCase{"2026-04-21 09:30:00Z", 1776763800},
                    TimeCase{"2026-04-21T09:30:00.999Z", 1776763800},
                    TimeCase{"2026-04-21T11:30:00+02:00", 1776763800},
                    TimeCase{"2026-04-21T04:00:00-05:30", 1776763800},
                    TimeCase{"1990-12-31T23:59:60Z", 662688000}));

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "26",
                           "2026-",
                           "2026-4",
                           "2026-13",
                           "2026-00-01",
                           "2026-02-30",
                           "2023-02-29",
                           "2026-04-21T",
                           "2026-04-21T09",
                           "2026-04-21T09:30:00",
                           "2026-04-21T24:00:00Z",
                           "2026-04-21T09:60:00Z",
                           "2026-04-21T09:30:61Z",
                           "2026-04-21T09:30:00+2:00",
                           "2026-04-21T09:30:00+24:00",
                           "2026-04-21T09:30:00Zx",
                           " 2026",
                           "2026 ",
                           "-2026",
                           "20260421",
                           "2026/04/21"}) {
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
  }
}

TEST(ParseTime, ReadsWhatFormatDayWrites) {
  for (int32_t day = -719000; day < 800000; day += 9973) {
    const std::string text = FormatDay(day);
    EXPECT_EQ(ParseTime(text), int64_t{day} * 86400) << text;
  }
}

}  // namespace
}  // namespace footnote
