// Puts two lists of results together.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/index/generation.h"
#include "server/search/match.h"
#include "server/search/ranking_options.h"

namespace footnote::search {

// A passage of another system's list.
struct ExternalPassage {
  Candidate candidate;  // with our score
  double score = 0;     // theirs
};

// What two lists give a passage, rounded, so that their sum is exact.
struct Fused {
  double own = 0;
  double external = 0;
};

struct FusedCandidate {
  Candidate candidate;  // with our score
  Fused fused;
};

// Returns the passages of both lists, each once, by the sum of what the lists
// give them, then by document_id and ordinal: footnote.v1.ExternalResults has
// the formulas. `own` is in order; `external` is put in order, and the first
// of several for a passage counts.
std::vector<FusedCandidate> Fuse(const index::Generation& generation,
                                 const ExternalResults& options,
                                 const std::vector<Candidate>& own,
                                 std::vector<ExternalPassage> external);

}  // namespace footnote::search
