// Reads one file of any supported kind.

#pragma once

#include <cstdint>
#include "indexer/base/source_files.h"
#include "indexer/sources/source.h"

namespace footnote::sources {

struct ReadOptions {
  uint64_t max_document_bytes = 64ULL << 20;
  bool json_lines = false;  // whatever the names of files say
};

// Reads `file` as its kind says (see KindOfFile()); what decodes as text is
// plain text. Hands documents and skipped parts to `sink`. A bad file, or a bad
// line of one, is skipped with a reason and nothing else is harmed. Reasons:
// FILE_NOT_FOUND, FILE_UNREADABLE, FILE_NOT_REGULAR, FILE_IO, FILE_EMPTY (no
// bytes, no lines), TEXT_EMPTY (nothing but white space), BINARY_CONTENT,
// ENCODING_UNKNOWN, DOCUMENT_TOO_LARGE, JSON_SYNTAX, FIELD_MISSING, FIELD_TYPE,
// FRONT_MATTER_SYNTAX, DOCUMENT_ID_INVALID. Returns only errors of the sink.
absl::Status ReadSourceFile(const SourceFile& file, const ReadOptions& options,
                            const Sink& sink);

}  // namespace footnote::sources
