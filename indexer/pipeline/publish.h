// From the current generation and new segments to the next generation.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <roaring/roaring.hh>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment_writer.h"

namespace footnote::pipeline {

// A document of the current generation.
struct KnownDocument {
  uint32_t segment = 0;   // index in the generation
  uint32_t document = 0;  // index in the segment
  Digest etag{};
};

// The generation that a build starts from, and which of its documents stay.
class Snapshot {
 public:
  // Opens the current generation of the collection in `folder`, or none where
  // nothing was published yet. Errors: as of index::Generation::Open().
  static absl::StatusOr<Snapshot> Open(const std::string& folder,
                                       const std::string& collection);

  // Returns a snapshot without documents: everything that is there goes.
  static Snapshot Empty(const std::string& folder,
                        const std::string& collection);

  // Returns the document of that id, if the generation has it.
  std::optional<KnownDocument> Find(std::string_view document_id) const;

  // Says that a document stays; all that are not kept go.
  void Keep(const KnownDocument& document) {
    kept_[document.segment].add(document.document);
  }
  // Says that a document has a new version.
  void Replace(const KnownDocument& document) {
    replaced_[document.segment].add(document.document);
  }
  // Keeps what was neither kept nor replaced; returns how many that is.
  uint64_t KeepRest();

  uint64_t document_count() const { return manifest_.info.documents; }

 private:
  friend class Publisher;

  std::string folder_;
  index::Manifest manifest_;  // number 0: there is none yet
  std::shared_ptr<const index::Generation> generation_;  // null: likewise
  std::vector<Roaring> kept_;                            // by segment
  std::vector<Roaring> replaced_;                        // by segment
};

struct Published {
  uint64_t number = 0;
  bool is_new = false;  // false: the current generation says it all
  uint64_t documents = 0;
  uint64_t passages = 0;
};

// Publishes a generation of the documents that stay and of the finished
// segments `added`, none of which is empty; where nothing changed, publishes
// nothing. `entities_stamp` is of the gazetteer that the segments were made
// with.
absl::StatusOr<Published> Publish(const Snapshot& base,
                                  std::vector<index::SegmentSummary> added,
                                  const std::string& entities_stamp);

}  // namespace footnote::pipeline
