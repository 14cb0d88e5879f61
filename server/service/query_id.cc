#include "server/service/query_id.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "indexer/base/sha256.h"

namespace footnote::service {

std::string MakeQueryId() {
  std::array<char, 16> bytes{};
  // Up to 256 bytes come whole, or not at all where a signal comes first.
  while (getrandom(bytes.data(), bytes.size(), 0) < 0 && errno == EINTR) {
  }
  return ToBase64Url(std::string_view(bytes.data(), bytes.size()));
}

}  // namespace footnote::service
