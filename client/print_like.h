// Passages that are like a source, as people read them.

#pragma once

#include <string>

#include "client/terminal.h"
#include "footnote/v1/more_like_this.pb.h"

namespace footnote::client {

// Returns a response as text: the words that were searched for with what each
// weighs, then the passages. Made safe for a terminal.
std::string FormatLike(const v1::MoreLikeThisResponse& response,
                       const Terminal& terminal);

}  // namespace footnote::client
