// The searches that take longest.

#pragma once

#include <string>
#include <vector>

#include "footnote/v1/search_service.pb.h"
#include "indexer/index/generation.h"

namespace footnote {

// A search, under the name of its kind.
struct CostlyRequest {
  std::string kind;
  v1::SearchRequest request;
};

// Returns searches of a collection that match nearly everything, expand to
// thousands of words, filter by long lists or count all there is to count.
std::vector<CostlyRequest> CostlyRequests(const index::Generation& generation,
                                          const std::string& collection);

}  // namespace footnote
