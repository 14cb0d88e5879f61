// Erases documents from everything that a collection keeps.

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::pipeline {

struct PurgeSummary {
  uint64_t documents = 0;              // versions of documents that were erased
  uint64_t segments = 0;               // written anew without them
  uint64_t generations = 0;            // whose manifests were rewritten
  std::vector<std::string> not_found;  // ids that nothing had, ascending
};

// Writes anew all segments of the collection in `folder` that hold one of the
// documents, also a deleted one, and the manifests of all generations that name
// them; then removes what nothing names any more, journals of unfinished builds
// too. Generations keep their numbers and all their other documents. Only for
// the holder of the WriterLock while nothing else is written. Cut short at any
// point, it leaves a collection that opens, and can be called again.
// Errors: kDataLoss INDEX_CORRUPT, kFailedPrecondition INDEX_VERSION where not
// everything can be read; DISK_FULL, FILE_IO.
absl::StatusOr<PurgeSummary> EraseDocuments(const std::string& folder,
                                            const std::set<std::string>& ids);

// The intention to purge, kept in a file of the collection until it is done.
// Reading gives no ids where there is none. Errors: FILE_IO and the like; for
// reading also kDataLoss INDEX_CORRUPT.
absl::Status WritePurgeIntent(const std::string& folder,
                              const std::set<std::string>& ids);
absl::StatusOr<std::set<std::string>> ReadPurgeIntent(
    const std::string& folder);
absl::Status RemovePurgeIntent(const std::string& folder);

}  // namespace footnote::pipeline
