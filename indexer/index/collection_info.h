// What there is to know of a collection without opening its segments.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/manifest.h"

namespace footnote::index {

// Sizes are of files on the disk.
struct CollectionInfo {
  std::string name;
  std::vector<std::string> aliases;     // sorted
  Manifest manifest;                    // of the current generation
  std::vector<uint64_t> segment_bytes;  // by segment, tombstones included
  std::vector<uint64_t> generations;    // retained up to the current one
  uint64_t bytes = 0;                   // of all files of the collection
  uint64_t log_bytes = 0;               // of changes not published yet
};

// Returns what the collection or alias `name` in `data_dir` is.
// Errors: kInvalidArgument COLLECTION_NAME_INVALID; kNotFound
// COLLECTION_NOT_FOUND; as of ReadManifest().
absl::StatusOr<CollectionInfo> DescribeCollection(const std::string& data_dir,
                                                  const std::string& name);

// Returns the folder of the collection or alias `name`, which has a current
// generation. Errors: as above, but of the manifest.
absl::StatusOr<std::string> FindCollection(const std::string& data_dir,
                                           const std::string& name);

// Returns ok if `name` may name a collection, else kInvalidArgument
// COLLECTION_NAME_INVALID.
absl::Status CheckCollectionName(const std::string& name);

// Returns the numbers of the manifests in the folder of a collection,
// ascending, also of those that were never made current.
std::vector<uint64_t> ListGenerations(const std::string& folder);

}  // namespace footnote::index
