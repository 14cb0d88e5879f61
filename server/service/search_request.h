// A SearchRequest, checked and in the engine's terms.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "footnote/v1/search_service.pb.h"
#include "indexer/base/status.h"
#include "server/search/searcher.h"
#include "server/service/resource_name.h"

namespace footnote::service {

// What a SearchRequest asks for.
struct SearchCall {
  // One or several; of the page token, else of the request.
  std::vector<GenerationName> generations;
  search::SearchOptions options;
  bool include_utf16 = false;
  std::string request_key;  // of the tokens of further pages
  std::string cache_key;    // the request: what tells its answer from others
};

// Returns what `request` asks for, with defaults filled in and page sizes and
// facet limits lowered to their maxima.
// Errors: kInvalidArgument with the reasons that the API states, but those of
// the query itself and unknown facet fields, which the engine finds.
absl::StatusOr<SearchCall> ParseSearchRequest(const v1::SearchRequest& request);

// Goes on where the page before `token` ended: takes generations and offset
// over into `call`, whose request key must be set. Errors: kInvalidArgument
// PAGE_TOKEN_INVALID.
absl::Status ApplyPageToken(const std::string& token, SearchCall* call);

// Returns `page_size`, `default_size` for 0, at most `max_size`.
// Errors: kInvalidArgument PAGE_SIZE_INVALID for negative ones.
absl::StatusOr<uint32_t> ParsePageSize(int32_t page_size, uint32_t default_size,
                                       uint32_t max_size);

// Returns the number of neighbours that the request's `field` asks for.
// Errors: kInvalidArgument NEIGHBOURS_INVALID outside 0 to 10.
absl::StatusOr<uint32_t> ParseNeighbours(int32_t count,
                                         const std::string& field);

}  // namespace footnote::service
