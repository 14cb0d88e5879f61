#include "server/grounding/claimed_place.h"

#include <algorithm>

#include "indexer/base/sha256.h"
#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "server/search/assemble.h"

namespace footnote::grounding {
namespace {

const index::Segment& SegmentAt(const search::View& view, size_t segment) {
  return *view.generation().segments()[segment];
}

std::optional<ClaimedPlace> FindPassage(const search::View& view,
                                        const std::string& passage_id) {
  for (size_t i = 0; i < view.generation().segments().size(); ++i) {
    const index::Segment& segment = SegmentAt(view, i);
    const auto passage = search::FindPassageByText(segment, passage_id);
    if (passage && !view.hidden(i).contains(*passage)) {
      const index::PassagePlace& place = segment.passage_place(*passage);
      return ClaimedPlace{i, place.document, ByteRange{place.start, place.end},
                          false};
    }
  }
  return std::nullopt;
}

std::optional<ClaimedPlace> FindDocument(const search::View& view,
                                         const QuoteClaim& claim) {
  for (size_t i = 0; i < view.generation().segments().size(); ++i) {
    const auto document = SegmentAt(view, i).FindDocument(claim.document_id);
    if (document && !view.hidden_documents(i).contains(*document)) {
      return ClaimedPlace{i, *document, claim.span, false};
    }
  }
  return std::nullopt;
}

}  // namespace

PassageRange ClaimedPlace::Passages(const search::View& view) const {
  const index::DocumentPlace& place =
      SegmentAt(view, segment).document_place(document);
  return {segment, place.first_passage,
          place.first_passage + place.passage_count - 1};
}

PassageRange ClaimedPlace::PassagesOfSpan(const search::View& view) const {
  const index::Segment& in = SegmentAt(view, segment);
  return {
      segment, search::PassageAt(in, document, span->start),
      search::PassageAt(in, document, std::max(span->start, span->end - 1))};
}

absl::StatusOr<std::optional<ClaimedPlace>> FindClaimed(
    const search::View& view, const QuoteClaim& claim) {
  if (!claim.passage_id.empty()) {
    return FindPassage(view, claim.passage_id);
  }
  if (claim.document_id.empty()) {
    return std::nullopt;
  }
  std::optional<ClaimedPlace> found = FindDocument(view, claim);
  if (found && !claim.revision.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        const index::DocumentRecord record,
        SegmentAt(view, found->segment).ReadDocument(found->document));
    found->is_other_revision = ToHex(record.revision) != claim.revision;
  }
  if (found && found->is_other_revision) {
    found->span.reset();  // it is one of the other revision
  }
  return found;
}

}  // namespace footnote::grounding
