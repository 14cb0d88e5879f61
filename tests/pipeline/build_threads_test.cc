// Builds on several threads.

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "indexer/base/file.h"
#include "indexer/index/generation.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/prepare_pool.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::pipeline {
namespace {

// Sources of all kinds, enough that threads overtake each other; one is much
// larger than the others.
void WriteSources(GrowingCollection* collection) {
  RandomDocuments random(19);
  std::string lines;
  for (int i = 0; i < 300; ++i) {
    lines += random.Line("line-" + std::to_string(i));
  }
  collection->Write("entities.tsv", RandomDocuments::Gazetteer());
  collection->Write("b.jsonl", lines);
  collection->Write("c.txt", random.Text(2000));
  for (int i = 0; i < 60; ++i) {
    collection->Write("d/" + std::to_string(i) + ".md", random.Markdown());
  }
}

// Returns the files of the only segment by name, without what differs from
// build to build: the time of indexing, and the UUID of the postings.
std::map<std::string, std::string> FilesOf(GrowingCollection* collection) {
  const auto generation = collection->BuildAndOpen();
  std::map<std::string, std::string> files;
  if (generation == nullptr || generation->segments().size() != 1) {
    ADD_FAILURE() << "not one segment";
    return files;
  }
  const index::Segment& segment = *generation->segments().front();
  const std::filesystem::path folder = collection->folder() + "/segments";
  const auto entry = std::filesystem::directory_iterator(folder)->path();
  for (const std::string_view name : index::kSegmentFiles) {
    if (name == index::kDocumentsFile) {
      std::string& records = files[std::string(name)];
      for (uint32_t i = 0; i < segment.document_count(); ++i) {
        auto record = segment.ReadDocument(i);
        EXPECT_THAT(record, IsOk());
        record->index_time = 0;
        records += index::EncodeDocumentRecord(*record);
      }
      continue;
    }
    auto bytes = ReadFile((entry / name).string());
    EXPECT_THAT(bytes, IsOk());
    if (name == index::kPostingsFile) {
      constexpr size_t kUuidAt = 16;
      constexpr size_t kUuidBytes = 16;
      bytes->replace(kUuidAt, kUuidBytes, kUuidBytes, '\0');
    }
    files[std::string(name)] = *std::move(bytes);
  }
  return files;
}

TEST(BuildThreads, MakeTheSameFilesWhateverTheirNumber) {
  std::map<std::string, std::string> expected;
  for (const int threads : {1, 2, 4, 4}) {
    GrowingCollection collection;
    WriteSources(&collection);
    collection.threads = threads;
    const auto files = FilesOf(&collection);
    if (expected.empty()) {
      expected = files;
      ASSERT_EQ(files.size(), std::size(index::kSegmentFiles));
      continue;
    }
    for (const auto& [name, bytes] : expected) {
      EXPECT_TRUE(files.at(name) == bytes) << threads << " " << name;
    }
  }
}

sources::SourceDocument Numbered(int number) {
  sources::SourceDocument document;
  document.document_id = std::to_string(number);
  document.text = "Document " + document.document_id + ". ";
  return document;
}

TEST(PreparePool, GivesDocumentsBackInTheirOrder) {
  const entities::Gazetteer gazetteer;
  PreparePool pool(gazetteer, 4);
  for (int i = 0; i < 200; ++i) {
    pool.Push(Numbered(i), Digest{}, i);
  }
  for (int i = 0; i < 200; ++i) {
    ASSERT_FALSE(pool.empty());
    EXPECT_EQ(pool.Pop().record.document_id, std::to_string(i));
  }
  EXPECT_TRUE(pool.empty());
}

// As where a build ends by an error.
TEST(PreparePool, DropsWhatIsNotTakenOut) {
  const entities::Gazetteer gazetteer;
  for (const int threads : {1, 4}) {
    PreparePool pool(gazetteer, threads);
    for (int i = 0; i < 100; ++i) {
      pool.Push(Numbered(i), Digest{}, i);
    }
    EXPECT_EQ(pool.Pop().record.document_id, "0");
  }
}

TEST(PreparePool, IsFullOfBytes) {
  const entities::Gazetteer gazetteer;
  PreparePool pool(gazetteer, 1);
  sources::SourceDocument large = Numbered(0);
  large.text.resize(8 << 20, 'x');
  pool.Push(std::move(large), Digest{}, 0);
  EXPECT_TRUE(pool.is_full());
  pool.Pop();
  EXPECT_FALSE(pool.is_full());
}

}  // namespace
}  // namespace footnote::pipeline
