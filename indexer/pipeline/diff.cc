#include "indexer/pipeline/diff.h"

#include <memory>
#include <utility>
#include <vector>

#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/live_documents.h"

namespace footnote::pipeline {
namespace {

using GenerationPtr = std::shared_ptr<const index::Generation>;

absl::StatusOr<GenerationPtr> Open(const std::string& data_dir,
                                   const GenerationName& name) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string folder,
                            index::FindCollection(data_dir, name.collection));
  return index::Generation::Open(folder, name.generation);
}

absl::StatusOr<Digest> EtagOf(const index::Generation& generation,
                              const LiveDocument& document) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const index::DocumentRecord record,
      generation.segments()[document.segment]->ReadDocument(document.document));
  return record.etag;
}

// Counts a document that is in one of the generations or in both; returns
// whether it differs.
bool Count(bool has_from, bool has_to, const DocumentDifference& difference,
           DiffSummary* summary) {
  if (has_from && has_to && difference.from == difference.to) {
    ++summary->unchanged;
    return false;
  }
  if (has_from && has_to) {
    ++summary->changed;
  } else {
    ++(has_to ? summary->added : summary->removed);
  }
  return true;
}

}  // namespace

absl::StatusOr<DiffSummary> DiffGenerations(
    const std::string& data_dir, const GenerationName& from,
    const GenerationName& to,
    const std::function<void(const DocumentDifference&)>& f) {
  FOOTNOTE_ASSIGN_OR_RETURN(const GenerationPtr old, Open(data_dir, from));
  FOOTNOTE_ASSIGN_OR_RETURN(const GenerationPtr next, Open(data_dir, to));
  const std::vector<LiveDocument> before = ListLiveDocuments(*old);
  const std::vector<LiveDocument> after = ListLiveDocuments(*next);
  DiffSummary summary;
  summary.from_generation = old->info().number;
  summary.to_generation = next->info().number;
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    const bool has_from =
        a != before.end() && (b == after.end() || a->id <= b->id);
    const bool has_to =
        b != after.end() && (a == before.end() || b->id <= a->id);
    DocumentDifference difference;
    if (has_from) {
      difference.document_id = a->id;
      FOOTNOTE_ASSIGN_OR_RETURN(difference.from, EtagOf(*old, *a++));
    }
    if (has_to) {
      difference.document_id = b->id;
      FOOTNOTE_ASSIGN_OR_RETURN(difference.to, EtagOf(*next, *b++));
    }
    if (Count(has_from, has_to, difference, &summary)) {
      f(difference);
    }
  }
  return summary;
}

}  // namespace footnote::pipeline
