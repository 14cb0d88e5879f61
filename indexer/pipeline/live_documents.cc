#include "indexer/pipeline/live_documents.h"

#include <algorithm>

#include "indexer/index/segment.h"

namespace footnote::pipeline {

std::vector<LiveDocument> ListLiveDocuments(
    const index::Generation& generation) {
  std::vector<LiveDocument> documents;
  documents.reserve(generation.info().documents);
  for (uint32_t i = 0; i < generation.segments().size(); ++i) {
    const index::Segment& segment = *generation.segments()[i];
    const auto middle = static_cast<ptrdiff_t>(documents.size());
    for (const uint32_t document : segment.document_order()) {
      if (!segment.tombstones().documents.contains(document)) {
        documents.push_back({segment.document_id(document), i, document});
      }
    }
    std::inplace_merge(documents.begin(), documents.begin() + middle,
                       documents.end(),
                       [](const LiveDocument& a, const LiveDocument& b) {
                         return a.id < b.id;
                       });
  }
  return documents;
}

}  // namespace footnote::pipeline
