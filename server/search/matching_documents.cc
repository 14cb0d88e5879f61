#include "server/search/matching_documents.h"

#include <optional>

#include "indexer/index/segment.h"

namespace footnote::search {

absl::StatusOr<std::vector<std::string>> FindMatchingDocuments(
    const View& view, const Filter& filter, const Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckFilter(filter));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<PassageSet> meeting,
                            ApplyFilter(view.generation(), filter, deadline));
  std::vector<std::string> ids;
  for (size_t i = 0; i < meeting.size(); ++i) {
    const index::Segment& segment = *view.generation().segments()[i];
    std::optional<uint32_t> last;  // passages of a document follow each other
    meeting[i].ForEach([&](uint32_t passage) {
      const uint32_t document = segment.passage_place(passage).document;
      if (document != last && !view.hidden_documents(i).contains(document)) {
        ids.emplace_back(segment.document_id(document));
      }
      last = document;
    });
  }
  return ids;
}

bool HasDocument(const View& view, std::string_view document_id) {
  const auto& segments = view.generation().segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    const std::optional<uint32_t> document =
        segments[i]->FindDocument(document_id);
    if (document && !view.hidden_documents(i).contains(*document)) {
      return true;
    }
  }
  return false;
}

}  // namespace footnote::search
