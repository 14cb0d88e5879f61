// Finds the places that a quote was put together from.

#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "server/grounding/passage_search.h"
#include "server/grounding/quote_text.h"

namespace footnote::grounding {

// Words of a quote from `start` on, that stand in a row in a document.
struct StitchedPart {
  size_t start = 0;
  size_t segment = 0;
  uint32_t document = 0;
  std::vector<ByteRange> words;  // where each of them stands
  // Where words of the quote before `start` stand that go on before it there
  // too, the nearest first.
  std::vector<ByteRange> before;

  size_t end() const { return start + words.size(); }
};

// Not thread-safe.
class StitchFinder {
 public:
  // All that it is given must outlive it; `tokens` are those of `quote`.
  // Of places alike, those in the document `preferred` of a segment come first.
  StitchFinder(const QuotedText& quote, const QuoteTokens& tokens,
               PassageSearch& search,
               std::optional<std::pair<size_t, uint32_t>> preferred)
      : quote_(quote),
        tokens_(tokens),
        search_(search),
        preferred_(std::move(preferred)) {}

  // Returns two or three parts of at least four words that are all of the
  // quote, but for one word between two of them; none where there are no such.
  // Errors: as of PassageSearch::Find().
  absl::StatusOr<std::vector<StitchedPart>> Find();

 private:
  enum class Way { kFrom, kUntil };

  // Returns the longest part that begins at a word, or ends at the last one.
  absl::StatusOr<StitchedPart> FindLongest(size_t word, Way way);
  // Gives words that stand in a part and before the next one to that one where
  // they begin with a function word: "the" goes with what comes after it.
  void MoveBorders(std::vector<StitchedPart>* parts) const;
  bool IsFunctionWord(const StitchedPart& part, size_t word) const;
  size_t RunAt(const NumberedText& text, size_t at, size_t word, Way way) const;
  StitchedPart MakePart(const NumberedText& text, size_t first, size_t length,
                        size_t start) const;
  void ImproveBy(const NumberedText& text, const PassageRange& passages,
                 size_t word, Way way, StitchedPart* best) const;
  absl::StatusOr<StitchedPart> FindNext(size_t word, bool may_join);

  const QuotedText& quote_;
  const QuoteTokens& tokens_;
  PassageSearch& search_;
  const std::optional<std::pair<size_t, uint32_t>> preferred_;
};

}  // namespace footnote::grounding
