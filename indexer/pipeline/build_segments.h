// The segments that one build makes, and those that a killed one left.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <roaring/roaring.hh>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/index/manifest.h"
#include "indexer/index/prepared_document.h"
#include "indexer/index/segment.h"
#include "indexer/index/segment_writer.h"

namespace footnote::pipeline {

// When a segment is finished and the next one begun: documents are many or few,
// large or small, but a build's memory has this bound. A kill loses at most one
// segment's work.
struct SegmentLimits {
  uint64_t text_bytes = 80 << 20;
  uint64_t memory_bytes = 128 << 20;
};

// Takes prepared documents into one segment after the other. Finished ones
// stand in the collection's journal until they are published. Only for the
// holder of the collection's WriterLock. Not thread-safe.
class BuildSegments {
 public:
  // Goes on from the journal of a killed build where it has the same stamps,
  // else removes it; `entities_stamp` is of the gazetteer. `threads` finish a
  // segment.
  BuildSegments(std::string folder, std::string entities_stamp, int threads,
                const SegmentLimits& limits);
  ~BuildSegments();
  BuildSegments(const BuildSegments&) = delete;
  BuildSegments& operator=(const BuildSegments&) = delete;

  // Called before and after a segment is finished, which takes long.
  void OnFinish(std::function<void(bool done)> call) {
    on_finish_ = std::move(call);
  }

  // Takes the document of that id and etag from a segment that a killed build
  // finished; returns whether there is one.
  bool Reuse(std::string_view document_id, const Digest& etag);

  // Returns whether a finished segment has a document of that id that was added
  // or reused.
  bool Has(std::string_view document_id) const;

  // Adds a document; may finish a segment. `number_finished` grows then.
  absl::Status Add(index::PreparedDocument document);
  size_t number_finished() const { return finished_.size(); }

  // What to publish: segments, and by segment what does not count of it.
  struct Finished {
    std::vector<index::SegmentSummary> segments;
    std::vector<Roaring> gone;
  };
  // Finishes the last segment. Call once, last; after publishing, call
  // index::RemoveJournal().
  absl::StatusOr<Finished> Finish();

 private:
  struct FinishedSegment {
    index::SegmentSummary summary;
    // Of a killed build, open: of its documents only those reused count.
    std::unique_ptr<index::Segment> of_killed;
    Roaring reused;
    // Of this build: hashes of its documents' ids, ascending. It is not kept
    // open, so that a build's memory does not grow with its segments.
    std::vector<size_t> ids;
  };

  void OpenJournal();
  bool HasIn(const FinishedSegment& finished,
             std::string_view document_id) const;
  absl::Status FinishSegment();
  absl::Status SaveJournal() const;

  const std::string folder_;
  const std::string entities_stamp_;
  const int threads_;
  const SegmentLimits limits_;
  std::function<void(bool done)> on_finish_;
  std::vector<FinishedSegment> finished_;
  std::unique_ptr<index::SegmentWriter> writer_;  // null between segments
};

}  // namespace footnote::pipeline
