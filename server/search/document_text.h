// Pieces of the canonical text of one document, for those that serve them.
// All functions are thread-safe.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "server/search/result.h"
#include "server/search/view.h"

namespace footnote::search {

// How much text on either side of an offset decides the grapheme boundary near
// it. Long clusters are broken by their place in the text (see text/utf8.h):
// what is read begins at a multiple of this, so that they break the same way.
inline constexpr uint64_t kGraphemeReach = 1024;

// A document and the segment it is in.
struct Place {
  const index::Segment* segment = nullptr;
  uint32_t document = 0;

  uint64_t text_bytes() const {
    return segment->document_place(document).text_bytes;
  }
};

// Returns a document of a view. Errors: kNotFound DOCUMENT_NOT_FOUND.
absl::StatusOr<Place> FindDocument(const View& view,
                                   std::string_view document_id);

// Returns the grapheme boundary that `find` (FloorToGrapheme or CeilToGrapheme)
// finds near byte `at` of a document. Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<uint64_t> FindBoundary(const Place& place, uint64_t at,
                                      size_t (*find)(std::string_view, size_t));

// Widens [*start, *end) to grapheme boundaries. Errors: likewise.
absl::Status Widen(const Place& place, uint64_t* start, uint64_t* end);

// Reads [from, to), which lie on code points, with its span. Errors: likewise.
absl::StatusOr<TextBlock> ReadBlock(const Place& place, uint64_t from,
                                    uint64_t to);

}  // namespace footnote::search
