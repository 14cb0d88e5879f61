// The commands of footnote that prove answers.

#pragma once

#include <string>

#include "client/client.h"
#include "client/command.h"
#include "client/run.h"

namespace footnote::client {

// Return what a command prints, as JSON or for people.
// Errors: the call's; those of reading its file and of ReadQuotes().
absl::StatusOr<std::string> RunVerify(const Client& client,
                                      const VerifyCommand& command, bool json,
                                      const Streams& streams);

// Likewise. Errors: the call's; those of reading its file.
absl::StatusOr<std::string> RunCheck(const Client& client,
                                     const CheckCommand& command, bool json,
                                     const Streams& streams);

absl::StatusOr<std::string> RunPack(const Client& client,
                                    const PackCommand& command, bool json,
                                    const Streams& streams);

}  // namespace footnote::client
