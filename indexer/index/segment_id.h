// What segments are called.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "indexer/index/schema.h"
#include "indexer/index/segment_writer.h"

namespace footnote::index {

// Returns whether `name` may be a segment's id.
constexpr bool IsSegmentId(std::string_view name) {
  return name.size() == kSegmentIdDigits &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Returns the id of a segment of these files, in the order of kSegmentFiles.
std::string SegmentIdOf(const std::vector<FileEntry>& files);

}  // namespace footnote::index
