// Finds where a quote stands, as a whole or in pieces parted by ellipses.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "server/grounding/passage_search.h"
#include "server/grounding/quote_text.h"
#include "server/search/deadline.h"

namespace footnote::grounding {

// Words [start, end) of a quote, and where they stand in a document.
struct FoundPart {
  size_t start = 0;
  size_t end = 0;
  ByteRange source;
};

// Where a quote stands.
struct FoundPlace {
  size_t segment = 0;  // index in the generation
  uint32_t document = 0;
  std::vector<FoundPart> parts;  // several where ellipses part them
  uint32_t edits = 0;
  bool is_exact = false;  // byte for byte

  // How far its text is from the source's: the less the better.
  uint32_t distance() const {
    constexpr uint32_t kPieces = 2;
    return is_exact           ? 0
           : parts.size() > 1 ? kPieces
           : edits == 0       ? 1
                              : kPieces + edits;
  }
  bool Overlaps(const ByteRange& range) const;
};

// Not thread-safe.
class PlaceFinder {
 public:
  // All that it is given must outlive it; `tokens` are those of `quote`.
  PlaceFinder(const QuotedText& quote, const QuoteTokens& tokens,
              const search::Deadline& deadline, PassageSearch& search)
      : quote_(quote), tokens_(tokens), deadline_(deadline), search_(search) {}

  // Returns the places of the quote in some passages of one document and right
  // beside them, nearest texts first, then as they stand. Errors: as of
  // PassageSearch::Find().
  absl::StatusOr<std::vector<FoundPlace>> FindIn(const PassageRange& passages);

  // Returns the place with the nearest text, of such the first by document id
  // and place. Errors: likewise.
  absl::StatusOr<std::optional<FoundPlace>> FindAnywhere();

 private:
  bool HasPieces() const { return quote_.pieces().size() > 1; }
  TokenRange TokensOf(const QuotePiece& piece) const;
  std::vector<TokenRange> Probes() const;
  uint32_t MostEditsOf(const TokenRange& probe) const;
  // Adds the places with at most `most` edits near a hit of a probe.
  absl::Status AddPlaces(const Hit& hit, const TokenRange& probe, uint32_t most,
                         std::vector<FoundPlace>* places);
  absl::Status AddPieces(const Hit& hit, std::vector<FoundPlace>* places);
  // Adds the places of the whole quote, and of its pieces, in some passages.
  absl::Status AddWholeIn(const PassageRange& passages, const TokenRange& probe,
                          std::vector<FoundPlace>* places);
  absl::Status AddPiecesIn(const PassageRange& passages,
                           std::vector<FoundPlace>* places);
  FoundPlace MakePlace(const PassageRange& passages, const NumberedText& text,
                       const Stretch& stretch) const;
  const QuotePiece& LongestPiece() const;
  absl::StatusOr<std::optional<FoundPlace>> FindWhole(const TokenRange& probe,
                                                      uint32_t token_edits,
                                                      uint32_t most);
  absl::StatusOr<std::optional<FoundPlace>> FindPieces();
  bool IsBetter(const FoundPlace& a, const FoundPlace& b) const;
  const index::Segment& SegmentAt(size_t segment) const;

  const QuotedText& quote_;
  const QuoteTokens& tokens_;
  const search::Deadline& deadline_;
  PassageSearch& search_;
};

}  // namespace footnote::grounding
