#include "indexer/base/sha256.h"

#include <openssl/evp.h>

namespace footnote {
namespace {

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::Update(std::string_view bytes) {
  EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size());
}

void Sha256::UpdateField(std::string_view field) {
  uint64_t size = field.size();
  std::array<char, sizeof(size)> prefix{};
  for (char& byte : prefix) {
    byte = static_cast<char>(size & 0xFF);
    size >>= 8;
  }
  Update({prefix.data(), prefix.size()});
  Update(field);
}

Digest Sha256::Finish() {
  Digest digest{};
  unsigned int size = digest.size();
  EVP_DigestFinal_ex(context_->evp, digest.data(), &size);
  return digest;
}

Digest Sha256Of(std::string_view bytes) {
  Sha256 sha;
  sha.Update(bytes);
  return sha.Finish();
}

std::string ToBytes(const Digest& digest) {
  return {digest.begin(), digest.end()};
}

std::string ToHex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    hex += kDigits[value >> 4];
    hex += kDigits[value & 15];
  }
  return hex;
}

std::string ToHex(const Digest& digest) { return ToHex(ToBytes(digest)); }

std::optional<Digest> DigestFromHex(std::string_view hex) {
  Digest digest{};
  if (hex.size() != digest.size() * 2 ||
      hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return std::nullopt;
  }
  constexpr int kHexBase = 16;
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<uint8_t>(
        std::stoi(std::string(hex.substr(2 * i, 2)), nullptr, kHexBase));
  }
  return digest;
}

std::string ToBase64Url(std::string_view bytes) {
  std::string text;
  uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) {
      text += kBase64Digits[(bits >> (count - 6)) & 63];
    }
  }
  if (count > 0) {
    text += kBase64Digits[(bits << (6 - count)) & 63];
  }
  return text;
}

std::optional<std::string> FromBase64Url(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char digit : text) {
    const size_t value = kBase64Digits.find(digit);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6) | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count);
    }
  }
  if (ToBase64Url(bytes) != text) {  // bits left over, or not zero
    return std::nullopt;
  }
  return bytes;
}

}  // namespace footnote
