// The texts of a segment's documents, end to end, compressed in blocks.

#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "indexer/base/status.h"
#include "indexer/index/column.h"

namespace footnote::index {

// Uncompressed bytes of a block: small enough that reading one passage
// decompresses little. A dictionary, trained on the segment's first texts,
// makes up for what small blocks lose.
inline constexpr uint64_t kTextBlockBytes = 4 << 10;

// Writes texts one after the other, as blobs: the dictionary ("" for none),
// then the blocks. Until Finish() they lie in a file beside, as they are. Not
// thread-safe.
class TextColumnWriter {
 public:
  explicit TextColumnWriter(std::string path);
  ~TextColumnWriter();
  TextColumnWriter(const TextColumnWriter&) = delete;
  TextColumnWriter& operator=(const TextColumnWriter&) = delete;

  // Adds a text; returns the byte in the segment's text where it starts.
  uint64_t Append(std::string_view text);

  // Compresses on so many threads, completes the file and syncs it; the bytes
  // are the same for any number. Call once, last.
  absl::Status Finish(int threads = 1);

 private:
  absl::StatusOr<std::string> ReadRaw(uint64_t start, uint64_t bytes) const;

  std::string path_;
  std::FILE* raw_ = nullptr;
  int error_ = 0;  // of the first write that failed
  uint64_t size_ = 0;
};

// Reads ranges of the segment's text. Thread-safe.
class TextColumn {
 public:
  static absl::StatusOr<TextColumn> Open(const std::string& path);

  // Returns the bytes [start, end).
  // Errors: kDataLoss INDEX_CORRUPT where a block is damaged or missing.
  absl::StatusOr<std::string> Read(uint64_t start, uint64_t end) const;

 private:
  struct Dictionary;
  BlobColumn blobs_;
  std::shared_ptr<const Dictionary> dictionary_;
};

}  // namespace footnote::index
