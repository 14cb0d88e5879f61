#include "server/search/page.h"

#include <algorithm>
#include <utility>

#include "indexer/index/segment.h"
#include "server/search/assemble.h"
#include "server/search/documents.h"
#include "server/search/highlights.h"

namespace footnote::search {
namespace {

// Returns about how many bytes a passage takes in an answer: its text stands
// there whole and in blocks, the document's id by itself and in its name.
uint64_t AnswerBytes(const Passage& passage) {
  const index::DocumentRecord& document = passage.document;
  uint64_t bytes = 2 * passage.text.size() + document.metadata_json.size() +
                   2 * document.document_id.size() + document.title.size() +
                   document.uri.size() + document.filename.size();
  for (const auto* neighbours : {&passage.previous, &passage.next}) {
    for (const Passage& neighbour : *neighbours) {
      bytes += 2 * neighbour.text.size();
    }
  }
  for (const Duplicate& duplicate : passage.duplicates) {
    bytes += duplicate.document_id.size() + duplicate.title.size() +
             duplicate.uri.size();
  }
  return bytes;
}

}  // namespace

absl::Status PageBuilder::Build(const std::vector<RankedPassage>& ranked,
                                const Deadline& deadline,
                                const Deadline& limit) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < ranked.size() && bytes < kMaxTextBytes; ++i) {
    if (limit.Passed()) {
      if (deadline.Passed()) {
        return DeadlineError();
      }
      if (!passages_.empty()) {
        cut_short_ = true;
        break;
      }
    }
    FOOTNOTE_ASSIGN_OR_RETURN(Passage passage, Assemble(ranked[i]));
    passage.rank = static_cast<uint32_t>(options_.offset + i + 1);
    bytes += AnswerBytes(passage);
    passages_.push_back(std::move(passage));
  }
  return cut_short_ && deadline.Passed() ? DeadlineError() : absl::OkStatus();
}

absl::StatusOr<Passage> PageBuilder::Assemble(const RankedPassage& ranked) {
  const index::Segment& segment = *generation_.segments()[ranked.segment];
  FOOTNOTE_ASSIGN_OR_RETURN(Passage passage,
                            AssemblePassage(segment, ranked.passage));
  FOOTNOTE_RETURN_IF_ERROR(AddNeighbours(segment, ranked.passage,
                                         options_.previous_count,
                                         options_.next_count, &passage));
  passage.collection = generation_.collection_of(ranked.segment);
  passage.score = ranked.score;
  passage.relevance = ranked.relevance;
  passage.score_kind = ranked.kind;
  passage.contributions = ranked.contributions;
  if (words_ != nullptr) {
    GenerationWords::InSegment& found = words_->Find(ranked.segment);
    cut_short_ |= !found.words.is_complete();
    passage.highlights = FindHighlights(segment, ranked.passage, passage.text,
                                        words_->query(), &found);
  }
  FOOTNOTE_RETURN_IF_ERROR(AddDuplicates(ranked.repeats, &passage));
  return passage;
}

absl::Status PageBuilder::AddDuplicates(const Hiding::Repeats& repeats,
                                        Passage* passage) const {
  for (const Hiding::Repeat& repeat : repeats.named) {
    const auto& [in, at] = repeat.place;
    const index::Segment& segment = *generation_.segments()[in];
    FOOTNOTE_ASSIGN_OR_RETURN(
        index::DocumentRecord document,
        segment.ReadDocument(segment.passage_place(at).document));
    Duplicate& duplicate = passage->duplicates.emplace_back();
    duplicate.collection = generation_.collection_of(in);
    duplicate.passage_id = PassageIdText(segment.passage_id(at));
    duplicate.document_id = std::move(document.document_id);
    duplicate.title = std::move(document.title);
    duplicate.uri = std::move(document.uri);
    duplicate.resemblance = repeat.resemblance;
  }
  passage->duplicate_count = repeats.count;
  return absl::OkStatus();
}

}  // namespace footnote::search
