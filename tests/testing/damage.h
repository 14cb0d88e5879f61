// Changes files of an index as tests need them damaged.

#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "indexer/base/file.h"
#include "indexer/index/column.h"
#include "indexer/index/manifest.h"
#include "tests/testing/status_matchers.h"

namespace footnote {

inline void WriteBytes(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Flips a bit of the byte at `at`.
inline void FlipBit(const std::string& path, size_t at, int bit) {
  std::string bytes = *ReadFile(path);
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
  WriteBytes(path, bytes);
}

// Rewrites a column of blobs after `change`.
inline void ChangeBlobs(
    const std::string& path,
    const std::function<void(std::vector<std::string>*)>& change) {
  std::vector<std::string> blobs;
  {
    const auto column = index::BlobColumn::Open(path);
    ASSERT_THAT(column, IsOk());
    blobs.reserve(column->size());
    for (uint64_t i = 0; i < column->size(); ++i) {
      blobs.emplace_back((*column)[i]);
    }
  }
  change(&blobs);
  index::ColumnWriter writer(path, 0);
  for (const std::string& blob : blobs) {
    writer.Append(blob);
  }
  ASSERT_THAT(writer.Finish(), IsOk());
}

// Rewrites a column of values after `change`.
template <typename T>
void ChangeValues(const std::string& path,
                  const std::function<void(std::vector<T>*)>& change) {
  std::vector<T> values;
  {
    const auto column = index::ValueColumn<T>::Open(path);
    ASSERT_THAT(column, IsOk());
    values.assign(column->begin(), column->end());
  }
  change(&values);
  index::ColumnWriter writer(path, sizeof(T));
  for (const T& value : values) {
    writer.AppendValue(value);
  }
  ASSERT_THAT(writer.Finish(), IsOk());
}

// Rewrites the manifest of a generation of the collection in `folder` after
// `change`.
inline void ChangeManifest(
    const std::string& folder, uint64_t number,
    const std::function<void(index::Manifest*)>& change) {
  auto manifest = index::ReadManifest(folder, number);
  ASSERT_THAT(manifest, IsOk());
  change(&*manifest);
  WriteBytes(index::ManifestPath(folder, number),
             index::EncodeManifest(*manifest));
}

// Makes the manifest of a generation say that all its files are as they are.
inline void TakeDigestsAsTheyAre(const std::string& folder, uint64_t number) {
  const auto describe = [](const std::string& path, index::FileEntry* file) {
    const std::string bytes = *ReadFile(path);
    file->bytes = bytes.size();
    file->sha256 = Sha256Of(bytes);
  };
  ChangeManifest(folder, number, [&](index::Manifest* manifest) {
    if (manifest->entities_file) {
      index::FileEntry& file = *manifest->entities_file;
      describe(index::GenerationFilePath(folder, file.name), &file);
    }
    for (index::SegmentEntry& entry : manifest->segments) {
      for (index::FileEntry& file : entry.segment.files) {
        describe(index::SegmentPath(folder, entry.segment.id) + "/" + file.name,
                 &file);
      }
      if (entry.tombstones) {
        index::FileEntry& file = entry.tombstones->file;
        describe(index::GenerationFilePath(folder, file.name), &file);
      }
    }
  });
}

}  // namespace footnote
