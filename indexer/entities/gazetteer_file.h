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

// A line that cannot be taken, and why.
struct BadLine {
  size_t number = 0;  // from 1
  absl::Status status;
};

inline constexpr size_t kMaxNameBytes = 512;

// Returns the entities of a gazetteer file in order; lines of the same
// (type, id) are one. Format and bad lines: see Gazetteer::Parse().
std::vector<NamedEntity> ParseGazetteerFile(std::string_view tsv,
                                            std::vector<BadLine>* bad_lines);

}  // namespace footnote::entities
