// Files: whole reads, durable writes, and read-only memory maps.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"

namespace footnote {

// Returns the bytes of a file of at most `max_bytes`.
// Errors: kInvalidArgument DOCUMENT_TOO_LARGE over the limit; those of
// FileError(): FILE_NOT_FOUND, FILE_UNREADABLE, PROCESS_LIMIT, FILE_IO.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t max_bytes = UINT64_MAX);

struct FileDigest {
  uint64_t bytes = 0;
  Digest sha256{};
};

// Returns the length and digest of a file, which is read piece by piece: where
// a disk is full, reading a file with holes through a map can kill the process.
// Errors: as of ReadFile().
absl::StatusOr<FileDigest> DigestFile(const std::string& path);

// Writes `bytes` to `path` so that a crash at any time leaves the old file or
// the new one: writes `path`.tmp, syncs it, renames it, syncs the folder.
absl::Status WriteFileDurably(const std::string& path, std::string_view bytes);

// Syncs one file, or one folder (the names in it), to the disk.
absl::Status SyncPath(const std::string& path);

// Maps the status of a failed system call on `path` by errno value.
absl::Status FileError(int error, const std::string& what,
                       const std::string& path);

// The bytes of a file, mapped read-only. Movable; thread-safe to read.
class MappedFile {
 public:
  // Maps a file; an empty one has an empty view. Errors: as of ReadFile().
  static absl::StatusOr<MappedFile> Open(const std::string& path);

  std::string_view bytes() const { return bytes_; }

  // Gives the memory of a part of bytes() back, but for pages that reach beyond
  // it; they are read from the file again where they are used again.
  static void Release(std::string_view part);

 private:
  std::string_view bytes_;
  std::shared_ptr<const void> mapping_;  // ends with the last copy
};

}  // namespace footnote
