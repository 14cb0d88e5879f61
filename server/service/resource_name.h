// Resource names: `collections/{collection}`, and documents and passages under
// it. Ids stand in names as they are; a document's id may hold '/'.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/base/status.h"

namespace footnote::service {

// A document or passage by its collection and id.
struct ChildName {
  std::string collection;
  std::string id;
};

// A generation of a collection; 0 is the current one.
struct GenerationName {
  std::string collection;
  uint64_t generation = 0;

  bool operator==(const GenerationName&) const = default;
};

// Returns the collection of `collections/{collection}` or `{collection}`;
// `field` names the field of the request, for the error.
// Errors: kInvalidArgument COLLECTION_NAME_INVALID.
absl::StatusOr<std::string> ParseCollectionName(std::string_view name,
                                                const std::string& field);

// Returns the parts of a collection's name, as above, that may end with
// `/generations/{generation}`. Errors: kInvalidArgument
// COLLECTION_NAME_INVALID.
absl::StatusOr<GenerationName> ParseGenerationName(std::string_view name,
                                                   const std::string& field);

// Return the parts of a document's or passage's name, which the field `name` of
// the request gives. Errors: kInvalidArgument NAME_INVALID.
absl::StatusOr<ChildName> ParseDocumentName(std::string_view name);
absl::StatusOr<ChildName> ParsePassageName(std::string_view name);

// The name that a request gives a collection, which may be an alias, and its
// own.
struct CollectionNames {
  std::string given;
  std::string own;
};

// Returns the id that `name`, an id alone or a name that `parse`, one of the
// above, takes apart, gives; a name must be in the collection. `field` names
// the field of the request, for the error.
// Errors: kInvalidArgument NAME_INVALID.
absl::StatusOr<std::string> ParseNameOrId(
    const std::string& name, const CollectionNames& collection,
    const std::string& field,
    absl::StatusOr<ChildName> (*parse)(std::string_view));

// Return the names of things.
std::string CollectionName(std::string_view collection);
std::string DocumentName(std::string_view collection,
                         std::string_view document_id);
std::string PassageName(std::string_view collection,
                        std::string_view passage_id);

}  // namespace footnote::service
