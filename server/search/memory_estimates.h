// How much memory the steps of a search take, at most.

#pragma once

#include <cstdint>

#include "indexer/index/generation.h"
#include "server/search/constraint.h"
#include "server/search/filter.h"
#include "server/search/query.h"
#include "server/search/statistics.h"

namespace footnote::search {

// A page: 3 MiB of text (kMaxTextBytes), each text in a passage, its blocks and
// the message made of them, with what stands beside it.
inline constexpr uint64_t kMemoryOfPage = 24 << 20;

// The words of a query with their stems, and where they stand in the segments.
uint64_t MemoryOf(const Query& query);

// The posting lists of the terms that a query stands for, with their scorers.
// Those of one segment are open at a time.
uint64_t MemoryOf(const Statistics& statistics);

// The sets that a filter makes: one for each segment, and while one of them is
// made two for each of its levels.
uint64_t MemoryOf(const Filter& filter, const index::Generation& generation);

// The sets that a constraint makes, likewise three for each of its levels, and
// the words of its phrases.
uint64_t MemoryOf(const Constraint& constraint,
                  const index::Generation& generation);

// The best `wanted` candidates, and those that score as the last of them.
uint64_t MemoryOfBest(uint32_t wanted, const index::Generation& generation);

}  // namespace footnote::search
