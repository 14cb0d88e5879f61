// Opening generations so that they can be served.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "server/search/quarantine.h"

namespace footnote::search {

// Opens a generation of the collection in `folder` for so many threads, without
// segments that are damaged or in quarantine. What `before`, which may be null,
// has open is shared. Thread-safe.
// Errors: as of index::Generation::OpenUndamaged(); kFailedPrecondition
// ANALYZER_MISMATCH.
absl::StatusOr<std::shared_ptr<const index::Generation>> OpenGeneration(
    const std::string& folder, uint64_t number, uint32_t threads,
    const Quarantine& quarantine, const index::Generation* before = nullptr);

// Returns the digest of a manifest's bytes; of none where it cannot be read.
Digest DigestOfManifest(const std::string& folder, uint64_t number);

// Returns whether two are one generation with the same segments.
bool IsSame(const index::Generation& a, const index::Generation& b);

// Returns a segment that `newer` is without and `served` is not, or null: what
// is served is better then.
const index::MissingSegment* FindLost(const index::Generation& served,
                                      const index::Generation& newer);

// Writes to the log what is served from now on, and what is not.
void LogServed(const std::string& name, const index::Generation& generation);

}  // namespace footnote::search
