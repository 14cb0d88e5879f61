// Files of a generation on their way from a store to a data folder.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/manifest.h"
#include "indexer/store/objects.h"
#include "indexer/store/store.h"

namespace footnote::store {

// Brings what a manifest names into the folder of a collection. For the holder
// of its WriterLock.
class FilePuller {
 public:
  // Both outlive this; `progress` may be empty.
  FilePuller(Store& store, std::string folder, std::string collection,
             const Progress& progress)
      : store_(store),
        folder_(std::move(folder)),
        collection_(std::move(collection)),
        progress_(progress) {}

  // Fetches what is not there, and counts it in `transfer`. Segments appear
  // whole; until then their files lie in segments/building-<id>, a file that is
  // under way as <name>.part. Errors: kDataLoss INDEX_CORRUPT for an object
  // that is not what its name says; as of Store and FileError().
  absl::Status Fetch(const index::Manifest& manifest, Transfer* transfer);

 private:
  absl::Status FetchSegment(const index::SegmentSummary& segment);
  absl::Status FetchFile(const std::string& path,
                         const index::FileEntry& entry);
  absl::Status Append(const std::string& path, const index::FileEntry& entry);
  absl::Status FetchSmallFile(const index::FileEntry& entry);
  void Count(uint64_t bytes);

  Store& store_;
  const std::string folder_;
  const std::string collection_;
  const Progress& progress_;
  uint64_t done_ = 0;   // bytes
  uint64_t total_ = 0;  // bytes to move
};

}  // namespace footnote::store
