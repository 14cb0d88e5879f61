// Puts passages and spans together from a segment's columns.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "server/search/result.h"

namespace footnote::search {

// Maps bytes of a text to offsets in every unit. Offsets must be asked for in
// ascending order. `text` must outlive it.
class OffsetCursor {
 public:
  // `base` is where `text` starts.
  OffsetCursor(std::string_view text, TextOffset base);

  // Returns the offset of byte `at` of the text.
  TextOffset At(uint64_t at);

 private:
  std::string_view text_;
  TextOffset base_;
  bool ascii_;
  uint64_t done_ = 0;
  TextOffset at_done_;
};

// Returns the headings above byte `at` of a document, outermost first.
std::vector<std::string> HeadingPathAt(const index::DocumentRecord& record,
                                       uint64_t at);

// Returns a passage without rank, highlights and neighbours.
// Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<Passage> AssemblePassage(const index::Segment& segment,
                                        uint32_t passage);

// Adds up to so many passages of the same document before and after it; their
// `document` stays empty, being that of `assembled`.
absl::Status AddNeighbours(const index::Segment& segment, uint32_t passage,
                           uint32_t previous_count, uint32_t next_count,
                           Passage* assembled);

// Returns what proves the text [span.start, span.end) of a document, and where
// it stands. Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<Provenance> AssembleProvenance(
    const index::Segment& segment, uint32_t document,
    const index::DocumentRecord& record, const Span& span);

// Returns the index of the passage that holds byte `at` of a document; the last
// one for its end.
uint32_t PassageAt(const index::Segment& segment, uint32_t document,
                   uint64_t at);

// Returns the start of a passage in every unit.
TextOffset PassageStart(const index::PassagePlace& place);

// Returns the base64url form of a passage's id.
std::string PassageIdText(const index::PassageId& id);

// Returns the live passage of a segment that has this id in base64url.
std::optional<uint32_t> FindPassageByText(const index::Segment& segment,
                                          std::string_view passage_id);

}  // namespace footnote::search
