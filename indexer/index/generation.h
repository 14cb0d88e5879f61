// A published generation, opened for reading.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/index/manifest_lock.h"
#include "indexer/index/synonyms.h"

namespace footnote::index {

class Segment;
struct SegmentEntry;

// What a manifest says of a generation as a whole.
struct GenerationInfo {
  std::string collection;
  uint64_t number = 0;       // 1, 2, …
  Digest manifest_sha256{};  // of the manifest's bytes
  std::string build_time;    // RFC 3339, UTC
  std::string analyzer;      // text::Analyzer::Stamp() of the build
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t text_bytes = 0;                    // of all canonical texts
  uint64_t total_words = 0;                   // tokens of all passages
  std::map<std::string, uint64_t> languages;  // documents by language
  Digest content_sha256{};  // which documents it has; see ContentDigest
};

// A segment that a generation is opened without.
struct MissingSegment {
  std::string id;
  uint64_t documents = 0;  // that the generation has in it
  absl::Status error;      // why it is missing
};

// Decides whether the segment in a folder may be opened: returns why not, or
// OK.
using SegmentCheck = std::function<absl::Status(const std::string& folder)>;

// One generation. Immutable and thread-safe. As long as it lives, it holds its
// share of the lock of its manifest, so that nobody removes what it reads.
class Generation {
 public:
  // Opens generation `number` of the collection in `folder`; 0 is the current
  // one. Errors: kNotFound COLLECTION_NOT_FOUND, GENERATION_NOT_FOUND;
  // kFailedPrecondition INDEX_VERSION for a format that is not ours;
  // kDataLoss INDEX_CORRUPT. Segments that `before`, which may be null, has too
  // are not opened again: the two share what is open.
  static absl::StatusOr<std::shared_ptr<const Generation>> Open(
      const std::string& folder, uint64_t number,
      const Generation* before = nullptr);

  // Likewise, but leaves out segments that are damaged (INDEX_CORRUPT) or that
  // `check` refuses, where at least one remains: see missing(). The counts of
  // info() are those of what remains.
  static absl::StatusOr<std::shared_ptr<const Generation>> OpenUndamaged(
      const std::string& folder, uint64_t number, const SegmentCheck& check,
      const Generation* before = nullptr);

  // Returns generations of different collections as one: their segments, in
  // this order, and the counts and synonyms of all, without a collection's name
  // or a number, built when the last of them was. They must outlive it.
  static std::shared_ptr<const Generation> Join(
      const std::vector<const Generation*>& parts);

  ~Generation();
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  const GenerationInfo& info() const { return info_; }
  const std::vector<std::shared_ptr<const Segment>>& segments() const {
    return segments_;
  }

  // The collection that a segment, by its index, belongs to.
  const std::string& collection_of(size_t segment) const {
    return collections_.empty() ? info_.collection : collections_[segment];
  }

  // The synonyms of the collection; none where it has none.
  const std::vector<SynonymRule>& synonyms() const { return synonyms_; }

  // Segments that are left out; none of Open().
  const std::vector<MissingSegment>& missing() const { return missing_; }

  // Opens the postings for so many threads, so that none has to later.
  // Errors: kDataLoss INDEX_CORRUPT.
  absl::Status Prepare(uint32_t threads) const;

 private:
  Generation() = default;
  explicit Generation(ManifestLock lock);
  static absl::StatusOr<std::shared_ptr<Generation>> OpenManifest(
      const std::string& folder, uint64_t number,
      std::vector<SegmentEntry>* segments);
  void CountWhatRemains();

  const std::optional<ManifestLock> lock_;  // let go last
  GenerationInfo info_;
  std::vector<std::shared_ptr<const Segment>> segments_;
  std::vector<std::string> collections_;  // of the segments; empty: all of one
  std::vector<MissingSegment> missing_;
  std::vector<SynonymRule> synonyms_;
};

// Returns the number in CURRENT of the collection in `folder`.
// Errors: kNotFound COLLECTION_NOT_FOUND; kDataLoss INDEX_CORRUPT.
absl::StatusOr<uint64_t> ReadCurrent(const std::string& folder);

// Returns whether `name` may name a collection: 1 to 63 of [a-z0-9_-],
// beginning with a letter or digit.
bool IsCollectionName(std::string_view name);

}  // namespace footnote::index
