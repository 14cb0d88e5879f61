// Requests to check an answer from protobuf, and what is found of its claims as
// protobuf.

#pragma once

#include <string>

#include "footnote/v1/grounding_service.pb.h"
#include "indexer/base/status.h"
#include "server/grounding/grounding_check.h"
#include "server/service/conversion.h"
#include "server/service/resource_name.h"

namespace footnote::service {

// Returns what a request about a collection asks for.
// Errors: kInvalidArgument NAME_INVALID, SOURCE_EMPTY, LANGUAGE_INVALID, each
// with the field.
absl::StatusOr<grounding::GroundingRequest> ParseGroundingRequest(
    const v1::CheckGroundingRequest& request,
    const CollectionNames& collection);

// Fills in what was found of `answer`.
void Convert(grounding::GroundingResult&& result, const std::string& answer,
             const OutputFormat& format, v1::CheckGroundingResponse* out);

}  // namespace footnote::service
