// Requests for contexts in the engine's terms, and contexts as protobuf.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "footnote/v1/grounding_service.pb.h"
#include "indexer/base/status.h"
#include "server/grounding/context.h"
#include "server/service/conversion.h"
#include "server/service/resource_name.h"

namespace footnote::service {

// Returns what a request asks of the context: budgets without their reserve.
// Errors: kInvalidArgument BUDGET_INVALID, ENUM_VALUE_UNKNOWN.
absl::StatusOr<grounding::ContextOptions> ParseContextOptions(
    const v1::PackContextRequest& request);

// Returns the ids of the passages that a request about `collection` names.
// Errors: kInvalidArgument NAME_INVALID, IDS_TOO_MANY.
absl::StatusOr<std::vector<std::string>> ParsePassageIds(
    const v1::PackContextRequest& request, const CollectionNames& collection);

void Convert(grounding::PackedContext&& context, const OutputFormat& format,
             v1::PackContextResponse* out);

}  // namespace footnote::service
