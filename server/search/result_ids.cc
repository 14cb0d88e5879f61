#include "server/search/result_ids.h"

#include <algorithm>
#include <optional>

#include "indexer/index/segment.h"
#include "server/search/assemble.h"

namespace footnote::search {
namespace {

constexpr size_t kIdsPerLook = 64;

PassageRange PassagesOf(const index::Segment& segment, uint32_t number,
                        uint32_t document) {
  const index::DocumentPlace& place = segment.document_place(document);
  return {number, place.first_passage, place.passage_count};
}

}  // namespace

std::vector<PassageRange> FindPassages(const View& view, const ResultId& id) {
  std::vector<PassageRange> found;
  const auto& segments = view.generation().segments();
  for (uint32_t i = 0; i < segments.size(); ++i) {
    const index::Segment& segment = *segments[i];
    if (id.kind == ResultId::Kind::kDocument) {
      const std::optional<uint32_t> document = segment.FindDocument(id.id);
      if (document && !view.hidden_documents(i).contains(*document)) {
        found.push_back(PassagesOf(segment, i, *document));
      }
      continue;
    }
    const std::optional<uint32_t> passage = FindPassageByText(segment, id.id);
    if (passage && !view.hidden(i).contains(*passage)) {
      found.push_back({i, *passage, 1});
    }
  }
  return found;
}

bool Has(const std::vector<PassageRange>& ranges, uint32_t segment,
         uint32_t passage) {
  return std::any_of(
      ranges.begin(), ranges.end(), [&](const PassageRange& range) {
        return segment == range.segment && passage - range.first < range.count;
      });
}

absl::Status Exclude(const View& view, const std::vector<ResultId>& excluded,
                     const Deadline& deadline,
                     std::vector<PassageSet>* allowed) {
  if (!excluded.empty() && allowed->empty()) {
    for (const auto& segment : view.generation().segments()) {
      allowed->emplace_back(segment->passage_count()).Invert();
    }
  }
  for (size_t i = 0; i < excluded.size(); ++i) {
    if (i % kIdsPerLook == kIdsPerLook - 1 && deadline.Passed()) {
      return DeadlineError();
    }
    for (const PassageRange& found : FindPassages(view, excluded[i])) {
      (*allowed)[found.segment].RemoveRange(found.first,
                                            found.first + found.count);
    }
  }
  return absl::OkStatus();
}

}  // namespace footnote::search
