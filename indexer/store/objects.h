// What a generation consists of, and what its parts are called in a store.

#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/index/manifest.h"
#include "indexer/store/latest.h"
#include "indexer/store/store.h"

namespace footnote::store {

// What was done, of a push or a pull.
struct Transfer {
  uint64_t generation = 0;
  Digest manifest_sha256{};
  bool is_new = false;       // false: it was there already
  uint64_t files = 0;        // moved, besides the manifest
  uint64_t bytes = 0;        // of these
  uint64_t total_bytes = 0;  // of all files of the generation
};

// Called as a transfer goes on, with bytes of those to be moved.
using Progress = std::function<void(uint64_t done, uint64_t total)>;

// Returns the key of what has that digest. Objects belong to one collection.
std::string ObjectKey(const std::string& collection, const Digest& sha256);

// Returns the digests of the files that a manifest names, of whatever format
// version it is.
std::set<Digest> DigestsIn(std::string_view manifest);

// Returns the files beside the manifests that a manifest names: tombstones,
// entities and synonyms.
std::vector<index::FileEntry> GenerationFiles(const index::Manifest& manifest);

// Returns a manifest of the store, as text, whose digest is right.
// Errors: STORE_OBJECT_MISSING; kDataLoss INDEX_CORRUPT; as of Store.
absl::StatusOr<std::string> FetchManifest(Store& store,
                                          const std::string& collection,
                                          const StoredManifest& stored);

}  // namespace footnote::store
