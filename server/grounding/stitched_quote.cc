#include "server/grounding/stitched_quote.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/text/analyzer.h"
#include "server/search/facet_values.h"

namespace footnote::grounding {
namespace {

constexpr size_t kMaxParts = 3;
constexpr size_t kMinPartWords = 4;

// Puts a last part after the first ones: what both have goes to the first ones,
// unless the last one would be too short. None where a gap remains.
std::vector<StitchedPart> Join(std::vector<StitchedPart> parts,
                               StitchedPart last) {
  StitchedPart& before = parts.back();
  if (last.start > before.end() + 1) {
    return {};
  }
  const size_t start =
      std::max(last.start, std::min(before.end(), last.end() - kMinPartWords));
  if (start < before.start + kMinPartWords) {
    return {};
  }
  if (before.end() > start) {
    before.words.resize(start - before.start);
  }
  const auto first =
      last.words.begin() + static_cast<ptrdiff_t>(start - last.start);
  last.before.insert(last.before.begin(), std::make_reverse_iterator(first),
                     last.words.rend());
  last.words.erase(last.words.begin(), first);
  last.start = start;
  parts.push_back(std::move(last));
  return parts;
}

}  // namespace

// Returns how many words stand in a row at word `at` of a text: those of the
// quote from `word` on, or those that end with its last one there.
size_t StitchFinder::RunAt(const NumberedText& text, size_t at, size_t word,
                           Way way) const {
  const std::vector<uint32_t>& quote = quote_.text().numbers;
  const auto text_at = static_cast<ptrdiff_t>(at);
  if (way == Way::kFrom) {
    const auto first = quote.begin() + static_cast<ptrdiff_t>(word);
    const auto found = std::mismatch(
        first, quote.end(), text.numbers.begin() + text_at, text.numbers.end());
    return static_cast<size_t>(found.first - first);
  }
  const auto found = std::mismatch(
      quote.rbegin(), quote.rend(),
      std::make_reverse_iterator(text.numbers.begin() + text_at + 1),
      text.numbers.rend());
  return static_cast<size_t>(found.first - quote.rbegin());
}

void StitchFinder::ImproveBy(const NumberedText& text,
                             const PassageRange& passages, size_t word, Way way,
                             StitchedPart* best) const {
  const index::Segment& segment =
      *search_.view().generation().segments()[passages.segment];
  const std::pair place(passages.segment,
                        segment.passage_place(passages.first).document);
  const bool is_preferred = preferred_ == place;
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t length = RunAt(text, at, word, way);
    const bool replaces =
        is_preferred && length > 0 && length == best->words.size() &&
        preferred_ != std::pair(best->segment, best->document);
    if (length > best->words.size() || replaces) {
      *best = MakePart(text, way == Way::kFrom ? at : at + 1 - length, length,
                       way == Way::kFrom ? word : quote_.size() - length);
      std::tie(best->segment, best->document) = place;
    }
  }
}

// Returns a part of so many words from word `first` of a text, that is words
// from `start` on of the quote.
StitchedPart StitchFinder::MakePart(const NumberedText& text, size_t first,
                                    size_t length, size_t start) const {
  const std::vector<uint32_t>& quote = quote_.text().numbers;
  StitchedPart part;
  part.start = start;
  for (size_t i = first; i < first + length; ++i) {
    part.words.push_back(text.RangeOf(i, i + 1));
  }
  for (size_t back = 1; back <= std::min(first, start) &&
                        text.numbers[first - back] == quote[start - back];
       ++back) {
    part.before.push_back(text.RangeOf(first - back, first - back + 1));
  }
  return part;
}

absl::StatusOr<StitchedPart> StitchFinder::FindLongest(size_t word, Way way) {
  StitchedPart best;
  best.start = way == Way::kFrom ? word : quote_.size();
  const size_t tokens = tokens_.size();
  const size_t token = way == Way::kFrom
                           ? tokens_.TokenFrom(quote_.text().words[word].start)
                           : tokens - std::min(tokens, kMinPartWords);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<Hit> hits,
                            search_.FindRuns(token));
  for (const Hit& hit : hits) {
    const PassageRange passages =
        search_.Widen(hit.passages, way == Way::kFrom ? 1 : tokens,
                      way == Way::kFrom ? tokens - token : 1);
    FOOTNOTE_ASSIGN_OR_RETURN(
        const NumberedText text,
        ReadPassages(quote_,
                     *search_.view().generation().segments()[passages.segment],
                     passages.first, passages.last));
    ImproveBy(text, passages, word, way, &best);
  }
  return best;
}

// Returns the part that reaches farthest from a word on, or from the next one.
absl::StatusOr<StitchedPart> StitchFinder::FindNext(size_t word,
                                                    bool may_join) {
  FOOTNOTE_ASSIGN_OR_RETURN(StitchedPart best, FindLongest(word, Way::kFrom));
  if (may_join && word + 1 < quote_.size()) {
    FOOTNOTE_ASSIGN_OR_RETURN(StitchedPart next,
                              FindLongest(word + 1, Way::kFrom));
    const bool is_long = next.words.size() >= kMinPartWords;
    if (is_long &&
        (best.words.size() < kMinPartWords || next.end() > best.end())) {
      return next;
    }
  }
  return best;
}

bool StitchFinder::IsFunctionWord(const StitchedPart& part, size_t word) const {
  const index::Segment& segment =
      *search_.view().generation().segments()[part.segment];
  const std::string_view language = search::FacetValueOf(
      segment, segment.document_facets(part.document).language);
  return text::IsStopWord(quote_.numbers().word(quote_.text().numbers[word]),
                          language);
}

void StitchFinder::MoveBorders(std::vector<StitchedPart>* parts) const {
  for (size_t i = 1; i < parts->size(); ++i) {
    StitchedPart& before = (*parts)[i - 1];
    StitchedPart& part = (*parts)[i];
    if (before.end() != part.start) {
      continue;
    }
    const size_t most =
        std::min(part.before.size(), before.words.size() - kMinPartWords);
    size_t moved = most;
    while (moved > 0 && !IsFunctionWord(part, part.start - moved)) {
      --moved;
    }
    before.words.resize(before.words.size() - moved);
    part.words.insert(part.words.begin(),
                      part.before.rend() - static_cast<ptrdiff_t>(moved),
                      part.before.rend());
    part.start -= moved;
  }
}

absl::StatusOr<std::vector<StitchedPart>> StitchFinder::Find() {
  const size_t size = quote_.size();
  std::vector<StitchedPart> parts;
  if (size < 2 * kMinPartWords) {
    return parts;
  }
  size_t at = 0;
  while (at < size && parts.size() < kMaxParts) {
    FOOTNOTE_ASSIGN_OR_RETURN(StitchedPart part, FindNext(at, !parts.empty()));
    if (part.words.size() < kMinPartWords) {
      break;
    }
    at = part.end();
    parts.push_back(std::move(part));
  }
  if (parts.empty() || (at == size && parts.size() > 1)) {
    MoveBorders(&parts);
    return parts;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const StitchedPart last,
                            FindLongest(size, Way::kUntil));
  for (size_t count = 1; last.words.size() >= kMinPartWords &&
                         count < std::min(parts.size() + 1, kMaxParts);
       ++count) {
    std::vector<StitchedPart> joined = Join(
        {parts.begin(), parts.begin() + static_cast<ptrdiff_t>(count)}, last);
    if (!joined.empty()) {
      MoveBorders(&joined);
      return joined;
    }
  }
  return std::vector<StitchedPart>();
}

}  // namespace footnote::grounding
