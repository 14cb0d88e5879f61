// What a store says of a collection: its newest generation, and others.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/store/store.h"

namespace footnote::store {

// A manifest in a store.
struct StoredManifest {
  uint64_t generation = 0;
  uint64_t bytes = 0;
  Digest sha256{};

  bool operator==(const StoredManifest&) const = default;
};

// The object that makes a generation visible: it is written when all that the
// generation consists of is there.
struct Latest {
  // The newest first; empty before the first push has ended.
  std::vector<StoredManifest> generations;
  // Of pushes that did not end, and of generations that are no longer kept: the
  // next push removes what these alone name.
  std::vector<StoredManifest> leftovers;
  // Generations before this one hold what was purged since: nobody may keep
  // them.
  uint64_t purged_before = 0;
};

std::string EncodeLatest(const Latest& latest);

// Errors: kDataLoss INDEX_CORRUPT; kFailedPrecondition INDEX_VERSION. `key` is
// for messages.
absl::StatusOr<Latest> DecodeLatest(std::string_view text,
                                    const std::string& key);

// Returns what the store says of a collection; nothing at all where it does not
// know it. Errors: as of DecodeLatest() and Store.
absl::StatusOr<Latest> ReadLatest(Store& store, const std::string& collection);
absl::Status WriteLatest(Store& store, const std::string& collection,
                         const Latest& latest);

// Returns the names of the collections in a store, sorted.
// Errors: as of DecodeLatest() and Store; kNotFound COLLECTION_NOT_FOUND where
// nothing was ever pushed there.
absl::StatusOr<std::vector<std::string>> ReadCollections(Store& store);

// Adds a name to them, also where others do so at the same time (see
// Store::Replace()).
absl::Status AddCollection(Store& store, const std::string& collection);

}  // namespace footnote::store
