// From a data folder to a store.

#pragma once

#include <cstdint>
#include <string>

#include "indexer/base/status.h"
#include "indexer/store/objects.h"
#include "indexer/store/store.h"

namespace footnote::store {

struct PushOptions {
  std::string data_dir;
  std::string collection;
  uint64_t keep = 10;   // generations that stay in the store
  bool force = false;   // also over a generation that is not older
  Progress progress{};  // may be empty
};

// Puts the current generation of a collection, or of what an alias leads to,
// into a store, as far as it is not there, and makes it the store's newest;
// removes what the store then has no use for. Until the end the store is for
// all others as it was; what a killed push has done is not done again. One
// pusher a collection at a time. Errors: as of index::FindCollection();
// kDataLoss INDEX_CORRUPT for a file that is not what its manifest says, and is
// not pushed; kFailedPrecondition COLLECTION_DIVERGED where the store's newest
// generation is not older and another one; as of Store.
absl::StatusOr<Transfer> Push(Store& store, const PushOptions& options);

}  // namespace footnote::store
