// Page tokens: what was made for a request comes back for it and for no other;
// whatever else comes is refused.

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/base/sha256.h"
#include "server/service/page_token.h"
#include "tests/fuzz/expect.h"

namespace footnote::service {
namespace {

void CheckText(std::string_view text, const std::string& key) {
  const auto token = DecodePageToken(text, key);
  if (token.ok()) {
    FUZZ_EXPECT(EncodePageToken(*token, key) == text);
  } else {
    FUZZ_EXPECT(ErrorReason(token.status()) == "PAGE_TOKEN_INVALID");
  }
}

void CheckToken(std::string_view bytes, const std::string& key) {
  constexpr size_t kMostBytes = 255;
  uint64_t number = 0;
  for (const char c : bytes.substr(0, 8)) {
    number = number << 8U | static_cast<unsigned char>(c);
  }
  PageToken token;
  token.offset = static_cast<uint32_t>(number * 2654435761U);
  for (uint64_t left = number % 4; left > 0; --left) {
    const size_t size = std::min(bytes.size(), kMostBytes) / (left + 1);
    token.generations.push_back({std::string(bytes.substr(0, size)), number});
  }
  token.after = bytes.substr(bytes.size() / 2);
  std::string text = EncodePageToken(token, key);
  const auto read = DecodePageToken(text, key);
  FUZZ_EXPECT(read.ok() && *read == token);
  FUZZ_EXPECT(!DecodePageToken(text, key + "x").ok());
  text[number % text.size()] ^= 1;
  CheckText(text, key);
}

}  // namespace
}  // namespace footnote::service

// The first byte is the request.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string key(1 + data[0] % 4, 'k');
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1),
                               size - 1);
  footnote::service::CheckText(bytes, key);
  footnote::service::CheckToken(bytes, key);
  return 0;
}
