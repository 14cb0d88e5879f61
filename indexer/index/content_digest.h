// A digest of which documents a generation has, kept by arithmetic.

#pragma once

#include <string_view>

#include "indexer/base/sha256.h"

namespace footnote::index {

// The sum, modulo 2^256, of a SHA-256 for each document: over its id and its
// etag, each as of Sha256::UpdateField(); digests count as big-endian numbers.
// Equal for equal sets of (document_id, etag), in whatever order, segments and
// generations they came; 0 for no documents. It tells collections apart that
// are not alike; it does not withstand someone who makes documents to fool it.
class ContentDigest {
 public:
  ContentDigest() = default;
  explicit ContentDigest(const Digest& value) : value_(value) {}

  void Add(std::string_view document_id, const Digest& etag);
  // Takes out a document that was added.
  void Remove(std::string_view document_id, const Digest& etag);

  const Digest& value() const { return value_; }

 private:
  Digest value_{};
};

}  // namespace footnote::index
