// From the current generation and new segments to the next generation.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <roaring/roaring.hh>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/entities/gazetteer.h"
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
// Copies share the generation.
class Snapshot {
 public:
  // Opens the current generation of the collection in `folder`, or none where
  // nothing was published yet. What `before`, which may be null, has open is
  // shared. Errors: as of index::Generation::Open().
  static absl::StatusOr<Snapshot> Open(
      const std::string& folder, const std::string& collection,
      const index::Generation* before = nullptr);

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
  // Whether either was said of it.
  bool IsTaken(const KnownDocument& document) const {
    return kept_[document.segment].contains(document.document) ||
           replaced_[document.segment].contains(document.document);
  }
  // Keeps what was neither kept nor replaced; returns how many that is.
  uint64_t KeepRest();

  // Says that the changes of the write-ahead log up to `sequence` are in what
  // is published, or undone by it. Unsaid, those of the generation are.
  void SetLogSequence(uint64_t sequence) { log_sequence_ = sequence; }

  uint64_t document_count() const { return manifest_.info.documents; }
  const std::string& folder() const { return folder_; }
  const index::Manifest& manifest() const { return manifest_; }
  // Null where nothing was published yet.
  const std::shared_ptr<const index::Generation>& generation() const {
    return generation_;
  }

 private:
  friend class Publisher;

  std::string folder_;
  index::Manifest manifest_;  // number 0: there is none yet
  std::shared_ptr<const index::Generation> generation_;  // null: likewise
  std::vector<Roaring> kept_;                            // by segment
  std::vector<Roaring> replaced_;                        // by segment
  std::optional<uint64_t> log_sequence_;
};

struct Published {
  uint64_t number = 0;
  bool is_new = false;  // false: the current generation says it all
  uint64_t documents = 0;
  uint64_t passages = 0;
};

// Publishes a generation of the documents that stay and of the finished
// segments `added`, none of which is empty; where nothing changed, publishes
// nothing. `gone` has, by segment of `added`, documents of it that do not count
// (not all of them); it may be empty for none at all. `gazetteer` is what the
// segments were made with. Its cost goes with what changes, not with what
// stays. Errors: kDataLoss INDEX_CORRUPT; kResourceExhausted DISK_FULL;
// kInternal FILE_IO; the current generation then is as before.
absl::StatusOr<Published> Publish(const Snapshot& base,
                                  std::vector<index::SegmentSummary> added,
                                  const entities::Gazetteer& gazetteer,
                                  const std::vector<Roaring>& gone = {});

// A segment that stands for the documents of others.
struct MergedSegment {
  std::vector<std::string> sources;  // ids of segments
  index::SegmentSummary segment;     // no documents: there were none to copy
  Roaring gone;                      // documents of it that went meanwhile
};

// Publishes a generation of the same documents, with `merged` in the place of
// its sources; those that the generation does not have any more are passed
// over. Errors: as of Publish().
absl::StatusOr<Published> PublishMerged(const Snapshot& base,
                                        const MergedSegment& merged);

// Publishes a generation of the same segments with the file of synonyms `text`,
// or none where it is empty; nothing where `base` has just these.
// Errors: as of Publish().
absl::StatusOr<Published> PublishSynonyms(const Snapshot& base,
                                          std::string_view text);

// Reads the gazetteer of the generation; one without entities where there is
// none. Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<entities::Gazetteer> ReadGazetteer(const Snapshot& base);

}  // namespace footnote::pipeline
