#include "indexer/pipeline/build.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/manifest.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/writer_lock.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

// The ids of the documents of a generation, in order.
std::set<std::string> IdsOf(const index::Generation& generation) {
  std::set<std::string> ids;
  for (const auto& segment : generation.segments()) {
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      if (!segment->tombstones().documents.contains(i)) {
        EXPECT_TRUE(ids.emplace(segment->document_id(i)).second);
      }
    }
  }
  return ids;
}

// Returns every file below a folder with its bytes.
std::map<std::string, std::string> FilesIn(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[entry.path()] = *ReadFile(entry.path());
    }
  }
  return files;
}

TEST(Build, PublishesAFirstGeneration) {
  GrowingCollection collection;
  collection.Write("a.txt", "The red fox.");
  collection.Write("folder/b.md", "# Title\n\nThe blue whale.");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_TRUE(built->published);
  EXPECT_EQ(built->generation, 1U);
  EXPECT_EQ(built->documents, 2U);
  EXPECT_EQ(built->passages, 2U);
  EXPECT_EQ(built->added, 2U);
  EXPECT_EQ(built->changed + built->unchanged + built->removed, 0U);
  EXPECT_EQ(built->text_bytes, 12U + 24U);
  EXPECT_THAT(built->skipped, IsEmpty());
  const auto generation = collection.Open();
  EXPECT_EQ(generation->info().collection, "test");
  EXPECT_EQ(generation->info().text_bytes, 36U);
  EXPECT_EQ(generation->info().total_words, 7U);
  EXPECT_THAT(IdsOf(*generation), ElementsAre("a.txt", "folder/b.md"));
}

TEST(Build, PublishesNothingWhereNothingChanged) {
  GrowingCollection collection;
  collection.Write("a.txt", "The red fox.");
  collection.Write("b.jsonl", JsonLine("b", "The blue whale."));
  ASSERT_THAT(collection.Build(), IsOk());
  const auto before = FilesIn(collection.folder());
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_FALSE(built->published);
  EXPECT_EQ(built->generation, 1U);
  EXPECT_EQ(built->unchanged, 2U);
  EXPECT_EQ(built->documents, 2U);
  EXPECT_EQ(built->passages, 2U);
  EXPECT_EQ(built->added + built->changed + built->removed, 0U);
  EXPECT_EQ(FilesIn(collection.folder()), before);
}

TEST(Build, CountsWhatBecameOfDocuments) {
  GrowingCollection collection;
  for (const char* name : {"same", "changed", "removed", "removed too"}) {
    collection.Write(name, std::string("Text of ") + name);
  }
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Write("changed", "Another text");
  collection.Write("added", "A text more");
  collection.Remove("removed");
  collection.Remove("removed too");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_TRUE(built->published);
  EXPECT_EQ(built->generation, 2U);
  EXPECT_EQ(built->added, 1U);
  EXPECT_EQ(built->changed, 1U);
  EXPECT_EQ(built->unchanged, 1U);
  EXPECT_EQ(built->removed, 2U);
  EXPECT_EQ(built->documents, 3U);
  EXPECT_THAT(IdsOf(*collection.Open()),
              ElementsAre("added", "changed", "same"));
}

TEST(Build, OnlyRemovingPublishesToo) {
  GrowingCollection collection;
  collection.Write("a", "One text");
  collection.Write("b", "Two texts");
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Remove("a");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_TRUE(built->published);
  EXPECT_EQ(built->removed, 1U);
  const auto generation = collection.Open();
  EXPECT_THAT(IdsOf(*generation), ElementsAre("b"));
  EXPECT_EQ(generation->segments().size(), 1U);  // shared, with a tombstone
  EXPECT_EQ(generation->info().total_words, 2U);
  EXPECT_EQ(generation->info().text_bytes, 9U);
}

TEST(Build, DropsSegmentsThatAreAllGone) {
  GrowingCollection collection;
  collection.Write("a", "One text");
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Write("a", "Another text");
  const auto generation = collection.BuildAndOpen();
  ASSERT_EQ(generation->segments().size(), 1U);
  EXPECT_EQ(*generation->segments()[0]->ReadText(0, 0, 99), "Another text");
}

TEST(Build, TakesBackWhatWasRemoved) {
  GrowingCollection collection;
  collection.Write("a", "One text");
  collection.Write("b", "Two texts");
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Remove("a");
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Write("a", "One text");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->added, 1U);
  EXPECT_EQ(built->unchanged, 1U);
  EXPECT_THAT(IdsOf(*collection.Open()), ElementsAre("a", "b"));
}

