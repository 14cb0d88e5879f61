// Segments whose postings are searched together.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <xapian.h>

#include "indexer/index/database_pool.h"
#include "indexer/index/segment.h"

namespace footnote::index {

// A group has at most so many passages, or is a single segment. Many small
// segments cost less together than one by one; between groups a search looks at
// the clock and knows what score is worth looking for.
inline constexpr uint64_t kMaxGroupPassages = 1'000'000;

// Consecutive segments of a generation, read as one database. Thread-safe.
class SegmentGroup {
 public:
  // A passage by its place in the generation.
  struct Place {
    uint32_t segment = 0;
    uint32_t passage = 0;
  };

  // Segments [first, end) of a generation.
  SegmentGroup(const std::vector<std::unique_ptr<const Segment>>& segments,
               uint32_t first, uint32_t end);

  uint32_t first() const { return first_; }
  uint32_t end() const { return first_ + count_; }

  // Returns where the passage of a docid stands. (Xapian deals the docids of
  // several databases out in turn.)
  Place Locate(Xapian::docid docid) const {
    return {first_ + (docid - 1) % count_, (docid - 1) / count_};
  }

  DatabasePool& databases() const { return *databases_; }

 private:
  uint32_t first_;
  uint32_t count_;
  std::unique_ptr<DatabasePool> databases_;
};

// Groups the segments of a generation, in order.
std::vector<SegmentGroup> GroupSegments(
    const std::vector<std::unique_ptr<const Segment>>& segments);

}  // namespace footnote::index
