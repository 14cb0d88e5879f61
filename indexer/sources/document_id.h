// What a document may be called.

#pragma once

#include <cstddef>
#include <string>

#include "indexer/base/status.h"

namespace footnote::sources {

// Any path fits: 4,096 bytes, each percent-encoded.
inline constexpr size_t kMaxDocumentIdBytes = size_t{3} * 4096;

// Returns ok if `id`, valid UTF-8, is a document id: 1 to kMaxDocumentIdBytes
// bytes without control characters. Else kInvalidArgument DOCUMENT_ID_INVALID.
absl::Status CheckDocumentId(const std::string& id);

}  // namespace footnote::sources
