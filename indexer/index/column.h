// Columns: arrays in files, written once and read through a memory map.
//
// A file is a 32-byte header (magic, bytes of an element and of an offset,
// count, position of the offsets), the elements, and for blobs their count + 1
// offsets. Integers are little-endian.

#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "indexer/base/file.h"
#include "indexer/base/status.h"

namespace footnote::index {

// Writes a column to a file as its elements come. The file is whole and synced
// only after Finish(). Errors are kept and come back from Finish().
class ColumnWriter {
 public:
  // `element_bytes` is 0 for a column of blobs.
  ColumnWriter(std::string path, uint32_t element_bytes);
  ~ColumnWriter();
  ColumnWriter(const ColumnWriter&) = delete;
  ColumnWriter& operator=(const ColumnWriter&) = delete;

  // Adds one element: a blob, or `element_bytes` bytes.
  void Append(std::string_view bytes);
  template <typename T>
  void AppendValue(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    Append({reinterpret_cast<const char*>(&value), sizeof(value)});
  }

  uint64_t count() const { return count_; }

  // Completes the file and syncs it. Call once, last.
  absl::Status Finish();
  // The same for a file that only this process reads: it is not synced.
  absl::Status FinishScratch();

 private:
  void Write(const void* data, size_t size);
  void WriteHeader();
  absl::Status Close();

  std::string path_;
  uint32_t element_bytes_;
  std::FILE* file_ = nullptr;
  int error_ = 0;
  uint64_t count_ = 0;
  uint64_t position_ = 0;
  std::vector<uint64_t> offsets_;  // of blobs
};

// A column opened for reading: the bytes of its elements, checked for size.
class ColumnFile {
 public:
  // Errors: kDataLoss INDEX_CORRUPT where the file is no such column.
  static absl::StatusOr<ColumnFile> Open(const std::string& path,
                                         uint32_t element_bytes);

  uint64_t count() const { return count_; }
  std::string_view elements() const { return elements_; }
  // Where blob `i` <= count() starts in the elements.
  uint64_t offset(uint64_t i) const {
    return wide_ ? reinterpret_cast<const uint64_t*>(offsets_)[i]
                 : reinterpret_cast<const uint32_t*>(offsets_)[i];
  }

 private:
  MappedFile file_;
  uint64_t count_ = 0;
  std::string_view elements_;
  const char* offsets_ = nullptr;
  bool wide_ = false;  // offsets of 8 bytes, not 4
};

// A column of blobs. Thread-safe.
class BlobColumn {
 public:
  static absl::StatusOr<BlobColumn> Open(const std::string& path);

  uint64_t size() const { return file_.count(); }
  // Returns whether its blobs follow each other and take all there is. Reads
  // all offsets.
  bool IsWhole() const;
  // Returns the blob at `i` < size(); "" where the column is damaged there.
  std::string_view operator[](uint64_t i) const {
    const uint64_t start = file_.offset(i);
    const uint64_t end = file_.offset(i + 1);
    if (start > end || end > file_.elements().size()) {
      return {};
    }
    return file_.elements().substr(start, end - start);
  }
  // Gives the memory of the blobs [first, end), which were read, back; they may
  // be read again. `end` is at most size().
  void Release(uint64_t first, uint64_t end) const {
    MappedFile::Release(file_.elements().substr(
        file_.offset(first), file_.offset(end) - file_.offset(first)));
  }

 private:
  ColumnFile file_;
};

// A column of values of one size. Thread-safe.
template <typename T>
class ValueColumn {
 public:
  static absl::StatusOr<ValueColumn> Open(const std::string& path) {
    ValueColumn column;
    FOOTNOTE_ASSIGN_OR_RETURN(column.file_, ColumnFile::Open(path, sizeof(T)));
    return column;
  }

  uint64_t size() const { return file_.count(); }
  const T& operator[](uint64_t i) const {
    return reinterpret_cast<const T*>(file_.elements().data())[i];
  }
  const T* begin() const { return &(*this)[0]; }
  const T* end() const { return begin() + size(); }

 private:
  ColumnFile file_;
};

}  // namespace footnote::index
