#include "indexer/pipeline/totals.h"

#include <string_view>

#include "indexer/index/schema.h"

namespace footnote::pipeline {

void Totals::Add(const index::Segment& segment) {
  ForEachLiveDocument(segment, [&](uint32_t document) {
    const index::DocumentPlace& place = segment.document_place(document);
    ++documents;
    passages += place.passage_count;
    text_bytes += place.text_bytes;
    for (uint32_t i = 0; i < place.passage_count; ++i) {
      words += segment.passage_place(place.first_passage + i).words;
    }
    const std::string_view language =
        segment.facet_value(segment.document_facets(document).language);
    ++languages[std::string(
        language.substr(language.find(index::kEntrySeparator) + 1))];
  });
}

void Totals::AddContent(const index::Segment& segment) {
  ForEachLiveDocument(segment, [&](uint32_t document) {
    if (const auto record = segment.ReadDocument(document); record.ok()) {
      content.Add(record->document_id, record->etag);
    }
  });
}

}  // namespace footnote::pipeline
