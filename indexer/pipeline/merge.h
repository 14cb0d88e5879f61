// Puts segments together: fewer of them, without the documents that are gone.

#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/pipeline/publish.h"

namespace footnote::pipeline {

// Segments stop growing at about so many passages.
inline constexpr uint64_t kMaxMergedPassages = 1'000'000;

// What decides whether a segment is merged.
struct SegmentSize {
  uint64_t passages = 0;
  uint64_t gone = 0;  // passages of them
};

// Returns which segments to put together next, by index, ascending; none where
// all is well. Segments lie in tiers by their live passages, a factor of eight
// apart: a tier of more than eight is merged, the smallest first, to at most
// kMaxMergedPassages. A segment of which more than a fifth is gone is written
// anew by itself.
std::vector<uint32_t> ChooseMerge(const std::vector<SegmentSize>& segments);

// Returns the sizes of the segments of a generation.
std::vector<SegmentSize> SizesOf(const index::Manifest& manifest);

// A merged segment that is not published yet, and where its documents were.
class Merge {
 public:
  // Copies the live documents of those segments of `base` to a new segment.
  // Checks the digests of what it reads first: damage must not get a new
  // digest. Stops where *stop becomes true.
  // Errors: kCancelled CANCELLED; kDataLoss INDEX_CORRUPT; DISK_FULL,
  // FILE_IO.
  static absl::StatusOr<Merge> Copy(const Snapshot& base,
                                    const std::vector<uint32_t>& segments,
                                    const std::atomic<bool>& stop);

  // Returns what to publish over `current`, a later snapshot of the collection:
  // what went meanwhile is gone in the merged segment too.
  MergedSegment Over(const Snapshot& current) const;

 private:
  struct Source {
    std::string id;
    std::vector<uint32_t> documents;  // copied ones, ascending
    uint32_t first = 0;               // number of the first in the new segment
  };
  std::vector<Source> sources_;
  index::SegmentSummary segment_;
};

}  // namespace footnote::pipeline
