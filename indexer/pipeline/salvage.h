// Gets documents out of a damaged segment.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/column.h"
#include "indexer/index/document_record.h"
#include "indexer/index/manifest.h"
#include "indexer/index/text_column.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

// A document as its source gave it, with the etag that it had.
struct SalvagedDocument {
  sources::SourceDocument source;
  Digest etag{};
  int64_t index_time = 0;  // Unix seconds
};

// Reads documents from their records and texts alone, and proves each by its
// digests. Not thread-safe.
class Salvage {
 public:
  // `folder` is of the segment that `entry` names; `damaged` are the names of
  // its files that are not what the manifest says.
  Salvage(const std::string& folder, const index::SegmentEntry& entry,
          const std::vector<std::string>& damaged);

  uint32_t document_count() const { return count_; }

  // Returns the id of a document as far as it can be read, else "".
  std::string DocumentId(uint32_t document) const;

  // Returns a document whose text has its revision, and whose record is whole
  // by the digest of its file or by its etag, made with `entities_stamp`.
  // Errors: kDataLoss INDEX_CORRUPT, saying why there is none.
  absl::StatusOr<SalvagedDocument> Read(
      uint32_t document, const std::string& entities_stamp) const;

 private:
  std::optional<index::DocumentRecord> ReadRecord(uint32_t document) const;
  void FindTexts(const std::string& path, bool places_are_whole);

  uint32_t count_;
  bool records_are_whole_;
  std::optional<index::BlobColumn> records_;
  std::optional<index::TextColumn> texts_;
  std::vector<uint64_t> starts_;  // of the texts, as far as they are known
};

}  // namespace footnote::pipeline
