#include "server/grounding/quote_text.h"

#include <algorithm>
#include <utility>

#include "indexer/text/code_points.h"
#include "indexer/text/quote_words.h"

namespace footnote::grounding {
namespace {

constexpr char32_t kEllipsis = 0x2026;
constexpr size_t kMinPieceWords = 3;

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x85 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Returns where an ellipsis ends that begins at `at`, 0 where none does.
size_t EndOfDots(std::string_view text, size_t at) {
  const text::CodePoint first = text::DecodeAt(text, at);
  if (first.value == kEllipsis) {
    return first.end;
  }
  if (first.value != '.') {
    return 0;
  }
  size_t end = first.end;
  for (int dots = 1; dots < 3; ++dots) {
    if (end < text.size()) {
      const text::CodePoint next = text::DecodeAt(text, end);
      end = IsSpace(next.value) ? next.end : end;
    }
    if (end >= text.size() || text[end] != '.') {
      return 0;
    }
    ++end;
  }
  return end;
}

NumberedText ReadQuote(std::string_view quote, WordNumbers* numbers) {
  NumberedText read;
  read.text = quote;
  text::ForEachQuoteWord(
      quote, [&](std::string_view word, uint32_t start, uint32_t end) {
        read.numbers.push_back(numbers->Add(word));
        read.words.push_back({start, end});
      });
  return read;
}

std::vector<QuotePiece> PiecesOf(const NumberedText& quote) {
  std::vector<QuotePiece> pieces;
  size_t start = 0;
  const auto close = [&](size_t end) {
    if (end > start) {
      pieces.push_back({start, end});
    }
    start = end;
  };
  for (const ByteRange& ellipsis : FindEllipses(quote.text)) {
    const auto next =
        std::lower_bound(quote.words.begin(), quote.words.end(), ellipsis.end,
                         [](const NumberedText::Word& word, uint64_t at) {
                           return word.start < at;
                         });
    close(static_cast<size_t>(next - quote.words.begin()));
  }
  close(quote.size());
  const bool is_too_short =
      pieces.size() > 1 &&
      std::any_of(pieces.begin(), pieces.end(), [](const QuotePiece& piece) {
        return piece.size() < kMinPieceWords;
      });
  return is_too_short ? std::vector<QuotePiece>() : pieces;
}

}  // namespace

std::vector<ByteRange> FindEllipses(std::string_view text) {
  std::vector<ByteRange> found;
  for (size_t at = 0; at < text.size();) {
    const size_t end = EndOfDots(text, at);
    if (end == 0) {
      at = text::DecodeAt(text, at).end;
      continue;
    }
    const bool opens = at > 0 && (text[at - 1] == '[' || text[at - 1] == '(');
    const bool closes =
        end < text.size() && (text[end] == ']' || text[end] == ')');
    found.push_back({opens ? at - 1 : at, closes ? end + 1 : end});
    at = end;
  }
  return found;
}

QuotedText::QuotedText(std::string_view quote)
    : text_(ReadQuote(quote, &numbers_)),
      pattern_(text_.numbers, numbers_.size()),
      pieces_(PiecesOf(text_)) {}

uint32_t QuotedText::most_edits() const {
  constexpr size_t kOneIn = 4;
  return size() < 2
             ? 0
             : static_cast<uint32_t>(std::max<size_t>(1, size() / kOneIn));
}

NumberedText QuotedText::Number(std::string text, uint64_t base) const {
  NumberedText read;
  read.text = std::move(text);
  read.base = base;
  text::ForEachQuoteWord(
      read.text, [&](std::string_view word, uint32_t start, uint32_t end) {
        read.numbers.push_back(numbers_.Find(word));
        read.words.push_back({start, end});
      });
  return read;
}

absl::StatusOr<NumberedText> ReadPassages(const QuotedText& quote,
                                          const index::Segment& segment,
                                          uint32_t first, uint32_t last) {
  const index::PassagePlace& start = segment.passage_place(first);
  FOOTNOTE_ASSIGN_OR_RETURN(std::string text,
                            segment.ReadText(start.document, start.start,
                                             segment.passage_place(last).end));
  return quote.Number(std::move(text), start.start);
}

}  // namespace footnote::grounding
