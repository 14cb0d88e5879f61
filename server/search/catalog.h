// The collections of a data folder, each with the generation being served.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/view.h"

namespace footnote::search {

struct CatalogOptions {
  // How many threads search: each generation is opened for all of them before
  // it is served.
  uint32_t threads = 1;
  // What could not be opened is tried again when its manifest changes, else
  // after this time.
  std::chrono::milliseconds retry_interval = std::chrono::seconds(5);
  // The time in Unix seconds, which decides about documents that are not yet or
  // no longer to be seen. Empty for the system's clock.
  std::function<int64_t()> now = nullptr;
};

// Keeps the current generation of every collection open. Thread-safe: readers
// keep the generation they got, and the view of it, for as long as they hold
// it.
class Catalog {
 public:
  explicit Catalog(std::string data_dir,
                   const CatalogOptions& options = CatalogOptions());
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  // Opens what was published since the last call: new collections and new
  // generations. Errors are logged once each; what was served stays served,
  // but for a collection whose CURRENT is gone. Damaged segments are left out
  // where others remain, but not of a newer generation while an older one can
  // be served with them.
  // Returns whether anything changed. Call from one thread at a time.
  bool Refresh();

  // Returns what is to be seen at this moment of a generation of a collection:
  // (by its name or an alias): the current one for 0, else the one of that
  // number; in an older one as the
  // current one has it. The view keeps its generation open.
  // Errors: kNotFound COLLECTION_NOT_FOUND, GENERATION_NOT_FOUND; else why the
  // collection cannot be served.
  absl::StatusOr<std::shared_ptr<const View>> Get(std::string_view collection,
                                                  uint64_t generation) const;

  // Returns the same of the current generation of every collection that is
  // served, by name.
  std::vector<std::shared_ptr<const View>> List() const;

  // Returns the names of all collections, and whether each is served whole: not
  // at all, not in its current generation, or without damaged segments, is not.
  std::map<std::string, bool> Health() const;

  // Returns every generation that is open for requests, retained ones too.
  std::vector<std::shared_ptr<const index::Generation>> OpenGenerations() const;

  // Has a segment of an open generation, by its folder, left out from the next
  // Refresh() on, in every collection that has it, also after a restart where
  // the folder may be written. `why` is for people. Call from any thread.
  void Exclude(const std::string& segment_folder, const std::string& why);

  // Has the generations that have a segment opened again at the next Refresh().
  void Reopen(const std::string& segment_folder);

  // Returns the folder of a collection.
  std::string FolderOf(std::string_view collection) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace footnote::search
