// The commands of footnote that change a collection.

#pragma once

#include <string>

#include "client/client.h"
#include "client/command.h"
#include "client/run.h"

namespace footnote::client {

// Each carries a command out and writes what became of it to the output of
// `streams`, as JSON (an object a line) or for people.
// Errors: the call's; DOCUMENTS_REFUSED (kInvalidArgument) where some documents
// were not taken, each of which is named in the output.
absl::Status RunPut(const Client& client, const PutCommand& command, bool json,
                    const Streams& streams);
absl::Status RunDelete(const Client& client, const DeleteCommand& command,
                       bool json, const Streams& streams);
absl::Status RunPublish(const Client& client, const PublishCommand& command,
                        bool json, const Streams& streams);

}  // namespace footnote::client
