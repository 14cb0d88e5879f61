// Makes a damaged collection whole, as far as texts and records reach.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::pipeline {

// A document that did not come back.
struct LostDocument {
  std::string segment;      // its id
  uint32_t number = 0;      // in the segment
  std::string document_id;  // "" where even that is lost
  std::string why;
};

struct RepairedSegment {
  std::string id;
  std::vector<std::string> damaged;  // names of files
  uint64_t documents = 0;            // that came back
  std::string new_id;                // "" where none did
};

struct RepairSummary {
  uint64_t base = 0;          // the generation that was repaired, if any
  uint64_t generation = 0;    // published; 0 where all was whole
  bool current_lost = false;  // CURRENT, or its manifest, could not be read
  // Nor any other: a new one was made of the segments that are there, and
  // documents that had been deleted may be back.
  bool manifests_lost = false;
  std::vector<RepairedSegment> segments;
  std::vector<LostDocument> lost;
  // Files of tombstones that were lost: deletions since the last ones that can
  // be read may be undone.
  std::vector<std::string> tombstones_lost;
  // The list of entities is gone: documents that were rebuilt, and later ones,
  // have no mentions until a build brings it again.
  bool gazetteer_lost = false;
  bool synonyms_lost = false;
  // The documents are those that the manifest of the base speaks of.
  bool content_is_whole = false;
};

// Checks the digests of the current generation, or where it cannot be read of
// the newest one that can, and publishes a new one if anything is damaged:
// segments that are whole stay; of others, each document whose record and text
// are whole is analysed again into a new segment, with its etag and a new
// index_time; tombstones that are lost are those of older generations, and what
// stands in other segments. Where no manifest is whole, it starts from the
// segments alone (see FindSegments()). Changes no file that is there.
// Errors: kInvalidArgument COLLECTION_NAME_INVALID; kNotFound
// COLLECTION_NOT_FOUND; kDataLoss INDEX_CORRUPT where there is neither manifest
// nor segment; kFailedPrecondition COLLECTION_LOCKED, INDEX_VERSION,
// ANALYZER_MISMATCH (only where segments must be rebuilt, or no manifest is
// whole); DISK_FULL, FILE_IO.
absl::StatusOr<RepairSummary> RepairCollection(const std::string& data_dir,
                                               const std::string& collection);

}  // namespace footnote::pipeline
