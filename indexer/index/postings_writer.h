// Writes the postings of a segment: one single-file Xapian database, merged
// from parts that threads make side by side.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/lexeme_table.h"

namespace footnote::index {

// The terms that the lexemes, entities and quantities of a segment stand for.
// Thread-safe once made.
class TermTable {
 public:
  // `lexemes` must outlive it; `entities` are as entities.col has them,
  // `quantities` are keys.
  TermTable(const LexemeTable& lexemes,
            const std::vector<std::string>& entities,
            const std::vector<std::string>& quantities);

  // Terms are numbered in the order of their bytes.
  uint32_t stem_of(uint32_t lexeme) const { return stem_of_[lexeme]; }
  uint32_t word_of(uint32_t lexeme) const { return word_of_[lexeme]; }
  const std::string& stem(uint32_t number) const { return stems_[number]; }
  const std::string& word(uint32_t number) const { return words_[number]; }
  // The term of an entity, and that of its type.
  const std::string& entity(uint32_t entity) const { return entities_[entity]; }
  const std::string& entity_type(uint32_t entity) const {
    return entity_types_[entity];
  }

  const std::string& quantity(uint32_t quantity) const {
    return quantities_[quantity];
  }

 private:
  std::vector<uint32_t> stem_of_;  // by lexeme
  std::vector<uint32_t> word_of_;  // by lexeme
  std::vector<std::string> stems_;
  std::vector<std::string> words_;
  std::vector<std::string> entities_;
  std::vector<std::string> entity_types_;
  std::vector<std::string> quantities_;
};

// The postings of passages that follow each other, in a scratch database. Takes
// them in order. Not thread-safe; parts are independent of each other.
class PostingsPart {
 public:
  // `terms` must outlive it.
  PostingsPart(const TermTable& terms, std::string path);
  ~PostingsPart();
  PostingsPart(const PostingsPart&) = delete;
  PostingsPart& operator=(const PostingsPart&) = delete;

  // Adds a passage by the lexemes of its tokens, its distinct entities, and its
  // quantities.
  absl::Status Add(const std::vector<uint32_t>& lexemes,
                   const std::vector<uint32_t>& entities,
                   const std::vector<uint32_t>& quantities);

  // Completes the part. Call once, last.
  absl::Status Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Merges parts, of which there is at least one, into the postings of a segment:
// passages follow each other in the order of `parts`; the first gets docid 1.
// Writes the file `path` and syncs it.
absl::Status MergePostings(const std::vector<std::string>& parts,
                           const std::string& path);

}  // namespace footnote::index
