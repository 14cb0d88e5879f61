// The columns of a segment that name lexemes, and the lexemes themselves.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/column.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/postings_writer.h"
#include "indexer/index/prepared_document.h"

namespace footnote::index {

// Writes tokens.col, titles.col, headings.col, lexemes.col, stem_order.col,
// stem_ranks.col and,
// since they are made from the same tokens, the postings. Lexemes are numbered
// as they come while a segment is written, and by their frequency in its files:
// frequent ones then take a single byte. Not thread-safe.
class LexemeColumns {
 public:
  // The files go to `folder`; what must wait for the numbers, to `scratch`.
  // `lexemes`, which numbers what comes, must outlive it.
  LexemeColumns(std::string folder, std::string scratch,
                const LexemeTable& lexemes);

  // Adds the next document, by the lexemes of its title.
  void AddDocument(const std::vector<uint32_t>& title);

  // Adds the next passage.
  // The last `last_words` of its tokens are in its last sentence.
  void AddPassage(const std::vector<PassageToken>& tokens, uint8_t last_words,
                  const std::vector<uint32_t>& headings);

  // Writes and syncs the files, on so many threads; their bytes are the same
  // for any number. `entities` are as entities.col has them, `quantities` as
  // quantity_keys.col does; those of passages are read from passage_facets.col
  // and quantities.col, which are finished. Call once, last.
  absl::Status Finish(const std::vector<std::string>& entities,
                      const std::vector<std::string>& quantities, int threads);

  // The memory that is taken for each lexeme and passage, about.
  uint64_t memory_bytes() const;

 private:
  struct Work;
  // Passages that one thread makes the tokens and postings of.
  struct Range {
    uint64_t first = 0;
    uint64_t end = 0;
    std::string tokens_path;
    std::string postings_path;
  };

  std::vector<Range> MakeRanges(uint64_t passages) const;
  // Writes all but what is joined from the ranges.
  absl::Status WriteParts(const std::vector<Range>& ranges,
                          const TermTable& terms, int threads);
  static absl::Status WriteRange(const Range& range, const Work& work);
  absl::Status JoinTokens(const std::vector<Range>& ranges) const;
  absl::Status WriteLexemes(const std::vector<uint32_t>& order,
                            const TermTable& terms) const;

  std::string folder_;
  std::string scratch_;
  const LexemeTable& lexemes_;
  ColumnWriter tokens_;
  ColumnWriter titles_;
  ColumnWriter headings_;
  std::vector<uint32_t> counts_;     // of tokens, by lexeme
  std::vector<uint8_t> word_bytes_;  // by lexeme
};

}  // namespace footnote::index