TEST(Build, NeverDisturbsAnOpenGeneration) {
  GrowingCollection collection;
  collection.Write("a", "One text");
  collection.Write("b", "Two texts");
  const auto first = collection.BuildAndOpen();
  const auto files = FilesIn(collection.folder());
  const index::GenerationInfo before = first->info();
  for (int i = 0; i < 4; ++i) {
    collection.Write("a", "Text " + std::to_string(i));
    collection.Write("c" + std::to_string(i), "More");
    ASSERT_THAT(collection.Build(), IsOk());
    EXPECT_THAT(IdsOf(*first), ElementsAre("a", "b"));
    EXPECT_EQ(*first->segments()[0]->ReadText(0, 0, 99), "One text");
  }
  EXPECT_EQ(first->info().manifest_sha256, before.manifest_sha256);
  // Nor is a file changed that it needs, so that it can be opened again.
  const auto files_now = FilesIn(collection.folder());
  for (const auto& [path, bytes] : files) {
    if (path.find("CURRENT") == std::string::npos) {
      EXPECT_EQ(files_now.at(path), bytes) << path;
    }
  }
  const auto again = collection.Open(1);
  EXPECT_EQ(again->info().manifest_sha256, before.manifest_sha256);
  EXPECT_THAT(IdsOf(*again), ElementsAre("a", "b"));
}

TEST(Build, SkipsDuplicateIdsAndKeepsTheFirst) {
  GrowingCollection collection;
  collection.Write("a.jsonl", JsonLine("x", "First") + JsonLine("y", "Other") +
                                  JsonLine("x", "Second"));
  collection.Write("b.jsonl", JsonLine("x", "Third"));
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->documents, 2U);
  EXPECT_EQ(built->added, 2U);
  ASSERT_EQ(built->skipped.size(), 2U);
  for (const sources::Skipped& skipped : built->skipped) {
    EXPECT_THAT(skipped.status,
                FailsWith(StatusCode::kAlreadyExists, "DOCUMENT_ID_DUPLICATE"));
    EXPECT_EQ(GetErrorDetails(skipped.status).at("document_id"), "x");
  }
  EXPECT_EQ(*collection.Open()->segments()[0]->ReadText(0, 0, 99), "First");
  // And again, against what is published.
  const auto again = collection.Build();
  ASSERT_THAT(again, IsOk());
  EXPECT_FALSE(again->published);
  EXPECT_EQ(again->unchanged, 2U);
}

TEST(Build, GoesOnAfterBadSources) {
  GrowingCollection collection;
  collection.Write("empty.txt", "");
  collection.Write("blank.txt", " \n ");
  collection.Write("binary.txt", std::string("a\0b\0\x01", 5));
  collection.Write("lines.jsonl", "{\"text\":\n" + JsonLine("ok", "Good line"));
  collection.Write("good.txt", "Good text");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->documents, 2U);
  std::multiset<std::string> reasons;
  for (const sources::Skipped& skipped : built->skipped) {
    reasons.insert(ErrorReason(skipped.status));
  }
  EXPECT_THAT(reasons, ElementsAre("BINARY_CONTENT", "FILE_EMPTY",
                                   "JSON_SYNTAX", "TEXT_EMPTY"));
}

// A disk that is away must not empty an index.
TEST(Build, RemovesNothingWhileASourceCannotBeRead) {
  GrowingCollection collection;
  collection.Write("lost.txt", "Text to lose");
  collection.Write("same.txt", "Text to keep");
  collection.Write("changed.txt", "Text to change");
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Write("lost.txt", "");
  collection.Write("changed.txt", "Another text");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  ASSERT_EQ(built->skipped.size(), 1U);
  EXPECT_EQ(built->kept, 1U);
  EXPECT_EQ(built->unchanged, 1U);
  EXPECT_EQ(built->changed, 1U);
  EXPECT_EQ(built->removed, 0U);
  EXPECT_EQ(built->documents, 3U);
  EXPECT_THAT(IdsOf(*collection.Open()),
              ElementsAre("changed.txt", "lost.txt", "same.txt"));
  // Nothing more to do while it stays so.
  const auto again = collection.Build();
  ASSERT_THAT(again, IsOk());
  EXPECT_FALSE(again->published);
  EXPECT_EQ(again->kept, 1U);
  // Once it is gone in earnest, so is its document.
  collection.Remove("lost.txt");
  const auto clean = collection.Build();
  ASSERT_THAT(clean, IsOk());
  EXPECT_EQ(clean->removed, 1U);
  EXPECT_EQ(clean->kept, 0U);
  EXPECT_THAT(IdsOf(*collection.Open()),
              ElementsAre("changed.txt", "same.txt"));
}

