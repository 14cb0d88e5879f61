// Whether the passages of a document fit its text and each other.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/text_offset.h"
#include "indexer/index/column.h"
#include "indexer/index/document_record.h"
#include "indexer/index/segment.h"
#include "indexer/index/verify.h"

namespace footnote::pipeline {

// Checks passages, from columns of its own, which it reads more strictly than
// Segment does. Not thread-safe.
class PassageCheck {
 public:
  // `segment` and `findings` must outlive it. See VerifySegment().
  PassageCheck(const index::Segment& segment, std::string prefix,
               std::string passage_stamp, index::Findings* findings);

  // Opens the columns; returns whether they are there and well-formed.
  bool Open();

  uint64_t lexeme_count() const { return lexemes_.size(); }

  void CheckTitle(uint32_t document, const index::DocumentRecord& record);

  // Checks the passages of a document. Where `text` could not be read it is
  // empty, and what needs it is not checked.
  void CheckDocument(uint32_t document, const index::DocumentRecord& record,
                     std::string_view text);

 private:
  // The passage being checked.
  struct Passage {
    uint32_t number = 0;  // in the segment
    uint32_t ordinal = 0;
    const index::PassagePlace* place = nullptr;
    const index::DocumentRecord* record = nullptr;
    uint32_t bytes() const { return place->end - place->start; }
  };

  void Add(const Passage& passage, std::string_view file, std::string what);
  bool OpenBlobs(index::BlobColumn* column, std::string_view name);
  void CheckText(const Passage& passage, std::string_view text,
                 const TextOffset& start, uint32_t line);
  void CheckId(const Passage& passage);
  // Returns the lengths of the sentences; none where they are damaged.
  std::vector<uint32_t> CheckSentences(const Passage& passage);
  void CheckTokens(const Passage& passage,
                   const std::vector<uint32_t>& sentences);
  void CheckMentions(const Passage& passage);
  void CheckQuantities(const Passage& passage);
  void CheckWordCounts(const Passage& passage,
                       const std::vector<index::PassageToken>& tokens,
                       const std::vector<uint32_t>& sentences);

  const index::Segment& segment_;
  const std::string prefix_;
  const std::string passage_stamp_;
  index::Findings* findings_;
  index::BlobColumn sentences_;
  index::BlobColumn tokens_;
  index::BlobColumn titles_;
  index::BlobColumn headings_;
  index::BlobColumn mentions_;
  index::BlobColumn passage_facets_;
  index::BlobColumn quantities_;
  index::BlobColumn lexemes_;
};

}  // namespace footnote::pipeline
