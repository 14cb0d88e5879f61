// Orders other than by score.

#pragma once

#include <vector>

#include "indexer/index/generation.h"
#include "server/search/match.h"
#include "server/search/ranking_options.h"

namespace footnote::search {

// Returns, for each candidate, a number that falls as `order`, which is not by
// score, has them; -infinity where its document has nothing to be ordered by.
// Numbers of two calls cannot be compared.
std::vector<double> PlacesInOrder(const index::Generation& generation,
                                  const ResultOrder& order,
                                  const std::vector<Candidate>& candidates);

}  // namespace footnote::search
