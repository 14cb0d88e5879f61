// Updates of documents' metadata, in the indexer's terms.

#pragma once

#include <google/protobuf/field_mask.pb.h>

#include "footnote/v1/ingest_service.pb.h"
#include "indexer/base/status.h"
#include "indexer/pipeline/metadata_update.h"

namespace footnote::service {

// Returns the update that gives the fields named by `mask` the values that they
// have in `document`, or none. Errors (kInvalidArgument): FIELD_MASK_INVALID
// for an empty mask or a path that cannot be updated; FIELD_TYPE for a time
// outside of years 1 to 9999.
absl::StatusOr<pipeline::MetadataUpdate> ParseMaskedUpdate(
    const v1::InputDocument& document, const google::protobuf::FieldMask& mask);

}  // namespace footnote::service
