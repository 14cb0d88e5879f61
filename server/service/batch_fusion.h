// Batches of searches whose results are one list.

#pragma once

#include "footnote/v1/batch_search.pb.h"
#include "indexer/base/status.h"
#include "server/service/batch_search.h"

namespace footnote::service {

// Answers a batch of MODE_FUSED that is of a right size.
// Errors: as the API states; those of one request have its number in front.
absl::Status AnswerFused(const BatchContext& context,
                         const v1::BatchSearchRequest& request, CallInfo& info,
                         v1::BatchSearchResponse* response);

}  // namespace footnote::service