TEST(Build, SkipsDocumentsOfTooMuchMetadata) {
  GrowingCollection collection;
  const auto line = [](const std::string& id, size_t bytes) {
    return nlohmann::json{
               {"_id", id}, {"text", "Text"}, {"note", std::string(bytes, 'x')}}
               .dump() +
           "\n";
  };
  collection.Write("a.jsonl", line("small", kMaxRecordBytes / 2) +
                                  line("large", kMaxRecordBytes));
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  ASSERT_EQ(built->skipped.size(), 1U);
  EXPECT_THAT(built->skipped[0].status,
              FailsWith(StatusCode::kInvalidArgument, "METADATA_TOO_LARGE"));
  EXPECT_THAT(IdsOf(*collection.Open()), ElementsAre("small"));
}

TEST(Build, FromScratchLooksAtNothingBefore) {
  GrowingCollection collection;
  collection.Write("a.txt", "One text");
  collection.Write("b.txt", "Two texts");
  const auto first = collection.BuildAndOpen();
  // Not even at what it cannot read.
  ASSERT_THAT(WriteFileDurably(index::ManifestPath(collection.folder(), 1),
                               "{\"format_version\": 99}"),
              IsOk());
  collection.from_scratch = true;
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_TRUE(built->published);
  EXPECT_EQ(built->generation, 2U);
  EXPECT_EQ(built->added, 2U);
  EXPECT_EQ(built->unchanged + built->changed + built->removed, 0U);
  EXPECT_THAT(IdsOf(*collection.Open()), ElementsAre("a.txt", "b.txt"));
  EXPECT_EQ(*first->segments()[0]->ReadText(0, 0, 99), "One text");
}

TEST(Build, NeedsADocument) {
  GrowingCollection collection;
  const auto nothing =
      FailsWith(StatusCode::kInvalidArgument, "NOTHING_TO_INDEX");
  EXPECT_THAT(collection.Build(), nothing);
  collection.Write("empty.txt", "");
  EXPECT_THAT(collection.Build(), nothing);
  EXPECT_THAT(index::ReadCurrent(collection.folder()),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  // What is published stays, even where all sources are gone by mistake.
  collection.Write("a.txt", "Text");
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Remove("a.txt");
  EXPECT_THAT(collection.Build(), nothing);
  EXPECT_EQ(collection.Open()->info().documents, 1U);
}

TEST(Build, NeedsACollectionName) {
  const TempFolder folder;
  for (const char* name : {"", "A", "a b", "../x", "a/b", ".hidden"}) {
    BuildOptions options;
    options.data_dir = folder / "data";
    options.collection = name;
    options.paths = {folder.path()};
    const auto built = BuildCollection(options);
    EXPECT_THAT(built, FailsWith(StatusCode::kInvalidArgument,
                                 "COLLECTION_NAME_INVALID"));
    EXPECT_EQ(GetErrorDetails(built.status()).at("collection"), name);
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "data"));
}

TEST(Build, NeedsTheGazetteersThatItWasGiven) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text");
  collection.gazetteers = {collection.sources() + "/missing.tsv"};
  EXPECT_THAT(collection.Build(),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
  EXPECT_THAT(index::ReadCurrent(collection.folder()),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

TEST(Build, PassesOverBadLinesOfAGazetteer) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text of the Fox and the Whale");
  collection.Write("b.txt", "More");
  collection.Write("entities.tsv",
                   "X\tfox\tFox\nX\ttwo-columns\nX\twhale\tWhale\n");
  auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  ASSERT_EQ(built->skipped.size(), 1U);
  EXPECT_EQ(built->skipped[0].path, collection.sources() + "/entities.tsv:2");
  EXPECT_THAT(built->skipped[0].status,
              FailsWith(StatusCode::kInvalidArgument, "GAZETTEER_SYNTAX"));
  EXPECT_EQ(collection.Open()->segments()[0]->ReadMentions(0).size(), 2U);
  // No source is missing: what is removed goes.
  collection.Remove("b.txt");
  built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->removed, 1U);
  EXPECT_EQ(built->skipped.size(), 1U);
}

TEST(Build, AnalysesAgainWhenTheGazetteerChanges) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text of the Fox and the Whale");
  collection.Write("entities.tsv", "X\tfox\tFox\t\n");
  const auto first = collection.BuildAndOpen();
  EXPECT_EQ(first->segments()[0]->ReadMentions(0).size(), 1U);
  collection.Write("entities.tsv", "X\tfox\tFox\t\nX\twhale\tWhale\t\n");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->changed, 1U);
  EXPECT_EQ(collection.Open()->segments()[0]->ReadMentions(0).size(), 2U);
}

