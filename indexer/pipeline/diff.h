// What two generations have in common and what not.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"

namespace footnote::pipeline {

// A generation by the collection's name, or an alias, and its number; 0 is the
// current one.
struct GenerationName {
  std::string collection;
  uint64_t generation = 0;
};

// A document that differs. An etag is zeros where the document is not there.
struct DocumentDifference {
  std::string document_id;
  Digest from{};  // etag
  Digest to{};    // etag
};

struct DiffSummary {
  uint64_t from_generation = 0;
  uint64_t to_generation = 0;
  uint64_t added = 0;
  uint64_t changed = 0;
  uint64_t removed = 0;
  uint64_t unchanged = 0;
};

// Compares the live documents of two generations in `data_dir` by id and etag,
// and calls `f` with each that differs, in order of ids.
// Errors: COLLECTION_NAME_INVALID; COLLECTION_NOT_FOUND, GENERATION_NOT_FOUND;
// INDEX_CORRUPT, INDEX_VERSION.
absl::StatusOr<DiffSummary> DiffGenerations(
    const std::string& data_dir, const GenerationName& from,
    const GenerationName& to,
    const std::function<void(const DocumentDifference&)>& f);

}  // namespace footnote::pipeline
