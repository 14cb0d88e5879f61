#include "server/grounding/quote_assembly.h"

#include <string_view>
#include <utility>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/text/utf8.h"
#include "server/search/assemble.h"
#include "server/search/document_text.h"

namespace footnote::grounding {
namespace {

search::Place PlaceOf(const search::View& view, const DocumentAt& at) {
  return {view.generation().segments()[at.segment].get(), at.document};
}

// Returns the span of bytes of a text, widened to grapheme boundaries.
Span SpanOf(std::string_view text, size_t start, size_t end) {
  start = text::FloorToGrapheme(text, start);
  end = text::CeilToGrapheme(text, end);
  Span span;
  span.start = text::MeasureText(text.substr(0, start));
  span.end = span.start + text::MeasureText(text.substr(start, end - start));
  return span;
}

// Returns the bytes of words [start, end) of a text; of none, where they would
// stand.
ByteRange BytesOf(const NumberedText& text, size_t start, size_t end) {
  if (start < end) {
    return text.RangeOf(start, end);
  }
  const uint64_t at = start < text.size() ? text.words[start].start
                      : start > 0         ? text.words[start - 1].end
                                          : 0;
  return {text.base + at, text.base + at};
}

absl::StatusOr<search::TextBlock> ReadWidened(const search::Place& place,
                                              ByteRange range) {
  FOOTNOTE_RETURN_IF_ERROR(search::Widen(place, &range.start, &range.end));
  return search::ReadBlock(place, range.start, range.end);
}

}  // namespace

absl::StatusOr<QuotedPart> AssemblePart(const search::View& view,
                                        const QuotedText& quote,
                                        const DocumentAt& at,
                                        const FoundPart& part) {
  const search::Place place = PlaceOf(view, at);
  QuotedPart assembled;
  const bool is_whole = part.start == 0 && part.end == quote.size();
  const ByteRange in_quote = is_whole
                                 ? ByteRange{0, quote.text().text.size()}
                                 : quote.text().RangeOf(part.start, part.end);
  assembled.quote_span =
      SpanOf(quote.text().text, in_quote.start, in_quote.end);
  FOOTNOTE_ASSIGN_OR_RETURN(assembled.content, ReadWidened(place, part.source));
  FOOTNOTE_ASSIGN_OR_RETURN(assembled.document,
                            place.segment->ReadDocument(place.document));
  FOOTNOTE_ASSIGN_OR_RETURN(
      assembled.provenance,
      search::AssembleProvenance(*place.segment, place.document,
                                 assembled.document, assembled.content.span));
  assembled.passage_id =
      search::PassageIdText(place.segment->passage_id(search::PassageAt(
          *place.segment, place.document, assembled.content.span.start.bytes)));
  return assembled;
}

absl::Status AddDifferences(const search::View& view, const QuotedText& quote,
                            const DocumentAt& at, QuoteCheck* check) {
  const search::TextBlock& content = check->parts.front().content;
  const NumberedText source =
      quote.Number(content.text, content.span.start.bytes);
  const auto found =
      FindDifferences(quote.text().numbers, source.numbers, check->edits);
  check->differences_omitted = !found;
  if (!found) {
    return absl::OkStatus();
  }
  for (const WordDifference& difference : *found) {
    QuoteDifference& added = check->differences.emplace_back();
    const ByteRange in_quote =
        BytesOf(quote.text(), difference.quote_start, difference.quote_end);
    added.quote_span = SpanOf(quote.text().text, in_quote.start, in_quote.end);
    added.quote_text = quote.text().text.substr(
        added.quote_span.start.bytes,
        added.quote_span.end.bytes - added.quote_span.start.bytes);
    FOOTNOTE_ASSIGN_OR_RETURN(
        added.source,
        ReadWidened(PlaceOf(view, at), BytesOf(source, difference.text_start,
                                               difference.text_end)));
  }
  return absl::OkStatus();
}

uint64_t MemoryOf(const QuoteCheck& check) {
  constexpr uint64_t kCopies = 2;  // here and in the message
  constexpr uint64_t kBase = 512;
  uint64_t bytes = kBase;
  for (const QuotedPart& part : check.parts) {
    bytes += sizeof(part) + part.content.text.size() +
             part.document.title.size() + part.document.uri.size() +
             part.document.metadata_json.size() * kCopies + kBase;
  }
  for (const QuoteDifference& difference : check.differences) {
    bytes += sizeof(difference) + difference.quote_text.size() +
             difference.source.text.size() + kBase;
  }
  return bytes * kCopies;
}

}  // namespace footnote::grounding
