// SHA-256 and the text forms of digests.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace footnote {

// The 32 bytes of a SHA-256.
using Digest = std::array<uint8_t, 32>;

// Computes one SHA-256 over pieces given in order. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  // Adds bytes as they are.
  void Update(std::string_view bytes);
  // Adds the length of `field` (8 bytes, little-endian), then `field`: fields
  // cannot run into each other.
  void UpdateField(std::string_view field);
  // Returns the digest. Call once, last.
  Digest Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Returns the SHA-256 of `bytes`.
Digest Sha256Of(std::string_view bytes);

// Returns lower-case hexadecimal, two digits a byte.
std::string ToHex(std::string_view bytes);
std::string ToHex(const Digest& digest);

// Returns the digest of 64 lower-case hexadecimal digits, or nothing where
// `hex` is anything else.
std::optional<Digest> DigestFromHex(std::string_view hex);

// Returns base64url (RFC 4648 section 5) without padding.
std::string ToBase64Url(std::string_view bytes);

// Returns the bytes of base64url without padding, or nothing where `text` is
// not the one text that ToBase64Url() gives for them.
std::optional<std::string> FromBase64Url(std::string_view text);

// Returns the digest's bytes as a string of 32 bytes.
std::string ToBytes(const Digest& digest);

}  // namespace footnote
