// Changes that are in no generation yet, the last one for each document.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/pipeline/publish.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

// What becomes of a document.
struct PendingChange {
  enum class Kind {
    kPut,     // it is analysed
    kUpdate,  // what is known of it changes; text and analysis are published
    kDelete,
  };
  Kind kind = Kind::kDelete;
  // kPut: all of it; kUpdate: without text and headings.
  std::shared_ptr<const sources::SourceDocument> document;
  Digest revision{};
  Digest etag{};
};

// Not thread-safe.
class PendingChanges {
 public:
  // Returns the change of a document, or null.
  const PendingChange* Find(std::string_view document_id) const;

  // Takes a change in the place of an earlier one.
  void Set(const std::string& document_id, PendingChange change);

  // Takes changes that were there before these, where these have none. An
  // update of one of their documents becomes a put.
  void AddOlder(const PendingChanges& older);

  size_t size() const { return changes_.size(); }
  // The memory that they take, about.
  uint64_t bytes() const { return bytes_; }
  const std::map<std::string, PendingChange, std::less<>>& all() const {
    return changes_;
  }

 private:
  std::map<std::string, PendingChange, std::less<>> changes_;
  uint64_t bytes_ = 0;
};

// Analyses what was put, copies what was updated, and publishes a generation
// with the changes. Those that change nothing in the end are left out.
// Errors: as of Publish().
absl::StatusOr<Published> PublishChanges(Snapshot base,
                                         const PendingChanges& changes,
                                         const entities::Gazetteer& gazetteer);

}  // namespace footnote::pipeline
