// The fields of a document that its metadata states.

#pragma once

#include "indexer/sources/source.h"

namespace footnote::sources {

// Fills uri, source_type, language, create_time and update_time of `document`
// from its metadata, where they are stated in a usable form: "uri" or "url";
// "source_type"; "language" or "lang"; "create_time", "published" or "date";
// "update_time" or "updated". The first usable key counts. The metadata stay as
// they are.
void FillFields(SourceDocument* document);

}  // namespace footnote::sources
