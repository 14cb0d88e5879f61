// Where a text stands in a document that has changed since.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/base/text_offset.h"
#include "server/search/deadline.h"
#include "server/search/document_text.h"

namespace footnote::search {

// Longer texts are not looked for.
inline constexpr uint64_t kMaxQuoteBytes = 64 << 10;
// No more places than these are told.
inline constexpr size_t kMaxMovedTo = 100;

// Returns where `text` stands in a document, byte for byte and on grapheme
// boundaries, without overlap; nowhere where it is empty or longer than
// kMaxQuoteBytes. Reads the whole text, a piece at a time.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<Span>> FindText(const Place& place,
                                           std::string_view text,
                                           const Deadline& deadline);

// Returns where a text of `size` bytes with this digest stands, likewise: one
// that begins where a sentence does, or, where that finds none and the document
// has at most 256 MiB / `size`, one that begins anywhere.
absl::StatusOr<std::vector<Span>> FindDigest(const Place& place, uint64_t size,
                                             const Digest& digest,
                                             const Deadline& deadline);

}  // namespace footnote::search
