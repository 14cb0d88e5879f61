// The manifest of a generation: what it consists of.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "indexer/index/segment_writer.h"
#include "indexer/index/tombstones.h"

namespace footnote::index {

// The tombstones of one segment in a generation.
struct TombstonesEntry {
  FileEntry file;  // in generations/
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t words = 0;
};

struct SegmentEntry {
  SegmentSummary segment;
  std::optional<TombstonesEntry> tombstones;
};

struct Manifest {
  GenerationInfo info;   // manifest_sha256 is of the file, not in it
  uint64_t parent = 0;   // generation; 0 for the first
  std::string entities;  // stamp of the gazetteer
  // The gazetteer itself, in generations/; none where it has no entities.
  std::optional<FileEntry> entities_file;
  // The synonyms, in generations/; none where there are none.
  std::optional<FileEntry> synonyms_file;
  // The last change of the write-ahead log that is in the generation; 0 before
  // the first.
  uint64_t wal_sequence = 0;
  std::vector<SegmentEntry> segments;
};

// Returns the JSON text of a manifest.
std::string EncodeManifest(const Manifest& manifest);

// Returns the manifest of such a text; its digest is in info.
// Errors: kDataLoss INDEX_CORRUPT; kFailedPrecondition INDEX_VERSION for
// another kFormatVersion. `path` is for messages.
absl::StatusOr<Manifest> DecodeManifest(std::string_view text,
                                        const std::string& path);

// Returns the manifest of generation `number` of the collection in `folder`.
// Errors: as of DecodeManifest(); kNotFound GENERATION_NOT_FOUND.
absl::StatusOr<Manifest> ReadManifest(const std::string& folder,
                                      uint64_t number);

// Returns the error of a generation that is not there: kNotFound
// GENERATION_NOT_FOUND.
absl::Status NoGenerationError(uint64_t number);

// Opens a segment of the collection in `folder` with its tombstones. Checks
// that its files are there with the right sizes, not their digests.
// What `before`, which may be null, has of it is shared, not opened again.
// Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::unique_ptr<Segment>> OpenSegment(
    const std::string& folder, const SegmentEntry& entry,
    const Generation* before = nullptr);

// Paths inside a collection's folder.
std::string ManifestPath(const std::string& folder, uint64_t number);
std::string SegmentPath(const std::string& folder, const std::string& id);
std::string GenerationFilePath(const std::string& folder,
                               const std::string& name);

// Returns the bytes of a file in generations/ that a manifest names.
// Errors: kDataLoss INDEX_CORRUPT where they are not those that it means;
// FILE_NOT_FOUND, FILE_IO.
absl::StatusOr<std::string> ReadGenerationFile(const std::string& folder,
                                               const FileEntry& file);

// Writes and syncs tombstones of segment `id`, named for generation `number`;
// returns how a manifest names them. The folder is not synced: writing a
// manifest does that. Errors: DISK_FULL, FILE_IO.
absl::StatusOr<TombstonesEntry> WriteTombstones(const std::string& folder,
                                                const Tombstones& tombstones,
                                                uint64_t number,
                                                const std::string& id);

// Writes the manifest as the next generation and makes it the current one:
// after a crash at any point CURRENT names the old generation or the new.
// Everything that the manifest names must be on the disk already.
absl::Status PublishManifest(const std::string& folder,
                             const Manifest& manifest);

// Makes generation `number`, whose manifest is on the disk, the current one,
// likewise.
absl::Status MakeCurrent(const std::string& folder, uint64_t number);

}  // namespace footnote::index
