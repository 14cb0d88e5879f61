// Removes generations that are no longer needed.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::index {

// Which generations stay, besides the current one and those that are open.
struct Retention {
  uint64_t keep = 100;  // the last ones, the current one among them
  // The others go when they are so many: looking at what stays takes time.
  uint64_t batch = 20;
};

// A manifest that stays and cannot be read.
struct UnreadableManifest {
  uint64_t generation = 0;
  absl::Status status;  // why
};

struct Removed {
  uint64_t generations = 0;
  std::vector<UnreadableManifest> unreadable;  // by generation
};

// Removes manifests of the collection in `folder` that are neither the current
// one, nor kept by `retention`, nor open anywhere; then tombstones,
// lists of entities and segments that no manifest names any more. Segments that
// no manifest ever named stay: a writer may be at work on them. So does all
// that a manifest may name that stays and cannot be read: what generations
// beside it have, on both sides up to one that was current, and what no other
// one has. Only for the holder of the collection's WriterLock while nothing is
// being published. Returns what went; what stays is looked at only where
// something went. A crash at any point leaves at most files that nothing names,
// which the next call or writer removes.
// Errors: COLLECTION_NOT_FOUND; FILE_IO, FILE_UNREADABLE.
absl::StatusOr<Removed> RemoveOldGenerations(const std::string& folder,
                                             const Retention& retention);

// Takes note that generations before `number`, as copies elsewhere have them,
// may hold what was purged; durable, and never lowered. Only for the holder of
// the WriterLock. Errors: as of ReadPurgedBefore(); FILE_IO, DISK_FULL.
absl::Status NotePurgedBefore(const std::string& folder, uint64_t number);

// Returns what was noted; 0 for nothing.
// Errors: kDataLoss INDEX_CORRUPT; FILE_UNREADABLE.
absl::StatusOr<uint64_t> ReadPurgedBefore(const std::string& folder);

// Removes everything that no manifest names: tombstones, lists of entities,
// segments, finished or not, and the journal of an unfinished build. Only for
// the holder of the WriterLock while nothing is being written.
// Errors: as above; kDataLoss INDEX_CORRUPT where a manifest cannot be read,
// since nobody knows what it names.
absl::Status RemoveUnnamed(const std::string& folder);

}  // namespace footnote::index
