// The documents of a generation across its segments.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "indexer/index/generation.h"

namespace footnote::pipeline {

// A document of a generation that is not gone.
struct LiveDocument {
  std::string_view id;    // as long as the generation is open
  uint32_t segment = 0;   // index in the generation
  uint32_t document = 0;  // index in the segment
};

// Returns the live documents of a generation in order of their ids (bytewise).
std::vector<LiveDocument> ListLiveDocuments(
    const index::Generation& generation);

}  // namespace footnote::pipeline
