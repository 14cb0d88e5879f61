#include "indexer/index/content_digest.h"

#include <cstdint>

namespace footnote::index {
namespace {

constexpr uint32_t kByteBits = 8;

Digest DigestOf(std::string_view document_id, const Digest& etag) {
  Sha256 sha;
  sha.UpdateField(document_id);
  sha.UpdateField(ToBytes(etag));
  return sha.Finish();
}

// Adds big-endian numbers of 256 bits; what goes beyond is lost.
void AddTo(Digest* sum, const Digest& number, uint32_t carry) {
  for (size_t i = sum->size(); i > 0; --i) {
    carry += uint32_t{(*sum)[i - 1]} + number[i - 1];
    (*sum)[i - 1] = static_cast<uint8_t>(carry);
    carry >>= kByteBits;
  }
}

}  // namespace

void ContentDigest::Add(std::string_view document_id, const Digest& etag) {
  AddTo(&value_, DigestOf(document_id, etag), 0);
}

void ContentDigest::Remove(std::string_view document_id, const Digest& etag) {
  Digest number = DigestOf(document_id, etag);
  for (uint8_t& byte : number) {
    byte = static_cast<uint8_t>(~byte);
  }
  AddTo(&value_, number, 1);  // -x is ~x + 1
}

}  // namespace footnote::index
