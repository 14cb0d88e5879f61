#include "server/search/document_text.h"

#include <algorithm>
#include <string>

#include "indexer/text/utf8.h"
#include "server/search/assemble.h"

namespace footnote::search {

absl::StatusOr<Place> FindDocument(const View& view,
                                   std::string_view document_id) {
  const auto& segments = view.generation().segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    const auto document = segments[i]->FindDocument(document_id);
    if (document && !view.hidden_documents(i).contains(*document)) {
      return Place{segments[i].get(), *document};
    }
  }
  const std::string id(document_id);
  return MakeError(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND",
                   "there is no document \"" + id + "\"",
                   {{"document_id", id}});
}

absl::StatusOr<uint64_t> FindBoundary(const Place& place, uint64_t at,
                                      size_t (*find)(std::string_view,
                                                     size_t)) {
  const uint64_t reach = kGraphemeReach + at % kGraphemeReach;
  const uint64_t base = at - std::min(at, reach);
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string around,
      place.segment->ReadText(
          place.document, base,
          std::min(place.text_bytes(), at + kGraphemeReach)));
  if (at - base > around.size()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     "a document's text is shorter than its record says");
  }
  return base + find(around, at - base);
}

absl::Status Widen(const Place& place, uint64_t* start, uint64_t* end) {
  FOOTNOTE_ASSIGN_OR_RETURN(*start,
                            FindBoundary(place, *start, text::FloorToGrapheme));
  FOOTNOTE_ASSIGN_OR_RETURN(*end,
                            FindBoundary(place, *end, text::CeilToGrapheme));
  return absl::OkStatus();
}

absl::StatusOr<TextBlock> ReadBlock(const Place& place, uint64_t from,
                                    uint64_t to) {
  const uint32_t passage = PassageAt(*place.segment, place.document, from);
  const index::PassagePlace& passage_place =
      place.segment->passage_place(passage);
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string before,
      place.segment->ReadText(place.document, passage_place.start, from));
  TextBlock block;
  FOOTNOTE_ASSIGN_OR_RETURN(block.text,
                            place.segment->ReadText(place.document, from, to));
  block.span.start = PassageStart(passage_place) + text::MeasureText(before);
  block.span.end = block.span.start + text::MeasureText(block.text);
  return block;
}

}  // namespace footnote::search
