// The words of a quote, and of what they are compared with.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/index/segment.h"
#include "server/grounding/quote.h"
#include "server/grounding/quote_tokens.h"
#include "server/grounding/word_alignment.h"

namespace footnote::grounding {

// A text with its words by number. Spans are in bytes of the text.
struct NumberedText {
  struct Word {
    uint32_t start = 0;
    uint32_t end = 0;
  };

  std::string text;
  uint64_t base = 0;  // where the text begins in its document
  std::vector<uint32_t> numbers;
  std::vector<Word> words;

  size_t size() const { return words.size(); }
  // Returns the bytes of words [first, end) in the document.
  ByteRange RangeOf(size_t first, size_t end) const {
    return {base + words[first].start, base + words[end - 1].end};
  }
  // Returns what stands between a word and the next.
  std::string_view GapAfter(size_t word) const {
    return std::string_view(text).substr(
        words[word].end, words[word + 1].start - words[word].end);
  }
};

// Words [start, end) of a quote between two ellipses.
struct QuotePiece {
  size_t start = 0;
  size_t end = 0;

  size_t size() const { return end - start; }
};

// A quote by its words. Thread-safe once made.
class QuotedText {
 public:
  explicit QuotedText(std::string_view quote);

  const NumberedText& text() const { return text_; }
  const WordNumbers& numbers() const { return numbers_; }
  const WordPattern& pattern() const { return pattern_; }
  size_t size() const { return text_.size(); }

  // The most edits that a place of the quote may have: one, or more for a
  // quarter of its words; none where it is one word.
  uint32_t most_edits() const;

  // What ellipses part the quote into: one piece where there are none between
  // words. None where a piece has fewer than three words.
  const std::vector<QuotePiece>& pieces() const { return pieces_; }

  // Returns the words of another text that begins at `base`, the quote's by
  // their numbers.
  NumberedText Number(std::string text, uint64_t base) const;

 private:
  WordNumbers numbers_;
  NumberedText text_;
  WordPattern pattern_;
  std::vector<QuotePiece> pieces_;
};

// Reads passages [first, last] of a segment, which are of one document.
// Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<NumberedText> ReadPassages(const QuotedText& quote,
                                          const index::Segment& segment,
                                          uint32_t first, uint32_t last);

// Returns the ellipses of a text ("…", "...", ". . .", also in brackets), as
// ranges of its bytes, in order.
std::vector<ByteRange> FindEllipses(std::string_view text);

}  // namespace footnote::grounding
