// When documents could be seen that were deleted since.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "server/search/visibility.h"

namespace footnote::search {

// The documents of the generations between two of a collection, as far as they
// are still there: what cannot be read is passed over. Not thread-safe.
class LastTimes {
 public:
  // Generations after `from` and before `to` of the collection in `folder`.
  // Costs a look at their manifests, and at a few bytes of each document in
  // segments that neither of the two has.
  LastTimes(std::string folder, const index::Generation& from,
            const index::Generation& to);

  // The ids of documents with times, in segments that neither of the two has.
  const std::set<std::string, std::less<>>& timed() const { return timed_; }

  // Returns when a document could be seen by the newest of the generations that
  // has it; nothing where none has it. Costs look-ups in their segments.
  std::optional<Period> Find(std::string_view document_id);

 private:
  void FindTimedOf(const std::string& segment_id);
  const index::Segment* Open(const index::SegmentEntry& entry);

  const std::string folder_;
  std::vector<index::Manifest> between_;  // the newest first
  std::set<std::string, std::less<>> timed_;
  // Segments that were opened, by id and tombstones; null: they cannot be.
  std::map<std::string, std::unique_ptr<index::Segment>> open_;
};

}  // namespace footnote::search
