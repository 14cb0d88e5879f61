// The parts of a SearchResponse that every search fills.

#pragma once

#include <vector>

#include "footnote/v1/search.pb.h"
#include "server/search/result.h"
#include "server/search/view.h"
#include "server/service/page_token.h"

namespace footnote::service {

// Says what the answer was drawn from, by collection where there are several.
// Returns a token of the next page's generations, without its offset.
PageToken AddGenerations(const search::View& view,
                         v1::SearchResponse* response);

// Adds results, each by the names of its own collection.
void AddPassages(std::vector<search::Passage> passages, bool include_utf16,
                 v1::SearchResponse* response);

}  // namespace footnote::service
