// The lines of a gazetteer file.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/entities/mention.h"

namespace footnote::entities {

// One entity of a gazetteer and all that it is called.
struct NamedEntity {
  Entity entity;
  std::vector<std::string> names;  // as written; its own name first
};

inline constexpr size_t kMaxNameBytes = 512;

// Returns the entities of a gazetteer file in order; lines of the same
// (type, id) are one. Format and errors: see Gazetteer::Parse().
absl::StatusOr<std::vector<NamedEntity>> ParseGazetteerFile(
    std::string_view tsv, const std::string& path);

}  // namespace footnote::entities
