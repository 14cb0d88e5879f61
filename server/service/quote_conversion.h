// Quotes from protobuf, and what is found of them as protobuf.

#pragma once

#include <vector>

#include "footnote/v1/quote.pb.h"
#include "indexer/base/status.h"
#include "server/grounding/quote.h"
#include "server/service/conversion.h"
#include "server/service/resource_name.h"

namespace footnote::service {

// Returns the quotes of a request about `collection`.
// Errors: kInvalidArgument NAME_INVALID, REVISION_INVALID; kOutOfRange
// SPAN_OUT_OF_RANGE; each with the field.
absl::StatusOr<std::vector<grounding::Quote>> ParseQuotes(
    const google::protobuf::RepeatedPtrField<v1::Quote>& quotes,
    const CollectionNames& collection);

void Convert(grounding::QuoteCheck&& check, const OutputFormat& format,
             v1::QuoteCheck* out);

}  // namespace footnote::service
