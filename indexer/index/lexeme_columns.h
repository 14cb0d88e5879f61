// The columns of a segment that name lexemes, and the lexemes themselves.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/column.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/prepared_document.h"

namespace footnote::index {

// Writes tokens.col, titles.col, headings.col, lexemes.col and stem_order.col.
// Lexemes are numbered as they come while a segment is written, and by their
// frequency in its files: frequent ones then take a single byte. Not
// thread-safe.
class LexemeColumns {
 public:
  // The files go to `folder`; what must wait for the numbers, to `scratch`.
  LexemeColumns(std::string folder, const std::string& scratch);

  // Adds the next document, by the lexemes of its title.
  void AddDocument(const std::vector<uint32_t>& title);

  // Adds the next passage.
  // The last `last_words` of its tokens are in its last sentence.
  void AddPassage(const std::vector<PassageToken>& tokens, uint8_t last_words,
                  const std::vector<uint32_t>& headings);

  // Writes and syncs the files. Call once, last.
  absl::Status Finish(const LexemeTable& lexemes);

 private:
  absl::Status WriteTokens(const LexemeTable& lexemes,
                           const std::vector<uint32_t>& numbers);
  absl::Status WriteLexemes(const LexemeTable& lexemes,
                            const std::vector<uint32_t>& order);

  std::string folder_;
  std::string tokens_path_;
  std::string titles_path_;
  std::string headings_path_;
  ColumnWriter tokens_;
  ColumnWriter titles_;
  ColumnWriter headings_;
  std::vector<uint32_t> counts_;     // of tokens, by lexeme
  std::vector<uint8_t> last_words_;  // by passage
};

}  // namespace footnote::index
