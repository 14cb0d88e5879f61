// The collections of a data folder, each with the generation being served.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/generation.h"

namespace footnote::search {

struct CatalogOptions {
  // How many threads search: each generation is opened for all of them before
  // it is served.
  uint32_t threads = 1;
  // What could not be opened is tried again when its manifest changes, else
  // after this time.
  std::chrono::milliseconds retry_interval = std::chrono::seconds(5);
};

// Keeps the current generation of every collection open. Thread-safe: readers
// keep the generation they got for as long as they hold it.
class Catalog {
 public:
  explicit Catalog(std::string data_dir,
                   const CatalogOptions& options = CatalogOptions());
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  // Opens what was published since the last call: new collections and new
  // generations. Errors are logged once each; what was served stays served,
  // but for a collection whose CURRENT is gone.
  // Returns whether anything changed. Call from one thread at a time.
  bool Refresh();

  // Returns the generation of a collection: the current one for 0, else the
  // one of that number. Errors: kNotFound COLLECTION_NOT_FOUND,
  // GENERATION_NOT_FOUND; else why the collection cannot be served.
  absl::StatusOr<std::shared_ptr<const index::Generation>> Get(
      std::string_view collection, uint64_t generation) const;

  // Returns the current generation of every collection that is served, by
  // name.
  std::vector<std::shared_ptr<const index::Generation>> List() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace footnote::search
