// Writes the postings of a segment: one single-file Xapian database.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::index {

struct TermFrequency {
  std::string term;
  uint32_t frequency = 0;  // 0: the term is there, without a frequency
};

// Takes the terms of passages in order; passage i gets docid i + 1. Collects
// them in small private databases, which Finish() merges: Xapian's maps slow
// down as they grow. Not thread-safe.
class PostingsWriter {
 public:
  // Works in the folder `scratch`, which must exist and be empty.
  PostingsWriter(std::string path, std::string scratch);
  ~PostingsWriter();
  PostingsWriter(const PostingsWriter&) = delete;
  PostingsWriter& operator=(const PostingsWriter&) = delete;

  // Adds a passage; `terms` are distinct. The sum of the frequencies is its
  // length.
  absl::Status Add(const std::vector<TermFrequency>& terms);

  // Writes the file and syncs it. Call once, last.
  absl::Status Finish();

 private:
  // These throw what Xapian throws.
  void StartPart();
  void FinishPart();
  absl::Status MergeAll();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace footnote::index
