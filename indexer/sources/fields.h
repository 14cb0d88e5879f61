// The fields of a document that its metadata states.

#pragma once

#include "indexer/sources/source.h"

namespace footnote::sources {

// Fills uri, source_type, language and the times of `document` from its
// metadata, where they are stated in a usable form: "uri" or "url";
// "source_type"; "language" or "lang"; "create_time", "published" or "date";
// "update_time" or "updated"; "embargo_time"; "expire_time". The first usable
// key counts. The metadata stay as they are. Errors: kInvalidArgument
// FIELD_TYPE where one of the last two is no time.
absl::Status FillFields(SourceDocument* document);

// Takes "access_labels" out of `object` and returns them sorted, each once;
// none where they are missing or null. Errors: kInvalidArgument FIELD_TYPE for
// what is no list of strings, or an empty string in it.
absl::StatusOr<std::vector<std::string>> TakeAccessLabels(
    nlohmann::json* object);

}  // namespace footnote::sources
