// From the bytes of a source that is one document to the document.

#pragma once

#include <cstdint>
#include <string_view>

#include "indexer/sources/source.h"

namespace footnote::sources {

// Returns `max_document_bytes`, or what spans can count where that is less.
uint64_t MaxBodyBytes(uint64_t max_document_bytes);

// Finds the headings of a document whose text is Markdown; the first of the
// highest level is the title where there is none yet.
void FillHeadings(SourceDocument* document);

// Fills `document`, which has its id, from the bytes of its source: decodes
// them; Markdown brings metadata, title and id in its front matter, and
// headings. Errors (kInvalidArgument): FILE_EMPTY (no bytes), TEXT_EMPTY
// (nothing but white space), BINARY_CONTENT, ENCODING_UNKNOWN,
// DOCUMENT_TOO_LARGE for more than `max_bytes` of UTF-8, FRONT_MATTER_SYNTAX,
// FIELD_TYPE, DOCUMENT_ID_INVALID.
absl::Status FillFromBody(std::string_view bytes, bool is_markdown,
                          uint64_t max_bytes, SourceDocument* document);

// Fills `document`, which has its id, media type and metadata, and its title
// and text where they were given, from those: headings of "text/markdown", the
// first of which may be the title; fields that the metadata state. A BOM is
// dropped from the text.
// Errors (kInvalidArgument): TEXT_EMPTY, DOCUMENT_TOO_LARGE for more than
// `max_bytes` of text, DOCUMENT_ID_INVALID.
absl::Status FillFromText(uint64_t max_bytes, SourceDocument* document);

}  // namespace footnote::sources
