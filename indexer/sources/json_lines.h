// Reads JSON Lines: one document a line, as BEIR corpora have them.

#pragma once

#include "indexer/sources/reader.h"

namespace footnote::sources {

// Reads the documents of `file`, a regular file: "_id" (or "id"; string or
// whole number), "text", "title", "metadata" (object), "access_labels" (list of
// strings), "uri"/"url", "language", "source_type", "date"; all keys but the
// first five go to the metadata, and not "_footnote": see stated_fields.h; a
// text whose media type there is text/markdown is read as such. A line without
// an id is called <path>#L<line>. Blank lines are ignored; each broken line is
// skipped. Memory is bounded by the longest line taken.
// Returns only errors of the sink.
absl::Status ReadJsonLines(const SourceFile& file, const ReadOptions& options,
                           const Sink& sink);

}  // namespace footnote::sources
