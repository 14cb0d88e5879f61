// Filters as people write them on the command line.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "footnote/v1/filter.pb.h"
#include "indexer/base/status.h"

namespace footnote::client {

// Returns the condition that `text` states: FIELD=VALUE, FIELD!=VALUE, or with
// <, <=, >, >= in place of =; FIELD^=VALUE for what begins so, FIELD*=VALUE for
// what has it as a part; FIELD alone for what has any value. After = and !=,
// VALUE|VALUE|… is any of these. For a field of metadata, a value that reads as
// a number, true or false stands for that as well as for the string. Whether
// the condition can be met, the server says.
// Errors: kInvalidArgument FILTER_SYNTAX.
absl::StatusOr<v1::Filter> ParseFilterText(std::string_view text);

// Returns the footnote.v1.Filter that `json` is, in protobuf's JSON mapping.
// Errors: kInvalidArgument FILTER_SYNTAX.
absl::StatusOr<v1::Filter> ParseFilterJson(const std::string& json);

// Sets what must be met to all of `filters`; leaves it as it is for none.
// `request` has a filter.
template <typename Request>
void SetFilters(const std::vector<v1::Filter>& filters, Request* request) {
  if (filters.size() == 1) {
    *request->mutable_filter() = filters.front();
  } else if (!filters.empty()) {
    request->mutable_filter()->mutable_and_()->mutable_filters()->Assign(
        filters.begin(), filters.end());
  }
}

}  // namespace footnote::client
