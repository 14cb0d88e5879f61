// The commands of footnote that search for many queries, or for none.

#pragma once

#include <string>

#include "client/client.h"
#include "client/command.h"
#include "client/run.h"

namespace footnote::client {

// Returns what footnote like prints, as JSON or for people.
// Errors: the call's; those of reading its file.
absl::StatusOr<std::string> RunLike(const Client& client,
                                    const LikeCommand& command, bool json,
                                    const Streams& streams);

// Prints what footnote batch does.
// Errors: the call's, and that of the first query that has one; those of
// reading its file; kInvalidArgument JSON_SYNTAX for a line that begins like
// JSON and is no request.
absl::Status RunBatch(const Client& client, const BatchCommand& command,
                      bool json, const Streams& streams);

}  // namespace footnote::client
