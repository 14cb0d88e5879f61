// What is found of quotes, as people read it.

#pragma once

#include <string>

#include "client/terminal.h"
#include "footnote/v1/grounding_service.pb.h"

namespace footnote::client {

// Returns a response to a request as text: each quote with its verdict, the
// source's text and footnote, and the differences; then how many there are of
// each verdict. Made safe for a terminal.
std::string FormatQuotes(const v1::VerifyQuotesRequest& request,
                         const v1::VerifyQuotesResponse& response,
                         const Terminal& terminal);

}  // namespace footnote::client
