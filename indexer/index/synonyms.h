// Synonyms of a collection, in the format of Solr.
//
//   # a comment; empty lines are passed over
//   car, automobile, motor vehicle     each stands for the others too
//   tv, telly => television            on the left stand for those on the right
//
// Commas, "#", "=>" and backslashes that are meant as such have a backslash
// before them. A word always stands for itself as well, also on the left of an
// arrow. Sides of several words are phrases.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::index {

// Each of `from`, found in a query, stands for all of `to` too.
struct SynonymRule {
  std::vector<std::string> from;
  std::vector<std::string> to;
};

inline constexpr size_t kMaxSynonymBytes = 4 << 20;  // of a file
inline constexpr size_t kMaxSynonymsOfLine = 64;     // on both sides together
inline constexpr size_t kMaxSynonymBytesOfOne = 200;

// Returns the rules of a file, in its order.
// Errors: kInvalidArgument SYNONYMS_SYNTAX, which names the line, counted from
// 1, and what is wrong with it.
absl::StatusOr<std::vector<SynonymRule>> ParseSynonyms(std::string_view text);

}  // namespace footnote::index
