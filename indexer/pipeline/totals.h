// What the segments of a generation add up to.

#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "indexer/index/content_digest.h"
#include "indexer/index/segment.h"

namespace footnote::pipeline {

// Calls `f` with the number of each document of a segment that is not gone.
template <typename F>
void ForEachLiveDocument(const index::Segment& segment, F&& f) {
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    if (!segment.tombstones().documents.contains(i)) {
      f(i);
    }
  }
}

// Counts as a manifest has them, counted anew.
struct Totals {
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t words = 0;
  uint64_t text_bytes = 0;
  std::map<std::string, uint64_t> languages;
  index::ContentDigest content;

  // Adds the live documents of a segment to all but `content`.
  void Add(const index::Segment& segment);
  // Adds them to `content`, which reads their records.
  void AddContent(const index::Segment& segment);
};

}  // namespace footnote::pipeline
