// Filters of requests, in the engine's terms.

#pragma once

#include "footnote/v1/filter.pb.h"
#include "indexer/base/status.h"
#include "server/search/filter.h"

namespace footnote::service {

// Returns the engine's filter; its fields, operators and values are for the
// engine to check. Errors (kInvalidArgument): FILTER_EMPTY,
// FILTER_OPERATOR_INVALID for none or an unknown one, FILTER_VALUE_INVALID for
// values that are not strings, FILTER_TOO_LARGE.
absl::StatusOr<search::Filter> ParseFilter(const v1::Filter& filter);

}  // namespace footnote::service
