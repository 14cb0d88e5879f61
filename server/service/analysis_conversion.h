// What SearchService.Analyze takes and gives, in the engine's terms and as
// protobuf.

#pragma once

#include "footnote/v1/search_service.pb.h"
#include "indexer/base/status.h"
#include "server/search/analysis.h"
#include "server/service/conversion.h"

namespace footnote::service {

// Returns what `request` asks for.
// Errors: kInvalidArgument LANGUAGE_INVALID.
absl::StatusOr<search::AnalysisOptions> ParseAnalyzeRequest(
    const v1::AnalyzeRequest& request);

// Fills all but the generation.
void Convert(search::Analysis&& analysis, const OutputFormat& format,
             v1::AnalyzeResponse* out);

}  // namespace footnote::service
