#include <algorithm>
#include <string_view>
#include <utility>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "server/grounding/passage_search.h"

namespace footnote::grounding {
namespace {

constexpr size_t kMaxHits = 32;  // that are told
constexpr size_t kRunTokens = 4;

}  // namespace

std::vector<uint32_t> PassageSearch::ReadTokens(const PassageRange& passages,
                                                std::vector<size_t>* ends) {
  const index::Segment& segment = SegmentAt(passages.segment);
  QuoteLexemes& lexemes = *segments_[passages.segment].lexemes;
  std::vector<uint32_t> words;
  for (uint32_t passage = passages.first; passage <= passages.last; ++passage) {
    for (index::TokenReader tokens = segment.Lexemes(passage); tokens.Next();) {
      words.push_back(lexemes.NumberOf(tokens.lexeme()));
    }
    ends->push_back(words.size());
  }
  return words;
}

absl::Status PassageSearch::AddHits(const PassageRange& passages,
                                    const WordPattern& pattern, uint32_t most,
                                    std::vector<Hit>* hits) {
  std::vector<size_t> ends;
  const std::vector<uint32_t> words = ReadTokens(passages, &ends);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<Stretch> found,
                            pattern.FindIn(words, most, deadline_));
  const auto passage_at = [&](size_t token) {
    const auto at = std::upper_bound(ends.begin(), ends.end(), token);
    return passages.first +
           static_cast<uint32_t>(std::min<ptrdiff_t>(
               at - ends.begin(), passages.last - passages.first));
  };
  for (const Stretch& stretch : found) {
    Hit& hit = hits->emplace_back();
    hit.passages = {passages.segment, passage_at(stretch.start),
                    passage_at(std::max(stretch.end, stretch.start + 1) - 1)};
    hit.edits = stretch.edits;
  }
  return absl::OkStatus();
}

bool PassageSearch::IsBefore(const Hit& a, const Hit& b) const {
  if (a.edits != b.edits || a.tokens != b.tokens) {
    return a.edits != b.edits ? a.edits < b.edits : a.tokens > b.tokens;
  }
  const index::Segment& in_a = SegmentAt(a.passages.segment);
  const index::Segment& in_b = SegmentAt(b.passages.segment);
  const index::PassagePlace& place_a = in_a.passage_place(a.passages.first);
  const index::PassagePlace& place_b = in_b.passage_place(b.passages.first);
  const std::string_view id_a = in_a.document_id(place_a.document);
  const std::string_view id_b = in_b.document_id(place_b.document);
  return id_a != id_b ? id_a < id_b : place_a.ordinal < place_b.ordinal;
}

void PassageSearch::KeepBest(std::vector<Hit>* hits) const {
  const auto is_before = [&](const Hit& a, const Hit& b) {
    return IsBefore(a, b);
  };
  const size_t kept = std::min(kMaxHits, hits->size());
  std::partial_sort(hits->begin(), hits->begin() + static_cast<ptrdiff_t>(kept),
                    hits->end(), is_before);
  hits->resize(kept);
}

absl::StatusOr<std::vector<Hit>> PassageSearch::Find(TokenRange range,
                                                     uint32_t most) {
  std::vector<Hit> hits;
  FOOTNOTE_ASSIGN_OR_RETURN(const Voters voters, ChooseVoters(range, most));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<Window> windows,
                            FindWindows(voters, range.size() + most));
  const WordPattern pattern(
      {tokens_.words.begin() + static_cast<ptrdiff_t>(range.start),
       tokens_.words.begin() + static_cast<ptrdiff_t>(range.end)},
      tokens_.numbers.size());
  for (const PassageRange& passages : Merge(windows)) {
    FOOTNOTE_RETURN_IF_ERROR(AddHits(passages, pattern, most, &hits));
  }
  KeepBest(&hits);
  return hits;
}

absl::StatusOr<std::vector<Hit>> PassageSearch::FindIn(
    const PassageRange& passages, TokenRange range, uint32_t most) {
  constexpr uint32_t kPassagesAtOnce = 4096;
  const WordPattern pattern(
      {tokens_.words.begin() + static_cast<ptrdiff_t>(range.start),
       tokens_.words.begin() + static_cast<ptrdiff_t>(range.end)},
      tokens_.numbers.size());
  std::vector<Hit> hits;
  for (uint32_t first = passages.first; first <= passages.last;
       first += kPassagesAtOnce) {
    PassageRange piece = passages;
    piece.first = first;
    piece.last = std::min(passages.last, first + kPassagesAtOnce - 1);
    // What crosses the end of a piece is found with the next one too.
    const uint32_t last = piece.last;
    piece = Widen(piece, range.size() + most, 0);
    piece.first = std::max(piece.first, passages.first);
    piece.last = last;
    FOOTNOTE_RETURN_IF_ERROR(AddHits(piece, pattern, most, &hits));
    KeepBest(&hits);
  }
  return hits;
}

// Whether a run that begins at token `start` of the quote may begin before some
// tokens of a text and reach into them, or begin in them and go on after.
bool PassageSearch::MayCross(const std::vector<uint32_t>& words,
                             size_t start) const {
  const auto run = tokens_.words.begin() + static_cast<ptrdiff_t>(start);
  for (size_t size = 1; size < std::min(kRunTokens, words.size() + 1); ++size) {
    const auto inside = static_cast<ptrdiff_t>(size);
    if (std::equal(words.end() - inside, words.end(), run) ||
        std::equal(words.begin(), words.begin() + inside,
                   run + static_cast<ptrdiff_t>(kRunTokens - size))) {
      return true;
    }
  }
  return words.size() < kRunTokens;
}

// Adds the longest run in a passage, or that crosses its borders.
void PassageSearch::AddRun(const Window& window, size_t start,
                           std::vector<Hit>* hits) {
  PassageRange passages = {window.passages.segment, window.passage,
                           window.passage};
  std::vector<size_t> ends;
  std::vector<uint32_t> words = ReadTokens(passages, &ends);
  if (MayCross(words, start)) {
    passages = window.passages;
    ends.clear();
    words = ReadTokens(passages, &ends);
  }
  const auto first = tokens_.words.begin() + static_cast<ptrdiff_t>(start);
  size_t best = 0;
  size_t best_at = 0;
  for (size_t at = 0; at < words.size(); ++at) {
    const auto from = words.begin() + static_cast<ptrdiff_t>(at);
    const auto end =
        std::mismatch(from, words.end(), first, tokens_.words.end()).first;
    const auto length = static_cast<size_t>(end - from);
    if (length > best) {
      best = length;
      best_at = at;
    }
  }
  if (best < kRunTokens) {
    return;
  }
  const auto at = std::upper_bound(ends.begin(), ends.end(), best_at);
  Hit& hit = hits->emplace_back();
  hit.passages = passages;
  hit.passages.first += static_cast<uint32_t>(at - ends.begin());
  hit.passages.last = hit.passages.first;
  hit.tokens = static_cast<uint32_t>(best);
}

absl::StatusOr<std::vector<Hit>> PassageSearch::FindRuns(size_t start) {
  std::vector<Hit> hits;
  if (start + kRunTokens > tokens_.size()) {
    return hits;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const Voters voters,
                            ChooseVoters({start, start + kRunTokens}, 0));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<Window> windows,
                            FindWindows(voters, kRunTokens));
  for (const Window& window : windows) {
    if (deadline_.Passed()) {
      return search::DeadlineError();
    }
    AddRun(window, start, &hits);
  }
  KeepBest(&hits);
  return hits;
}

}  // namespace footnote::grounding
