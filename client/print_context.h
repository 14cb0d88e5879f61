// A packed context, as people read it.

#pragma once

#include <string>

#include "client/terminal.h"
#include "footnote/v1/grounding_service.pb.h"

namespace footnote::client {

// Returns a response as text: the context as it is, then its size, the
// footnotes of its blocks and what was left out. Made safe for a terminal.
std::string FormatContext(const v1::PackContextResponse& response,
                          const Terminal& terminal);

}  // namespace footnote::client
