// Builds a generation of a collection from files and folders.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/pipeline/build_segments.h"
#include "indexer/pipeline/change.h"
#include "indexer/sources/reader.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

// How far a build is.
struct BuildProgress {
  uint64_t documents = 0;    // read so far
  uint64_t bytes = 0;        // of source files done so far
  uint64_t total_bytes = 0;  // of all source files
  // Of those read, how many lie in finished segments; the rest waits for that,
  // which takes about as long as reading.
  uint64_t written_bytes = 0;
  uint64_t skipped = 0;
  double seconds = 0;  // since the start
  std::string file;    // being read; "" while the index is written
};

struct BuildOptions {
  std::string data_dir;
  std::string collection;
  std::vector<std::string> paths;
  std::vector<std::string> gazetteers;  // besides those found in the paths
  sources::ReadOptions read;
  int threads = 0;            // 0: as many as the machine runs at once
  SegmentLimits limits;       // of the segments made
  bool from_scratch = false;  // look at nothing that was published before
  // Called on this thread after each document and each file; may be empty.
  std::function<void(const BuildProgress&)> progress;
};

// What a build did. Documents are those of the published generation.
struct BuildSummary {
  uint64_t generation = 0;  // current after the build
  bool published = false;   // false where nothing had changed
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t added = 0;
  uint64_t changed = 0;
  uint64_t unchanged = 0;
  uint64_t reused = 0;  // added or changed, but taken from a killed build
  uint64_t removed = 0;
  uint64_t kept = 0;        // not among the sources read, but see below
  uint64_t text_bytes = 0;  // of the documents read
  double seconds = 0;
  std::vector<sources::Skipped> skipped;
};

// Makes the collection hold what `paths` hold now, as one new generation
// published at once, from where a killed build stopped; documents whose etag is
// that of the current generation are not analysed again. What the write-ahead
// log has is published first, as a generation of its own, or dropped by
// `from_scratch`. Documents that are in no source any more go, unless a source
// was skipped (other than for its id): a
// disk that is away must not empty an index, so then they stay. Sources that
// cannot be taken are skipped, each with a reason (those of
// sources::ReadSourceFile() and FindFiles(), and DOCUMENT_ID_DUPLICATE: the
// first of an id stays; METADATA_TOO_LARGE for metadata, title and uri of more
// than kMaxRecordBytes together; for a line of a gazetteer, which is no source,
// GAZETTEER_SYNTAX). Errors, with nothing published: kInvalidArgument
// COLLECTION_NAME_INVALID, NOTHING_TO_INDEX (no document could be read);
// kNotFound FILE_NOT_FOUND and the like for `gazetteers`; kFailedPrecondition
// COLLECTION_LOCKED, INDEX_VERSION; kResourceExhausted DISK_FULL; kInternal
// FILE_IO.
absl::StatusOr<BuildSummary> BuildCollection(const BuildOptions& options);

}  // namespace footnote::pipeline
