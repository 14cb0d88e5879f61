// Gives a collection its synonyms.

#pragma once

#include <string>
#include <string_view>

#include "indexer/base/status.h"
#include "indexer/pipeline/publish.h"

namespace footnote::pipeline {

// Publishes a generation of the same segments with the synonyms of `text` (see
// index::ParseSynonyms()), or none where it has no rules; nothing where the
// collection has just these. Changes that wait in the log stay there.
// Errors: kInvalidArgument SYNONYMS_SYNTAX; kNotFound COLLECTION_NOT_FOUND;
// kFailedPrecondition COLLECTION_LOCKED; as of Publish().
absl::StatusOr<Published> SetSynonyms(const std::string& data_dir,
                                      const std::string& collection,
                                      std::string_view text);

// Returns the file of synonyms that a collection has; "" for none.
// Errors: kNotFound COLLECTION_NOT_FOUND; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::string> ReadSynonyms(const std::string& data_dir,
                                         const std::string& collection);

}  // namespace footnote::pipeline
