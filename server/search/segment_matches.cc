#include "server/search/segment_matches.h"

#include <utility>

namespace footnote::search {
namespace {

constexpr uint32_t kDocumentsPerLook = 4096;

}  // namespace

absl::StatusOr<SegmentMatches> GroupByDocument(const index::Segment& segment,
                                               PassageSet passages,
                                               const Deadline& deadline) {
  std::vector<DocumentMatches> documents;
  const uint32_t count = segment.passage_count();
  for (uint32_t at = passages.NextFrom(0); at < count;) {
    const uint32_t document = segment.passage_place(at).document;
    const index::DocumentPlace& place = segment.document_place(document);
    const uint32_t end = place.first_passage + place.passage_count;
    documents.push_back({document, passages.CountRange(at, end)});
    at = passages.NextFrom(end);
    if (documents.size() % kDocumentsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
  }
  return SegmentMatches{segment, std::move(passages), std::move(documents)};
}

}  // namespace footnote::search
