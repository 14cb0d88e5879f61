// Documents of a segment that a generation no longer has, with what they take
// out of the statistics.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <roaring/roaring.hh>

#include "indexer/base/status.h"

namespace footnote::index {

class Segment;

// Immutable once made; thread-safe to read.
struct Tombstones {
  Roaring documents;   // indices in the segment
  Roaring passages;    // indices in the segment
  uint64_t words = 0;  // tokens of those passages
  // How many of those passages have a word or stem, by its term. Terms of
  // other fields are not counted: no statistic is kept of them.
  std::unordered_map<std::string, uint32_t> frequencies;

  // Returns the tombstones of `documents` of a segment, reading its columns.
  static Tombstones Of(const Segment& segment, const Roaring& documents);

  // Adds documents of the segment that the tombstones do not have yet, reading
  // the columns of these alone.
  void Add(const Segment& segment, const Roaring& more);

  // Writes to, and reads from, a file. Errors: kDataLoss INDEX_CORRUPT;
  // FILE_IO.
  absl::Status Write(const std::string& path) const;
  static absl::StatusOr<Tombstones> Read(const std::string& path);
};

}  // namespace footnote::index
