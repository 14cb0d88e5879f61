// The texts of a segment's documents, end to end, compressed in blocks.

#pragma once

#include <cstdint>
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
// then the blocks.
class TextColumnWriter {
 public:
  explicit TextColumnWriter(const std::string& path);
  ~TextColumnWriter();
  TextColumnWriter(const TextColumnWriter&) = delete;
  TextColumnWriter& operator=(const TextColumnWriter&) = delete;

  // Adds a text; returns the byte in the segment's text where it starts.
  uint64_t Append(std::string_view text);

  // Completes the file and syncs it. Call once, last.
  absl::Status Finish();

 private:
  void Start();
  void WriteBlock(std::string_view block);

  struct Compressor;
  std::unique_ptr<Compressor> compressor_;
  ColumnWriter blocks_;
  bool started_ = false;  // the dictionary is written
  std::string pending_;   // less than a block, or all there is before Start()
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
