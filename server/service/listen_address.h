// HOST:PORT, and why a server cannot listen there.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/base/status.h"

namespace footnote::service {

// An address to listen on.
struct ListenAddress {
  std::string host;
  uint16_t port = 0;  // 0 for any free one
};

// Parses HOST:PORT; an IPv6 address stands in brackets: "[::1]:50051".
// Errors: kInvalidArgument CONFIG_INVALID.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

// Returns the error, in one sentence, of not being able to listen on `listen`:
// kUnavailable LISTEN_FAILED.
absl::Status ListenError(const std::string& listen);

}  // namespace footnote::service
