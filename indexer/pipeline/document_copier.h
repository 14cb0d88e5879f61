// Copies documents from one segment to another without analysing them again.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/prepared_document.h"
#include "indexer/index/segment.h"
#include "indexer/index/segment_writer.h"

namespace footnote::pipeline {

// Reads documents of a segment from its columns, with lexemes, entities and
// quantities as `writer` numbers them. Not thread-safe.
class DocumentCopier {
 public:
  // Both must outlive it.
  DocumentCopier(const index::Segment& segment, index::SegmentWriter* writer)
      : segment_(segment), writer_(*writer) {}

  // Returns a document just as it was taken in. Errors: kDataLoss INDEX_CORRUPT
  // where its columns do not fit together, so that damage is not copied.
  absl::StatusOr<index::PreparedDocument> Read(uint32_t document);

 private:
  index::PreparedPassage ReadPassage(uint32_t passage);
  std::vector<uint32_t> Renumber(std::vector<uint32_t> lexemes);
  uint32_t LexemeOf(uint32_t lexeme);
  uint32_t EntityOf(uint32_t entity);
  uint32_t QuantityOf(uint32_t quantity);

  const index::Segment& segment_;
  index::SegmentWriter& writer_;
  std::vector<uint32_t> lexemes_;   // by number in the segment, as far as known
  std::vector<uint32_t> entities_;  // likewise
  std::vector<uint32_t> quantities_;  // likewise
};

}  // namespace footnote::pipeline
