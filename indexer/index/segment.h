// A segment opened for reading: an immutable Xapian database and its columns,
// with the tombstones of the generation it was opened for.

#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <xapian.h>

#include "indexer/base/status.h"
#include "indexer/index/column.h"
#include "indexer/index/document_record.h"
#include "indexer/index/prepared_document.h"
#include "indexer/index/schema.h"
#include "indexer/index/text_column.h"
#include "indexer/index/tombstones.h"

namespace footnote::index {

// Thread-safe.
class Segment {
 public:
  // Opens the segment in `folder`. Errors: kDataLoss INDEX_CORRUPT,
  // FILE_NOT_FOUND.
  static absl::StatusOr<std::unique_ptr<Segment>> Open(
      const std::string& folder);

  // Sets the documents that are gone. Call before sharing the segment.
  void SetTombstones(Tombstones tombstones) {
    tombstones_ = std::move(tombstones);
  }
  const Tombstones& tombstones() const { return tombstones_; }

  // The folder that the segment was opened from.
  const std::string& folder() const { return folder_; }

  uint32_t document_count() const {
    return static_cast<uint32_t>(places_.size());
  }
  uint32_t passage_count() const {
    return static_cast<uint32_t>(passages_.size());
  }

  // Documents, by index below document_count().
  const DocumentPlace& document_place(uint32_t document) const {
    return places_[document];
  }
  const DocumentFacets& document_facets(uint32_t document) const {
    return document_facets_[document];
  }
  std::string_view document_id(uint32_t document) const;
  absl::StatusOr<DocumentRecord> ReadDocument(uint32_t document) const;
  // Returns the index of a document that is not gone.
  std::optional<uint32_t> FindDocument(std::string_view document_id) const;
  // Returns the indices of all documents in order of document_id (bytewise).
  const ValueColumn<uint32_t>& document_order() const {
    return document_order_;
  }
  // Returns the bytes [start, end) of a document's canonical text.
  absl::StatusOr<std::string> ReadText(uint32_t document, uint64_t start,
                                       uint64_t end) const;

  // Passages, by index below passage_count(); docid - 1 in the database.
  const PassagePlace& passage_place(uint32_t passage) const {
    return passages_[passage];
  }
  const PassageId& passage_id(uint32_t passage) const {
    return passage_ids_[passage];
  }
  // Returns the index of a passage whose document is not gone.
  std::optional<uint32_t> FindPassage(const PassageId& id) const;
  std::vector<uint32_t> ReadSentenceBytes(uint32_t passage) const;
  std::vector<PassageToken> ReadTokens(uint32_t passage) const;
  std::vector<PassageMention> ReadMentions(uint32_t passage) const;
  // Returns the distinct entities of a passage, ascending.
  std::vector<uint32_t> ReadEntities(uint32_t passage) const;

  // Dictionaries: "word NUL stem key"; "type NUL id NUL name"; "field NUL
  // value".
  std::string_view lexeme(uint32_t number) const;
  std::string_view entity(uint32_t number) const;
  uint32_t entity_count() const {
    return static_cast<uint32_t>(entities_.size());
  }
  std::string_view facet_value(uint32_t number) const;
  uint32_t facet_value_count() const {
    return static_cast<uint32_t>(facet_values_.size());
  }

  // A Xapian handle for one thread at a time; given back when it goes.
  class DatabaseLease {
   public:
    DatabaseLease(const Segment& segment, Xapian::Database database)
        : segment_(segment), database_(std::move(database)) {}
    ~DatabaseLease() { segment_.ReturnDatabase(std::move(database_)); }
    DatabaseLease(const DatabaseLease&) = delete;
    DatabaseLease& operator=(const DatabaseLease&) = delete;
    Xapian::Database& operator*() { return database_; }
    Xapian::Database* operator->() { return &database_; }

   private:
    const Segment& segment_;
    Xapian::Database database_;
  };

  // Returns a handle from the pool, or a new one. Throws what Xapian throws.
  DatabaseLease LeaseDatabase() const;

 private:
  Segment() = default;
  absl::Status OpenColumns(const std::string& folder);
  absl::Status CheckCounts(const std::string& folder) const;
  absl::Status CheckDocuments(const std::string& folder) const;
  absl::Status CheckPassages(const std::string& folder) const;
  void ReturnDatabase(Xapian::Database database) const;

  std::string folder_;
  Tombstones tombstones_;
  TextColumn texts_;
  BlobColumn documents_;
  ValueColumn<DocumentPlace> places_;
  ValueColumn<uint32_t> document_order_;
  ValueColumn<DocumentFacets> document_facets_;
  ValueColumn<PassagePlace> passages_;
  ValueColumn<PassageId> passage_ids_;
  ValueColumn<uint32_t> passage_id_order_;
  BlobColumn sentences_;
  BlobColumn tokens_;
  BlobColumn mentions_;
  BlobColumn passage_facets_;
  BlobColumn lexemes_;
  BlobColumn entities_;
  BlobColumn facet_values_;
  mutable std::mutex mutex_;
  mutable std::vector<Xapian::Database> idle_databases_;  // under mutex_
};

}  // namespace footnote::index
