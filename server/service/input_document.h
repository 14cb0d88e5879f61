// Documents of requests, in the indexer's terms.

#pragma once

#include <cstdint>

#include "footnote/v1/ingest_service.pb.h"
#include "indexer/base/status.h"
#include "indexer/sources/source.h"

namespace footnote::service {

// Returns the document that `input` puts; its content is moved out of it.
// Errors (kInvalidArgument): FIELD_MISSING without content,
// MEDIA_TYPE_UNSUPPORTED, FIELD_TYPE for a time or language that is none, and
// those of sources::FillFromText() and FillFromBody() with `max_bytes`.
absl::StatusOr<sources::SourceDocument> ParseInputDocument(
    v1::InputDocument* input, uint64_t max_bytes);

}  // namespace footnote::service
