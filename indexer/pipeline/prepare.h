// From a document as read to a document as a segment takes it in.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/prepared_document.h"
#include "indexer/pipeline/passage_splitter.h"
#include "indexer/sources/source.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {

// Returns the SHA-256 over a document's text and metadata and the stamps of
// what analyses it: equal etags mean equal index entries.
Digest EtagOf(const sources::SourceDocument& document,
              std::string_view analyzer_stamp, std::string_view entities_stamp);

// The same for a document whose text has that revision; the text itself is not
// looked at.
Digest EtagOf(const sources::SourceDocument& document, const Digest& revision,
              std::string_view analyzer_stamp, std::string_view entities_stamp);

// Fills what a record has of a document besides its text and what is made of
// it: language, revision, etag, sizes and headings stay. Title and uri get
// fallbacks: file name or id, and "footnote:" with the id.
void FillMetadata(const sources::SourceDocument& document,
                  index::DocumentRecord* record);

// Returns the stamp of the analyzer and of everything else that decides what
// passages a text has.
std::string PassageStamp();

// Analyses documents. What becomes of one does not depend on those before. Not
// thread-safe: one a thread.
class Preparer {
 public:
  // `gazetteer` must outlive it.
  explicit Preparer(const entities::Gazetteer& gazetteer);
  ~Preparer();
  Preparer(const Preparer&) = delete;
  Preparer& operator=(const Preparer&) = delete;

  // Returns the document with passages that tile its text, which is not empty.
  // Lexemes and entities come with their names.
  // Title and uri are given fallbacks: file name or id, and "footnote:" with
  // the id.
  index::PreparedDocument Prepare(sources::SourceDocument document,
                                  const Digest& etag, int64_t index_time);

 private:
  struct Sentence;
  // The number that a lexeme has among the names of the last document with it.
  struct Named {
    uint64_t document = 0;
    uint32_t number = 0;
  };

  std::vector<Sentence> Analyze(const sources::SourceDocument& document,
                                const std::string& language);
  uint32_t NumberOf(const text::Token& token, const std::string& language);
  std::vector<uint32_t> ContextLexemes(std::string_view text,
                                       const std::string& language);
  void AddContext(const sources::SourceDocument& document,
                  const std::string& language,
                  index::PreparedDocument* prepared);
  void AddMentions(index::PreparedDocument* prepared);
  void AddQuantities(index::PreparedDocument* prepared);

  const entities::Gazetteer& gazetteer_;
  text::Analyzer analyzer_;
  index::LexemeTable lexemes_;  // of all documents
  std::vector<Named> named_;    // by lexeme
  std::string entry_;           // of the lexeme being looked up
  std::string stem_key_;        // likewise
  uint64_t document_ = 0;       // counts them, from 1
  index::DocumentNames names_;  // of the document under way
};

}  // namespace footnote::pipeline
