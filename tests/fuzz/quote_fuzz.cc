// Any bytes are a text and a quote: words, pieces and places hold together.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/text/quote_words.h"
#include "server/grounding/quote_text.h"
#include "server/grounding/word_alignment.h"
#include "tests/fuzz/expect.h"

namespace footnote::grounding {
namespace {

void CheckParts(const QuotedText& quote) {
  uint64_t end = 0;
  for (const ByteRange& ellipsis : FindEllipses(quote.text().text)) {
    FUZZ_EXPECT(ellipsis.start < ellipsis.end);
    FUZZ_EXPECT(ellipsis.end <= quote.text().text.size());
    FUZZ_EXPECT(ellipsis.end > end);
    end = ellipsis.end;
  }
  size_t next = 0;
  for (const QuotePiece& piece : quote.pieces()) {
    FUZZ_EXPECT(piece.start == next && piece.end > piece.start);
    next = piece.end;
  }
  FUZZ_EXPECT(quote.pieces().empty() || next == quote.size());
}

void CheckWords(const NumberedText& text) {
  uint32_t start = 0;
  for (const NumberedText::Word& word : text.words) {
    FUZZ_EXPECT(word.start >= start && word.start < word.end);
    FUZZ_EXPECT(word.end <= text.text.size());
    start = word.start;
  }
}

// Returns how many words the differences put in, leave out or replace.
size_t EditsOf(const std::vector<WordDifference>& differences) {
  size_t edits = 0;
  for (const WordDifference& difference : differences) {
    FUZZ_EXPECT(difference.quote_start < difference.quote_end ||
                difference.text_start < difference.text_end);
    edits += std::max(difference.quote_end - difference.quote_start,
                      difference.text_end - difference.text_start);
  }
  return edits;
}

void CheckPlaces(const QuotedText& quote, const NumberedText& text) {
  const auto found =
      quote.pattern().FindIn(text.numbers, quote.most_edits(), {});
  FUZZ_EXPECT(found.ok());
  for (const Stretch& stretch : *found) {
    FUZZ_EXPECT(stretch.edits <= quote.most_edits());
    FUZZ_EXPECT(stretch.start <= stretch.end && stretch.end <= text.size());
    const auto differences = FindDifferences(
        quote.text().numbers,
        {text.numbers.begin() + static_cast<ptrdiff_t>(stretch.start),
         text.numbers.begin() + static_cast<ptrdiff_t>(stretch.end)},
        stretch.edits);
    FUZZ_EXPECT(differences.has_value());
    FUZZ_EXPECT(EditsOf(*differences) <= stretch.edits);
    FUZZ_EXPECT((stretch.edits == 0) == differences->empty());
  }
}

// What is cut from a text at words stands in it.
void CheckSlice(const NumberedText& text, uint8_t from, uint8_t words) {
  if (text.size() == 0) {
    return;
  }
  const size_t start = from % text.size();
  const size_t end = std::min<size_t>(text.size(), start + 1 + words % 16);
  const ByteRange range = text.RangeOf(start, end);
  const QuotedText quote(
      std::string_view(text.text).substr(range.start, range.end - range.start));
  if (quote.size() != end - start) {
    return;  // words that come of one character
  }
  const NumberedText numbered = quote.Number(text.text, 0);
  const auto found = quote.pattern().FindIn(numbered.numbers, 0, {});
  FUZZ_EXPECT(found.ok() && !found->empty());
}

void Check(uint8_t from, uint8_t words, std::string_view bytes) {
  const size_t border = std::min(bytes.find('\0'), bytes.size());
  const QuotedText quote(bytes.substr(0, border));
  CheckWords(quote.text());
  CheckParts(quote);
  const NumberedText text = quote.Number(std::string(bytes.substr(border)), 0);
  CheckWords(text);
  CheckPlaces(quote, text);
  CheckSlice(text, from, words);
}

}  // namespace
}  // namespace footnote::grounding

// Two bytes say what is cut from the text; then come the quote, NUL, the text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 2) {
    footnote::grounding::Check(
        data[0], data[1], {reinterpret_cast<const char*>(data + 2), size - 2});
  }
  return 0;
}
