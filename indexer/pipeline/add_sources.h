// Adds what files and folders hold to a collection.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/pipeline/collection_writer.h"
#include "indexer/sources/reader.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

struct AddSummary {
  uint64_t added = 0;
  uint64_t changed = 0;
  uint64_t unchanged = 0;
  uint64_t text_bytes = 0;  // of the documents read
  std::vector<sources::Skipped> skipped;
};

// Puts every document of `paths`; removes nothing and publishes only what would
// take too much memory. Sources that cannot be taken are skipped, each with a
// reason: those of FindFiles(), sources::ReadSourceFile() and
// CollectionWriter::Put(), DOCUMENT_ID_DUPLICATE (the first of an id stays),
// and GAZETTEER_NOT_TAKEN for lists of entities, which builds alone take.
// Errors: those of CollectionWriter::Put() that are not the document's.
absl::StatusOr<AddSummary> AddSources(const std::vector<std::string>& paths,
                                      const sources::ReadOptions& options,
                                      CollectionWriter* writer);

}  // namespace footnote::pipeline
