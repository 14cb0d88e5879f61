// Collections as a whole: made, copied, dropped, and called by other names.

#pragma once

#include <string>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::pipeline {

// Makes an empty collection: its first generation has no documents.
// Errors: kInvalidArgument COLLECTION_NAME_INVALID; kAlreadyExists
// COLLECTION_EXISTS, also for an alias; kFailedPrecondition COLLECTION_LOCKED;
// DISK_FULL, FILE_IO, FILE_UNREADABLE.
absl::Status CreateCollection(const std::string& data_dir,
                              const std::string& name);

// Removes a collection with all its generations, at once for whoever looks for
// it; what a crash leaves is removed by the next call.
// Errors: kNotFound COLLECTION_NOT_FOUND, also for an alias;
// kFailedPrecondition COLLECTION_IN_USE while an alias leads to it (named) or,
// unless `force`, somebody has a generation of it open; COLLECTION_LOCKED while
// somebody writes to it, unless `force`; as of FileError().
absl::Status DropCollection(const std::string& data_dir,
                            const std::string& name, bool force);

// Makes `to` a collection that has what the current generation of `from` has,
// under the same number and without older ones or what is not published yet.
// Files are linked where the file system can, else copied. `from` may be an
// alias, and may be written to meanwhile.
// Errors: COLLECTION_NAME_INVALID, COLLECTION_EXISTS for `to`;
// COLLECTION_NOT_FOUND, INDEX_CORRUPT, INDEX_VERSION for `from`; as of
// FileError().
absl::Status CopyCollection(const std::string& data_dir,
                            const std::string& from, const std::string& to);

// Makes `to` a collection of all documents of `from`, parts of one corpus that
// were built apart, as if they had been built together. Files are linked or
// copied, nothing is analysed again. Synonyms that all have are kept.
// Errors: as of CopyCollection(); kAlreadyExists DOCUMENT_ID_DUPLICATE where
// two have a document (it is named); kFailedPrecondition GAZETTEER_NOT_TAKEN
// where they were made with different lists of entities, COLLECTION_DIVERGED
// where they have different synonyms.
absl::Status JoinCollections(const std::string& data_dir,
                             const std::vector<std::string>& from,
                             const std::string& to);

// Makes `alias` another name of the collection `name`, or of that which the
// alias `name` leads to; switches it at once where it is an alias already.
// Errors: COLLECTION_NAME_INVALID for `alias`; COLLECTION_EXISTS where a
// collection has that name; COLLECTION_NOT_FOUND for `name`; as of FileError().
absl::Status SetAlias(const std::string& data_dir, const std::string& alias,
                      const std::string& name);

// Removes an alias; the collection stays. Errors: kNotFound
// COLLECTION_NOT_FOUND where there is no such alias; as of FileError().
absl::Status RemoveAlias(const std::string& data_dir, const std::string& alias);

}  // namespace footnote::pipeline
