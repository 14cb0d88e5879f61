// How footnote-index words what it tells people and machines.

#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "indexer/base/status.h"

namespace footnote {

// Returns "1 noun" or "2 nouns".
std::string Counted(uint64_t count, const std::string& noun);

// Returns a number with so many digits after the point.
std::string Fixed(double value, int digits);

// Returns a size for people: "812 bytes", "1.2 MB".
std::string FormatBytes(uint64_t bytes);

// Returns `text`, which may hold any bytes, with '?' for control characters: a
// terminal must not obey them.
std::string Printable(std::string text);

// Returns one line of JSON without a line break; invalid UTF-8 is replaced.
std::string DumpJson(const nlohmann::ordered_json& json);

// Returns "REASON: message" of an error, fit for a terminal.
std::string FormatError(const absl::Status& status);

// Writes an error to standard error; returns kFailed.
int PrintError(const absl::Status& status);

}  // namespace footnote
