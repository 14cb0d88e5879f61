// The "_footnote" object of a JSON line: fields of a document that its metadata
// do not state, as an export writes them.

#pragma once

#include <nlohmann/json.hpp>

#include "indexer/sources/source.h"

namespace footnote::sources {

// Takes "_footnote" out of `object`; an empty object where it is missing or
// null. Its members may be "title", "uri", "filename", "media_type",
// "language", "source_type" (strings), "create_time", "update_time",
// "embargo_time" and "expire_time" (whole numbers, Unix seconds); null says
// that there is none.
// Errors: kInvalidArgument FIELD_TYPE for a member of another name or type.
absl::StatusOr<nlohmann::json> TakeStatedFields(nlohmann::json* object);

// Sets the fields of `document` that `stated`, of TakeStatedFields(), has.
void SetStatedFields(const nlohmann::json& stated, SourceDocument* document);

// Returns the object that SetStatedFields() makes `document` of `derived` with:
// those fields in which they differ.
nlohmann::json StatedFieldsOf(const SourceDocument& document,
                              const SourceDocument& derived);

}  // namespace footnote::sources
