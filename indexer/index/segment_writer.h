// Writes a segment: the postings and the columns of whole documents.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/metadata_columns.h"
#include "indexer/index/prepared_document.h"

namespace footnote::index {

// A file that a manifest names, with what proves it whole.
struct FileEntry {
  std::string name;
  uint64_t bytes = 0;
  Digest sha256{};
};

// What a finished segment holds.
struct SegmentSummary {
  std::string id;  // also its folder's name; from the digests of its files
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t words = 0;  // tokens of all passages
  std::vector<FileEntry> files;
};

// Takes documents in any order, each id once. Not thread-safe.
class SegmentWriter {
 public:
  // Works in a new folder beside the segments of the collection folder
  // `collection`; nothing is visible to readers before the segment is named in
  // a manifest. An unfinished segment is removed by the destructor.
  static absl::StatusOr<std::unique_ptr<SegmentWriter>> Create(
      const std::string& collection, std::string analyzer_stamp);
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // The table that numbers the lexemes of documents that come without names.
  LexemeTable* lexemes() { return &lexemes_; }

  // Returns the segment's number of an entity, adding it where it is new.
  uint32_t InternEntity(std::string_view type, std::string_view id,
                        std::string_view name);

  // Likewise of a quantity, by its key.
  uint32_t InternQuantity(std::string_view key);

  absl::Status Add(PreparedDocument document);

  uint64_t document_count() const { return document_count_; }
  uint64_t text_bytes() const { return text_bytes_; }
  // The memory that it takes until it is finished, and to finish it, about.
  uint64_t memory_bytes() const;

  // Writes and syncs everything, on up to `threads` threads, and moves it to
  // segments/<id>; the files are the same for any number of threads. Call once,
  // last.
  absl::StatusOr<SegmentSummary> Finish(int threads = 1);

 private:
  struct Columns;
  struct FacetValues;

  SegmentWriter(std::string folder, std::string final_parent,
                std::string analyzer_stamp);
  uint32_t InternEntity(const std::string& entry);
  void TakeNames(PreparedDocument* document);
  void AddPassage(const PreparedDocument& document, uint32_t ordinal);
  void AppendDocument(const PreparedDocument& document);
  absl::Status FinishColumns(int threads);
  absl::Status WriteDictionaries();

  std::string folder_;
  std::string final_parent_;
  std::string analyzer_stamp_;
  LexemeTable lexemes_;
  std::unique_ptr<Columns> columns_;
  std::unique_ptr<FacetValues> facet_values_;
  MetadataWriter metadata_;
  std::map<std::string, uint32_t, std::less<>> quantity_numbers_;
  std::vector<std::string> quantities_;
  std::map<std::string, uint32_t, std::less<>> entity_numbers_;
  std::vector<std::string> entities_;
  std::vector<std::string> document_ids_;
  // Keys of titles that sources gave, with their documents.
  std::vector<std::pair<std::string, uint32_t>> titles_;
  std::vector<PassageId> passage_ids_;
  uint64_t document_count_ = 0;
  uint64_t text_bytes_ = 0;
  uint64_t id_bytes_ = 0;  // of document ids and titles
  uint64_t words_ = 0;
};

}  // namespace footnote::index
