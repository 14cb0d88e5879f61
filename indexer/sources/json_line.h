// One line of a JSON Lines file, read as a document and written from one.

#pragma once

#include <string>
#include <string_view>

#include "indexer/sources/source.h"

namespace footnote::sources {

// Returns the document of a line; see ReadJsonLines(). One without an id gets
// `fallback_id`. Path and source_end are the reader's to set.
// Errors (kInvalidArgument): JSON_SYNTAX, FIELD_MISSING, FIELD_TYPE,
// TEXT_EMPTY, DOCUMENT_ID_INVALID.
absl::StatusOr<SourceDocument> ParseJsonLine(std::string_view line,
                                             const std::string& fallback_id);

// Returns the line, without its break, that ParseJsonLine() reads as
// `document` again, but for path and source_end. Fields that the metadata do
// not state stand in "_footnote".
std::string FormatJsonLine(const SourceDocument& document);

}  // namespace footnote::sources
