// The bytes of one record of the write-ahead log.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace footnote::index {

// A record as it stands in a file: four numbers, then the payload.
struct LogRecord {
  uint32_t length = 0;  // of the payload
  uint64_t sequence = 0;
  uint64_t synced = 0;    // a sequence: durable when this was written
  uint64_t checksum = 0;  // of the three and the payload
  std::string_view payload;
  uint64_t end = 0;  // in the file
};

// Appends the bytes of a record to *out.
void AppendLogRecord(std::string* out, uint64_t sequence, uint64_t synced,
                     std::string_view payload);

// Returns the whole record at byte `at` of a file, whose sequence is in
// [least, most]; nothing where there is none.
std::optional<LogRecord> ReadLogRecord(std::string_view file, uint64_t at,
                                       uint64_t least, uint64_t most);

// Returns whether a whole record after `at` says that `sequence` was durable.
bool IsKnownDurable(std::string_view file, uint64_t at, uint64_t sequence);

}  // namespace footnote::index
