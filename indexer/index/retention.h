// Removes generations that are no longer needed.

#pragma once

#include <cstdint>
#include <string>

#include "indexer/base/status.h"

namespace footnote::index {

// Removes manifests of the collection in `folder` that are neither the current
// one, nor among the last `keep` up to it, nor open anywhere; then tombstones,
// lists of entities and segments that no manifest names any more. Segments that
// no manifest ever named stay: a writer may be at work on them. Only for the
// holder of the collection's WriterLock while nothing is being published.
// Returns how many generations went. A crash at any point leaves at most files
// that nothing names, which the next call or writer removes.
// Errors: kDataLoss INDEX_CORRUPT where a manifest that stays cannot be read,
// since nobody knows what it names; FILE_IO, FILE_UNREADABLE.
absl::StatusOr<uint64_t> RemoveOldGenerations(const std::string& folder,
                                              uint64_t keep);

// Removes everything that no manifest names: tombstones, lists of entities,
// segments, finished or not, and the journal of an unfinished build. Only for
// the holder of the WriterLock while nothing is being written.
// Errors: as above.
absl::Status RemoveUnnamed(const std::string& folder);

}  // namespace footnote::index
