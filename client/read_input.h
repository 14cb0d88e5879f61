// What commands read besides their arguments.

#pragma once

#include <istream>
#include <string>

#include "indexer/base/status.h"

namespace footnote::client {

// Returns the bytes of a file, of `in` for "-". Errors: as ReadFile().
absl::StatusOr<std::string> ReadInput(const std::string& file,
                                      std::istream& in);

}  // namespace footnote::client