TEST(Build, LetsOneWriterIn) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text");
  ASSERT_THAT(collection.Build(), IsOk());
  {
    const auto lock = index::WriterLock::Take(collection.folder());
    ASSERT_THAT(lock, IsOk());
    EXPECT_THAT(collection.Build(), FailsWith(StatusCode::kFailedPrecondition,
                                              "COLLECTION_LOCKED"));
  }
  EXPECT_THAT(collection.Build(), IsOk());
}

TEST(Build, DoesNotGoOnFromANewerIndex) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text");
  ASSERT_THAT(collection.Build(), IsOk());
  const std::string path = index::ManifestPath(collection.folder(), 1);
  std::string manifest = *ReadFile(path);
  const auto version = [](int number) {
    return "\"format_version\": " + std::to_string(number);
  };
  const std::string ours = version(index::kFormatVersion);
  manifest.replace(manifest.find(ours), ours.size(),
                   version(index::kFormatVersion + 1));
  ASSERT_THAT(WriteFileDurably(path, manifest), IsOk());
  collection.Write("b.txt", "More");
  EXPECT_THAT(collection.Build(),
              FailsWith(StatusCode::kFailedPrecondition, "INDEX_VERSION"));
  EXPECT_EQ(*ReadFile(path), manifest);
}

TEST(Build, NeverUsesANumberTwice) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text");
  ASSERT_THAT(collection.Build(), IsOk());
  // As a crash leaves it between the manifest and CURRENT.
  ASSERT_THAT(WriteFileDurably(index::ManifestPath(collection.folder(), 2),
                               "half a manifest"),
              IsOk());
  collection.Write("b.txt", "More");
  const auto built = collection.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->generation, 3U);
  EXPECT_EQ(*ReadFile(index::ManifestPath(collection.folder(), 2)),
            "half a manifest");
}

TEST(Build, RemovesSegmentsThatNoManifestNames) {
  GrowingCollection collection;
  collection.Write("a.txt", "One");
  ASSERT_THAT(collection.Build(), IsOk());
  collection.Write("a.txt", "Two");  // in another segment, the only one now
  ASSERT_THAT(collection.Build(), IsOk());
  const std::filesystem::path segments = collection.folder() + "/segments";
  // As a crash leaves one between the segment and its manifest.
  const std::filesystem::path unnamed = segments / "0123456789abcdef";
  std::filesystem::create_directories(unnamed);
  std::filesystem::create_directories(segments / "not-ours");
  ASSERT_THAT(collection.Build(), IsOk());
  EXPECT_FALSE(std::filesystem::exists(unnamed));
  EXPECT_TRUE(std::filesystem::exists(segments / "not-ours"));
  EXPECT_EQ(collection.Open(1)->info().documents, 1U);
  EXPECT_EQ(collection.Open(2)->info().documents, 1U);
}

TEST(Build, LeavesNoUnfinishedSegments) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text");
  std::filesystem::create_directories(collection.folder() +
                                      "/segments/building-killed/scratch");
  ASSERT_THAT(collection.Build(), IsOk());
  ASSERT_THAT(collection.Build(), IsOk());  // unchanged
  collection.Remove("a.txt");
  ASSERT_FALSE(collection.Build().ok());
  for (const auto& entry :
       std::filesystem::directory_iterator(collection.folder() + "/segments")) {
    EXPECT_EQ(entry.path().filename().string().find("building"),
              std::string::npos);
  }
}

TEST(Build, ReportsProgress) {
  GrowingCollection collection;
  collection.Write("a.txt", "Text");
  collection.Write("b.jsonl", JsonLine("1", "One") + JsonLine("2", "Two"));
  BuildOptions options;
  options.data_dir = collection.data_dir();
  options.collection = "test";
  options.paths = {collection.sources()};
  std::vector<BuildProgress> reports;
  options.progress = [&](const BuildProgress& progress) {
    reports.push_back(progress);
  };
  ASSERT_THAT(BuildCollection(options), IsOk());
  ASSERT_GE(reports.size(), 5U);
  EXPECT_EQ(reports.back().documents, 3U);
  EXPECT_EQ(reports.back().file, "");
  EXPECT_EQ(reports.back().bytes, reports.back().total_bytes);
  for (size_t i = 1; i < reports.size(); ++i) {
    EXPECT_GE(reports[i].documents, reports[i - 1].documents);
    EXPECT_GE(reports[i].bytes, reports[i - 1].bytes);
    EXPECT_GE(reports[i].seconds, reports[i - 1].seconds);
    EXPECT_LE(reports[i].bytes, reports[i].total_bytes);
  }
}

}  // namespace
}  // namespace footnote::pipeline
