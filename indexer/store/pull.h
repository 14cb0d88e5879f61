// From a store to a data folder.

#pragma once

#include <functional>
#include <string>

#include "indexer/base/status.h"
#include "indexer/index/manifest.h"
#include "indexer/store/objects.h"
#include "indexer/store/store.h"

namespace footnote::store {

struct PullOptions {
  std::string data_dir;
  std::string collection;
  // Returns why a generation is not wanted, or OK; may be empty.
  std::function<absl::Status(const index::Manifest& manifest)> check{};
  Progress progress{};  // may be empty
};

// Makes the store's newest generation of a collection the current one here,
// under its number and with its very manifest. Moves what is missing or was
// found damaged here, and goes on where a killed pull was; each file has its
// digest, and the generation can be opened, before it is switched to. Older
// generations stay as long as the store keeps as many, but for those that hold
// what was purged since. Errors: kNotFound COLLECTION_NOT_FOUND where the store
// does not have it, or there is no store;
// kFailedPrecondition COLLECTION_DIVERGED where there are changes here that
// came otherwise; COLLECTION_LOCKED; COLLECTION_EXISTS for an alias;
// INDEX_VERSION, INDEX_CORRUPT; that of `check`; as of Store and FileError().
absl::StatusOr<Transfer> Pull(Store& store, const PullOptions& options);

}  // namespace footnote::store
