// Verifies the generations of a collection: every byte, and what it means.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/verify.h"

namespace footnote::pipeline {

// How far a verification is.
struct VerifyProgress {
  std::string what;  // "digests of segment 0123…", …
  uint64_t done = 0;
  uint64_t total = 0;  // in the unit of `done`
};

struct VerifyOptions {
  std::string data_dir;
  std::string collection;     // or an alias
  uint64_t generation = 0;    // 0: the current one
  bool all = false;           // every generation up to the current one
  bool quick = false;         // digests and counts alone
  size_t max_findings = 100;  // kept; all are counted
  std::function<void(const VerifyProgress&)> progress;  // may be empty
};

struct VerifySummary {
  std::vector<uint64_t> generations;  // looked at
  uint64_t segments = 0;              // each once
  uint64_t documents = 0;             // of the segments
  uint64_t passages = 0;
  uint64_t bytes = 0;  // whose digests were made
  double seconds = 0;
  // False where a generation is of another analyzer: passage ids then cannot
  // be made.
  bool passage_ids_checked = true;
  index::Findings findings;
};

// Checks the digests of every file that the manifests name, and unless `quick`
// all that VerifySegment(), VerifyDatabase() and VerifyPostings() check, what
// tombstones take out of the statistics, that no live document stands twice,
// and the counts of the manifests. What is wrong is a finding, a manifest or
// CURRENT that cannot be read as well. Locks nothing but what it reads.
// Errors: kInvalidArgument COLLECTION_NAME_INVALID; kNotFound
// COLLECTION_NOT_FOUND, GENERATION_NOT_FOUND.
absl::StatusOr<VerifySummary> VerifyCollection(const VerifyOptions& options);

}  // namespace footnote::pipeline
