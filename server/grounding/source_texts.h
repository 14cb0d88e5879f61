// The texts of the sources of a check, and the footnotes of their pieces.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/entities/gazetteer.h"
#include "server/grounding/evidence.h"
#include "server/grounding/grounding_check.h"
#include "server/search/document_text.h"
#include "server/search/memory_budget.h"
#include "server/search/view.h"

namespace footnote::grounding {

// Collects texts, then makes them evidence. Not thread-safe.
class SourceTexts {
 public:
  // All that it is given must outlive it.
  SourceTexts(const search::View& view, const search::Deadline& deadline,
              search::MemoryBudget& memory)
      : view_(view), deadline_(deadline), memory_(memory) {}

  // Adds a given source, the `number`th of the request. `language` is that of
  // facts. Errors: kNotFound DOCUMENT_NOT_FOUND, PASSAGE_NOT_FOUND;
  // kInvalidArgument SOURCES_TOO_LONG; kResourceExhausted SEARCH_TOO_LARGE;
  // kDataLoss INDEX_CORRUPT.
  absl::Status AddGiven(const GroundingSource& source, uint32_t number,
                        std::string_view language);

  // Adds a passage that was found. Errors: likewise.
  absl::Status AddFound(std::string_view passage_id);

  // Analyses what was added; call once, then the others below.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
  absl::Status Finish();

  const Evidence& evidence() const { return *evidence_; }

  // Returns the number of the source in the request that a text is of, or
  // CitedChunk::kNoSource.
  uint32_t given(uint32_t text) const { return texts_[text].given; }
  // Returns a number that texts of one document, or fact, have in common.
  uint32_t source_of(uint32_t text) const {
    return evidence_->texts()[text].source;
  }

  // Returns the bytes [start, end) of a text with their footnote.
  // Errors: kDataLoss INDEX_CORRUPT.
  absl::StatusOr<CitedChunk> Cite(uint32_t text, uint64_t start,
                                  uint64_t end) const;

 private:
  // Where a text is from.
  struct Origin {
    uint32_t given = CitedChunk::kNoSource;
    std::optional<search::Place> place;  // none for a fact
    uint64_t base = 0;                   // where it begins in the document
  };

  absl::Status AddPassages(const search::Place& place, uint32_t first,
                           uint32_t count, uint32_t given);
  absl::Status AddText(EvidenceText text, Origin origin);
  void NoteMentions(const search::Place& place, uint32_t passage,
                    std::string_view text);

  const search::View& view_;
  const search::Deadline& deadline_;
  search::MemoryUse memory_;
  uint64_t bytes_ = 0;
  std::vector<Origin> texts_;
  std::vector<EvidenceText> waiting_;
  std::map<std::string, uint32_t> sources_;   // by document id or fact
  std::map<std::string, std::string> names_;  // lines of a gazetteer
  entities::Gazetteer gazetteer_;
  std::unique_ptr<Evidence> evidence_;
};

}  // namespace footnote::grounding
