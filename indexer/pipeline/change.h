// The changes that a collection takes one at a time: documents put, deleted,
// and what is known of them updated.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/base/status.h"
#include "indexer/index/document_record.h"
#include "indexer/pipeline/metadata_update.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

// Checks a document before it is promised to anybody, so that taking it in
// cannot fail for what it holds. Errors (kInvalidArgument):
// DOCUMENT_ID_INVALID, TEXT_EMPTY, ENCODING_UNKNOWN (the text is not UTF-8),
// DOCUMENT_TOO_LARGE, METADATA_TOO_LARGE, FIELD_TYPE (the language is no
// primary subtag).
absl::Status CheckDocument(const sources::SourceDocument& document,
                           uint64_t max_document_bytes);

// Returns the document that a record was made from, without text and headings.
sources::SourceDocument SourceOf(const index::DocumentRecord& record);

// One change as the write-ahead log has it.
struct Change {
  enum class Kind : uint8_t { kPut = 1, kDelete = 2, kUpdate = 3 };
  Kind kind = Kind::kPut;
  sources::SourceDocument document;  // its id alone, unless kPut
  MetadataUpdate update;             // of kUpdate
};

// Return the bytes of a change.
std::string EncodePut(const sources::SourceDocument& document);
std::string EncodeDelete(std::string_view document_id);
std::string EncodeUpdate(std::string_view document_id,
                         const MetadataUpdate& update);

// Returns the change of such bytes. Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<Change> DecodeChange(std::string_view bytes);

}  // namespace footnote::pipeline
