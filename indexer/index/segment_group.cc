#include "indexer/index/segment_group.h"

#include <string>
#include <utility>

#include "indexer/index/schema.h"

namespace footnote::index {

SegmentGroup::SegmentGroup(
    const std::vector<std::unique_ptr<const Segment>>& segments, uint32_t first,
    uint32_t end)
    : first_(first), count_(end - first) {
  std::vector<std::string> paths;
  for (uint32_t i = first; i < end; ++i) {
    paths.push_back(segments[i]->folder() + "/" + std::string(kPostingsFile));
  }
  databases_ = std::make_unique<DatabasePool>(std::move(paths));
}

std::vector<SegmentGroup> GroupSegments(
    const std::vector<std::unique_ptr<const Segment>>& segments) {
  std::vector<SegmentGroup> groups;
  uint32_t first = 0;
  uint64_t passages = 0;
  for (uint32_t i = 0; i < segments.size(); ++i) {
    passages += segments[i]->passage_count();
    if (i > first && passages > kMaxGroupPassages) {
      groups.emplace_back(segments, first, i);
      first = i;
      passages = segments[i]->passage_count();
    }
  }
  if (first < segments.size()) {
    groups.emplace_back(segments, first,
                        static_cast<uint32_t>(segments.size()));
  }
  return groups;
}

}  // namespace footnote::index
