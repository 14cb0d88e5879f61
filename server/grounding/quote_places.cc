#include "server/grounding/quote_places.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "indexer/index/generation.h"

namespace footnote::grounding {
namespace {

// Longer quotes are looked for by some parts of so many tokens.
constexpr size_t kWholeTokens = 64;
constexpr size_t kProbeTokens = 32;
constexpr size_t kProbes = 16;
constexpr size_t kPieceReach = 2000;  // tokens on either side of a piece

// Whether a border of sentences or paragraphs stands between two words.
bool HasBorder(std::string_view gap) {
  return gap.find('\n') != std::string_view::npos ||
         (gap.find_first_of(".!?") != std::string_view::npos &&
          gap.find(' ') != std::string_view::npos);
}

// A word put into the quote at an end stands for no word beyond a border that
// the quote does not have.
void LeaveOutBeyondBorders(const NumberedText& quote, const NumberedText& text,
                           Stretch* stretch) {
  const size_t last = quote.size() - 1;
  if (stretch->edits == 0 || quote.size() < 2 ||
      stretch->end - stretch->start < 2) {
    return;
  }
  if (text.numbers[stretch->end - 1] != quote.numbers[last] &&
      HasBorder(text.GapAfter(stretch->end - 2)) &&
      !HasBorder(quote.GapAfter(last - 1))) {
    --stretch->end;
  }
  if (stretch->end - stretch->start >= 2 &&
      text.numbers[stretch->start] != quote.numbers.front() &&
      HasBorder(text.GapAfter(stretch->start)) &&
      !HasBorder(quote.GapAfter(0))) {
    ++stretch->start;
  }
}

// Whether words [first, end) of the quote stand at word `at` of a text.
bool StandsAt(const NumberedText& quote, const QuotePiece& piece,
              const NumberedText& text, size_t at) {
  return at + piece.size() <= text.size() &&
         std::equal(quote.numbers.begin() + static_cast<ptrdiff_t>(piece.start),
                    quote.numbers.begin() + static_cast<ptrdiff_t>(piece.end),
                    text.numbers.begin() + static_cast<ptrdiff_t>(at));
}

// Whether words `before` and `after` of a text stand in one paragraph.
bool IsOneParagraph(const NumberedText& text, size_t before, size_t after) {
  const auto from = text.text.begin() + text.words[before].end;
  const auto to = text.text.begin() + text.words[after].start;
  return std::find(from, to, '\n') == to;
}

// Finds the pieces of a quote around one of them.
class PieceChain {
 public:
  PieceChain(const QuotedText& quote, const NumberedText& text)
      : quote_(quote.text()), pieces_(quote.pieces()), text_(text) {}

  // Returns where the pieces begin in the text, piece `known` at word `at` and
  // the others as near to it as may be; nothing where one is not there.
  std::optional<std::vector<size_t>> Around(size_t known, size_t at) const {
    std::vector<size_t> starts(pieces_.size());
    starts[known] = at;
    for (size_t i = known; i-- > 0;) {
      const auto found = Before(pieces_[i], starts[i + 1]);
      if (!found) {
        return std::nullopt;
      }
      starts[i] = *found;
    }
    for (size_t i = known + 1; i < pieces_.size(); ++i) {
      const auto found =
          After(pieces_[i], starts[i - 1] + pieces_[i - 1].size());
      if (!found) {
        return std::nullopt;
      }
      starts[i] = *found;
    }
    return starts;
  }

