// Removes generations that are no longer needed.

#pragma once

#include <cstdint>
#include <string>

#include "indexer/base/status.h"

namespace footnote::index {

// Which generations stay, besides the current one and those that are open.
struct Retention {
  uint64_t keep = 100;  // the last ones, the current one among them
  // The others go when they are so many: looking at what stays takes time.
  uint64_t batch = 20;
};

// Removes manifests of the collection in `folder` that are neither the current
// one, nor kept by `retention`, nor open anywhere; then tombstones,
// lists of entities and segments that no manifest names any more. Segments that
// no manifest ever named stay: a writer may be at work on them. Only for the
// holder of the collection's WriterLock while nothing is being published.
// Returns how many generations went. A crash at any point leaves at most files
// that nothing names, which the next call or writer removes.
// Errors: kDataLoss INDEX_CORRUPT where a manifest that stays cannot be read,
// since nobody knows what it names; FILE_IO, FILE_UNREADABLE.
absl::StatusOr<uint64_t> RemoveOldGenerations(const std::string& folder,
                                              const Retention& retention);

// Removes everything that no manifest names: tombstones, lists of entities,
// segments, finished or not, and the journal of an unfinished build. Only for
// the holder of the WriterLock while nothing is being written.
// Errors: as above.
absl::Status RemoveUnnamed(const std::string& folder);

}  // namespace footnote::index
