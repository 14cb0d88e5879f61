// Points in time and their RFC 3339 form.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace footnote {

// Returns UTC with milliseconds: "2026-04-21T09:30:00.125Z".
std::string FormatTime(std::chrono::system_clock::time_point time);

// Returns "YYYY-MM-DD" of a day counted from 1970-01-01 (UTC).
std::string FormatDay(int32_t day);

// Returns the Unix seconds of "YYYY", "YYYY-MM", "YYYY-MM-DD" or RFC 3339
// ("2026-04-21T09:30:00Z", with fraction and offset as it allows); missing
// parts are the earliest. Nothing where it is no such time.
std::optional<int64_t> ParseTime(std::string_view text);

}  // namespace footnote
