// The names in a data folder: collections, and aliases that lead to them.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::index {

// What a data folder holds. An alias is a symbolic link to a name beside it; a
// link to anywhere else is a collection that lies elsewhere.
struct DataFolder {
  std::vector<std::string> collections;        // folders, by name
  std::map<std::string, std::string> aliases;  // to names, whatever is there
};

// Returns the names in `data_dir`. A folder counts whether or not something
// was published in it. Errors: as of FileError().
absl::StatusOr<DataFolder> ReadDataFolder(const std::string& data_dir);

// Returns the names of the aliases that lead to `collection`, sorted.
std::vector<std::string> AliasesOf(const DataFolder& data_folder,
                                   std::string_view collection);

// Returns the folder of the collection that `folder`, a path in a data folder,
// leads to: `folder` itself but for an alias. Whoever opens several files of a
// collection must resolve it first and once: the alias may be switched
// meanwhile.
std::string ResolveAlias(const std::string& folder);

// Makes the folder of a collection and those in it, durably, where they are
// missing. Errors: as of FileError().
absl::Status CreateCollectionFolder(const std::string& folder);

}  // namespace footnote::index