 private:
  std::optional<size_t> Before(const QuotePiece& piece, size_t end) const {
    for (size_t at = end - std::min(end, piece.size()) + 1; at-- > 0;) {
      if (StandsAt(quote_, piece, text_, at)) {
        const bool is_one = at + piece.size() <= end &&
                            IsOneParagraph(text_, at + piece.size() - 1, end);
        return is_one ? std::optional(at) : std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::optional<size_t> After(const QuotePiece& piece, size_t start) const {
    for (size_t at = start; at < text_.size(); ++at) {
      if (StandsAt(quote_, piece, text_, at)) {
        return IsOneParagraph(text_, start - 1, at) ? std::optional(at)
                                                    : std::nullopt;
      }
    }
    return std::nullopt;
  }

  const NumberedText& quote_;
  const std::vector<QuotePiece>& pieces_;
  const NumberedText& text_;
};

}  // namespace

bool FoundPlace::Overlaps(const ByteRange& range) const {
  return std::any_of(parts.begin(), parts.end(), [&](const FoundPart& part) {
    return part.source.Overlaps(range);
  });
}

const index::Segment& PlaceFinder::SegmentAt(size_t segment) const {
  return *search_.view().generation().segments()[segment];
}

bool PlaceFinder::IsBetter(const FoundPlace& a, const FoundPlace& b) const {
  if (a.distance() != b.distance()) {
    return a.distance() < b.distance();
  }
  const std::string_view id_a = SegmentAt(a.segment).document_id(a.document);
  const std::string_view id_b = SegmentAt(b.segment).document_id(b.document);
  return id_a != id_b
             ? id_a < id_b
             : a.parts.front().source.start < b.parts.front().source.start;
}

TokenRange PlaceFinder::TokensOf(const QuotePiece& piece) const {
  const auto& words = quote_.text().words;
  const size_t end = piece.end == words.size()
                         ? tokens_.size()
                         : tokens_.TokenFrom(words[piece.end].start);
  return {std::min(end, tokens_.TokenFrom(words[piece.start].start)), end};
}

std::vector<TokenRange> PlaceFinder::Probes() const {
  if (tokens_.size() <= kWholeTokens) {
    return {{0, tokens_.size()}};
  }
  std::vector<TokenRange> probes;
  for (size_t i = 0; i < kProbes; ++i) {
    const size_t start = (tokens_.size() - kProbeTokens) * i / (kProbes - 1);
    probes.push_back({start, start + kProbeTokens});
  }
  return probes;
}

// Tokens and words are not quite the same: one more is allowed for.
uint32_t PlaceFinder::MostEditsOf(const TokenRange& probe) const {
  constexpr size_t kOneIn = 4;
  constexpr size_t kLong = 8;
  const auto quarter = static_cast<uint32_t>(probe.size() / kOneIn);
  const uint32_t most = probe.size() == tokens_.size()
                            ? std::max(quarter, quote_.most_edits())
                            : quarter;
  return most + (probe.size() >= kLong ? 1 : 0);
}

FoundPlace PlaceFinder::MakePlace(const PassageRange& passages,
                                  const NumberedText& text,
                                  const Stretch& stretch) const {
  const NumberedText& quote = quote_.text();
  FoundPlace place;
  place.segment = passages.segment;
  place.document =
      SegmentAt(passages.segment).passage_place(passages.first).document;
  place.edits = stretch.edits;
  FoundPart part{0, quote.size(), text.RangeOf(stretch.start, stretch.end)};
  const uint64_t lead = quote.words.front().start;
  const uint64_t start = text.words[stretch.start].start;
  if (stretch.edits == 0 && start >= lead &&
      text.text.compare(start - lead, quote.text.size(), quote.text) == 0) {
    place.is_exact = true;
    part.source.start = text.base + start - lead;
    part.source.end = part.source.start + quote.text.size();
  }
  place.parts.push_back(part);
  return place;
}

absl::Status PlaceFinder::AddPlaces(const Hit& hit, const TokenRange& probe,
                                    uint32_t most,
                                    std::vector<FoundPlace>* places) {
  const uint32_t edits = quote_.most_edits();
  const PassageRange passages = search_.Widen(
      hit.passages, probe.start + edits, tokens_.size() - probe.end + edits);
  FOOTNOTE_ASSIGN_OR_RETURN(const NumberedText text,
                            ReadPassages(quote_, SegmentAt(passages.segment),
                                         passages.first, passages.last));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<Stretch> found,
      quote_.pattern().FindIn(text.numbers, most, deadline_));
  for (Stretch stretch : found) {
    LeaveOutBeyondBorders(quote_.text(), text, &stretch);
    if (stretch.start < stretch.end) {
      places->push_back(MakePlace(passages, text, stretch));
    }
  }
  return absl::OkStatus();
}

const QuotePiece& PlaceFinder::LongestPiece() const {
  return *std::max_element(quote_.pieces().begin(), quote_.pieces().end(),
                           [](const QuotePiece& a, const QuotePiece& b) {
                             return a.size() < b.size();
                           });
}

absl::Status PlaceFinder::AddPieces(const Hit& hit,
                                    std::vector<FoundPlace>* places) {
  const PassageRange passages =
      search_.Widen(hit.passages, kPieceReach, kPieceReach);
  const index::Segment& segment = SegmentAt(passages.segment);
  FOOTNOTE_ASSIGN_OR_RETURN(
      const NumberedText text,
      ReadPassages(quote_, segment, passages.first, passages.last));
  const PieceChain chain(quote_, text);
  const QuotePiece& longest = LongestPiece();
  const auto known = static_cast<size_t>(&longest - quote_.pieces().data());
  for (size_t at = 0; at < text.size(); ++at) {
    if (!StandsAt(quote_.text(), longest, text, at)) {
      continue;
    }
    const auto starts = chain.Around(known, at);
    if (!starts) {
      continue;
    }
    FoundPlace& place = places->emplace_back();
    place.segment = passages.segment;
    place.document = segment.passage_place(passages.first).document;
    for (size_t i = 0; i < starts->size(); ++i) {
      const QuotePiece& piece = quote_.pieces()[i];
      const size_t start = (*starts)[i];
      place.parts.push_back(
          {piece.start, piece.end, text.RangeOf(start, start + piece.size())});
    }
  }
  return absl::OkStatus();
}

absl::Status PlaceFinder::AddWholeIn(const PassageRange& passages,
                                     const TokenRange& probe,
                                     std::vector<FoundPlace>* places) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<Hit> hits,
      search_.FindIn(passages, probe, MostEditsOf(probe)));
  for (const Hit& hit : hits) {
    FOOTNOTE_RETURN_IF_ERROR(
        AddPlaces(hit, probe, quote_.most_edits(), places));
  }
  return absl::OkStatus();
}

absl::Status PlaceFinder::AddPiecesIn(const PassageRange& passages,
                                      std::vector<FoundPlace>* places) {
  if (!HasPieces()) {
    return absl::OkStatus();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<Hit> hits,
      search_.FindIn(passages, TokensOf(LongestPiece()), 0));
  for (const Hit& hit : hits) {
    FOOTNOTE_RETURN_IF_ERROR(AddPieces(hit, places));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<FoundPlace>> PlaceFinder::FindIn(
    const PassageRange& passages) {
  std::vector<FoundPlace> places;
  const std::vector<TokenRange> probes = Probes();
  for (size_t i = 0; i < probes.size() && places.empty(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(AddWholeIn(passages, probes[i], &places));
  }
  FOOTNOTE_RETURN_IF_ERROR(AddPiecesIn(passages, &places));
  std::stable_sort(
      places.begin(), places.end(),
      [&](const FoundPlace& a, const FoundPlace& b) { return IsBetter(a, b); });
  return places;
}

// Looks at the hits of a probe, best first, and no further than one can be
// better than what was found.
absl::StatusOr<std::optional<FoundPlace>> PlaceFinder::FindWhole(
    const TokenRange& probe, uint32_t token_edits, uint32_t most) {
  constexpr uint32_t kSlack = 1;  // of tokens for words
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<Hit> hits,
                            search_.Find(probe, token_edits));
  std::optional<FoundPlace> best;
  std::vector<FoundPlace> places;
  for (const Hit& hit : hits) {
    if (best && (best->is_exact || hit.edits > best->edits + kSlack)) {
      break;
    }
    places.clear();
    FOOTNOTE_RETURN_IF_ERROR(AddPlaces(hit, probe, most, &places));
    for (FoundPlace& place : places) {
      if (!best || IsBetter(place, *best)) {
        best = std::move(place);
      }
    }
  }
  return best;
}

absl::StatusOr<std::optional<FoundPlace>> PlaceFinder::FindPieces() {
  std::optional<FoundPlace> best;
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<Hit> hits,
                            search_.Find(TokensOf(LongestPiece()), 0));
  std::vector<FoundPlace> places;
  for (const Hit& hit : hits) {
    places.clear();
    FOOTNOTE_RETURN_IF_ERROR(AddPieces(hit, &places));
    for (FoundPlace& place : places) {
      if (!best || IsBetter(place, *best)) {
        best = std::move(place);
      }
    }
  }
  return best;
}

absl::StatusOr<std::optional<FoundPlace>> PlaceFinder::FindAnywhere() {
  const std::vector<TokenRange> probes = Probes();
  FOOTNOTE_ASSIGN_OR_RETURN(std::optional<FoundPlace> found,
                            FindWhole(probes.front(), 0, 0));
  if (!found && HasPieces()) {
    FOOTNOTE_ASSIGN_OR_RETURN(found, FindPieces());
  }
  if (quote_.most_edits() == 0) {
    return found;
  }
  for (size_t i = 0; i < probes.size() && !found; ++i) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        found,
        FindWhole(probes[i], MostEditsOf(probes[i]), quote_.most_edits()));
  }
  return found;
}

}  // namespace footnote::grounding
