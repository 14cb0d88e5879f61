#include "server/search/moved_text.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "indexer/text/utf8.h"

namespace footnote::search {
namespace {

// How much text is read at a time.
constexpr uint64_t kPieceBytes = 1 << 20;
// How many bytes may be hashed to look at every place of a document.
constexpr uint64_t kMaxHashedBytes = 256ULL << 20;
// How many digests are taken between looks at the clock.
constexpr uint64_t kDigestsPerLook = 256;

// Collects the places that count.
class Places {
 public:
  Places(const Place& place, uint64_t size) : place_(place), size_(size) {}

  // Where the next one may begin.
  uint64_t next() const { return next_; }
  bool is_full() const { return spans_.size() == kMaxMovedTo; }

  // Takes the text that begins at a byte, where it lies on grapheme boundaries.
  absl::Status Add(uint64_t start) {
    const uint64_t end = start + size_;
    FOOTNOTE_ASSIGN_OR_RETURN(
        const uint64_t floor,
        FindBoundary(place_, start, text::FloorToGrapheme));
    FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t ceiling,
                              FindBoundary(place_, end, text::CeilToGrapheme));
    if (floor != start || ceiling != end) {
      return absl::OkStatus();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const TextBlock block,
                              ReadBlock(place_, start, end));
    spans_.push_back(block.span);
    next_ = end;
    return absl::OkStatus();
  }

  std::vector<Span> Take() { return std::move(spans_); }

 private:
  const Place& place_;
  const uint64_t size_;
  uint64_t next_ = 0;
  std::vector<Span> spans_;
};

// Calls `f` with pieces of a document's text and where they begin; each goes on
// `overlap` bytes into the next. Ends when `f` returns an error or `places` is
// full.
template <typename F>
absl::Status ForEachPiece(const Place& place, uint64_t overlap,
                          const Deadline& deadline, const Places& places,
                          F&& f) {
  const uint64_t size = place.text_bytes();
  for (uint64_t base = 0; base < size && !places.is_full();
       base += kPieceBytes) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        const std::string piece,
        place.segment->ReadText(place.document, base,
                                std::min(size, base + kPieceBytes + overlap)));
    FOOTNOTE_RETURN_IF_ERROR(f(base, std::string_view(piece)));
  }
  return absl::OkStatus();
}

// Adds the places of `text` that begin in the first kPieceBytes of a piece.
absl::Status AddFrom(uint64_t base, std::string_view piece,
                     std::string_view text, Places* places) {
  size_t at = places->next() > base ? places->next() - base : 0;
  while (at < std::min<uint64_t>(piece.size(), kPieceBytes) &&
         !places->is_full()) {
    const void* const found =
        memmem(piece.data() + at, piece.size() - at, text.data(), text.size());
    if (found == nullptr) {
      break;
    }
    const auto start =
        static_cast<uint64_t>(static_cast<const char*>(found) - piece.data());
    if (start >= kPieceBytes) {
      break;  // the next piece has it
    }
    const uint64_t before = places->next();
    FOOTNOTE_RETURN_IF_ERROR(places->Add(base + start));
    at = places->next() != before ? start + text.size() : start + 1;
  }
  return absl::OkStatus();
}

std::vector<uint64_t> SentenceStarts(const Place& place) {
  const index::DocumentPlace& document =
      place.segment->document_place(place.document);
  std::vector<uint64_t> starts;
  for (uint32_t i = 0; i < document.passage_count; ++i) {
    const uint32_t passage = document.first_passage + i;
    uint64_t at = place.segment->passage_place(passage).start;
    for (const uint32_t bytes : place.segment->ReadSentenceBytes(passage)) {
      starts.push_back(at);
      at += bytes;
    }
  }
  return starts;
}

bool IsInsideCodePoint(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

// What texts are compared with.
struct WantedDigest {
  uint64_t size;
  const Digest& digest;
  const std::vector<uint64_t>* starts;  // null: any code point
};

// Returns the first place from `at` on in a piece where the text may begin;
// `end` where there is none before.
uint64_t NextStart(const WantedDigest& wanted, uint64_t base,
                   std::string_view piece, uint64_t at, uint64_t end) {
  if (wanted.starts != nullptr) {
    const auto next = std::lower_bound(wanted.starts->begin(),
                                       wanted.starts->end(), base + at);
    return next == wanted.starts->end() ? end : std::min(*next - base, end);
  }
  while (at < end && IsInsideCodePoint(piece[at])) {
    ++at;
  }
  return at;
}

// Adds the places of the wanted text that begin in the first kPieceBytes of a
// piece.
absl::Status AddFrom(uint64_t base, std::string_view piece,
                     const WantedDigest& wanted, const Deadline& deadline,
                     Places* places) {
  const uint64_t room =
      piece.size() >= wanted.size ? piece.size() - wanted.size + 1 : 0;
  const uint64_t end = std::min(kPieceBytes, room);
  uint64_t at = places->next() > base ? places->next() - base : 0;
  at = NextStart(wanted, base, piece, at, end);
  for (uint64_t looks = 1; at < end && !places->is_full(); ++looks) {
    if (looks % kDigestsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
    const bool is_it = Sha256Of(piece.substr(at, wanted.size)) == wanted.digest;
    FOOTNOTE_RETURN_IF_ERROR(is_it ? places->Add(base + at) : absl::OkStatus());
    const uint64_t next = std::max(base + at + 1, places->next()) - base;
    at = NextStart(wanted, base, piece, next, end);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Span>> FindWanted(const Place& place,
                                             const WantedDigest& wanted,
                                             const Deadline& deadline) {
  Places places(place, wanted.size);
  FOOTNOTE_RETURN_IF_ERROR(
      ForEachPiece(place, wanted.size - 1, deadline, places,
                   [&](uint64_t base, std::string_view piece) {
                     return AddFrom(base, piece, wanted, deadline, &places);
                   }));
  return places.Take();
}

}  // namespace

absl::StatusOr<std::vector<Span>> FindText(const Place& place,
                                           std::string_view text,
                                           const Deadline& deadline) {
  Places places(place, text.size());
  if (text.empty() || text.size() > kMaxQuoteBytes) {
    return places.Take();
  }
  FOOTNOTE_RETURN_IF_ERROR(
      ForEachPiece(place, text.size() - 1, deadline, places,
                   [&](uint64_t base, std::string_view piece) {
                     return AddFrom(base, piece, text, &places);
                   }));
  return places.Take();
}

absl::StatusOr<std::vector<Span>> FindDigest(const Place& place, uint64_t size,
                                             const Digest& digest,
                                             const Deadline& deadline) {
  if (size == 0 || size > kMaxQuoteBytes) {
    return std::vector<Span>();
  }
  const std::vector<uint64_t> starts = SentenceStarts(place);
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::vector<Span> found,
      FindWanted(place, {size, digest, &starts}, deadline));
  if (!found.empty() || place.text_bytes() * size > kMaxHashedBytes) {
    return found;
  }
  return FindWanted(place, {size, digest, nullptr}, deadline);
}

}  // namespace footnote::search
