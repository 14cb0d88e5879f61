// Ids of answers.

#pragma once

#include <string>

namespace footnote::service {

// Returns 128 random bits as base64url: no two are ever the same. Thread-safe.
std::string MakeQueryId();

}  // namespace footnote::service
