// The answers to a batch of searches, as people read them.

#pragma once

#include <string>

#include "client/terminal.h"
#include "footnote/v1/batch_search.pb.h"

namespace footnote::client {

// Returns a response as text: each answer, or why there is none, under its
// query; of fused queries what each found, then the list. Made safe for a
// terminal.
std::string FormatBatch(const v1::BatchSearchRequest& request,
                        const v1::BatchSearchResponse& response,
                        const Terminal& terminal);

}  // namespace footnote::client
