// What there is to know of a collection none of whose manifests can be read.

#pragma once

#include <map>
#include <string>

#include <roaring/roaring.hh>

#include "indexer/base/status.h"
#include "indexer/index/manifest.h"

namespace footnote::pipeline {

// Stands for the manifest that is lost.
struct FoundSegments {
  // All segments that have a document left, without tombstones, with the stamps
  // that the documents prove. Its number is the greatest that any file has;
  // nothing is counted. Of a damaged segment no digest is known: all of them
  // are zeros.
  index::Manifest manifest;
  // Documents of each segment, by its id, that do not count: those of its
  // newest tombstones, and those of which there is a newer version.
  std::map<std::string, Roaring> gone;
};

// Looks at all segments of the collection in `folder`. One is whole where its
// digests give its id, and a document in another where its etag proves it; of
// several versions the newest counts: that indexed last, then that in the
// segment written last. Documents whose segment went as a whole come back, for
// nothing says any more that it went. Only for the holder of the WriterLock.
// Errors: kDataLoss INDEX_CORRUPT where there is no segment;
// kFailedPrecondition ANALYZER_MISMATCH where another analyzer made one.
absl::StatusOr<FoundSegments> FindSegments(const std::string& folder);

}  // namespace footnote::pipeline
