#include "indexer/pipeline/ingestor.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/purge.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr std::chrono::seconds kLong{60};

sources::SourceDocument Document(const std::string& id) {
  sources::SourceDocument document;
  document.document_id = id;
  document.text = "Some text of " + id + ".";
  document.media_type = "text/plain";
  document.source_type = "FILE";
  document.language = "en";
  return document;
}

// Waits for what comes sooner or later; returns whether it came.
bool WaitUntil(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kLong;
  while (!holds() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return holds();
}

class IngestorTest : public testing::Test {
 protected:
  IngestorOptions Options() const {
    IngestorOptions options;
    options.data_dir = folder_.path();
    options.publish_delay = std::chrono::milliseconds(1);
    options.publish_interval = std::chrono::milliseconds(1);
    return options;
  }
  std::string Folder(const std::string& name) const { return folder_ / name; }

  static void Put(Ingestor& ingestor, const std::string& collection,
                  const std::string& id) {
    const auto writer = ingestor.Writer(collection);
    ASSERT_THAT(writer, IsOk());
    ASSERT_THAT((*writer)->Put(Document(id)), IsOk());
    ASSERT_THAT((*writer)->Sync(), IsOk());
    ingestor.NoteChange(collection);
  }
  // Returns the ids of the documents of the current generation.
  std::vector<std::string> Ids(const std::string& collection) const {
    std::vector<std::string> ids;
    const auto generation = index::Generation::Open(Folder(collection), 0);
    if (!generation.ok()) {
      return ids;
    }
    for (const auto& segment : (*generation)->segments()) {
      for (uint32_t i = 0; i < segment->document_count(); ++i) {
        ids.emplace_back(segment->document_id(i));
      }
    }
    return ids;
  }
  std::string FirstSegment(const std::string& collection) const {
    return (*index::Generation::Open(Folder(collection), 0))
        ->segments()[0]
        ->folder();
  }

  TempFolder folder_;
};

TEST_F(IngestorTest, PublishesByItself) {
  Ingestor ingestor(Options());
  Put(ingestor, "c", "a");
  EXPECT_TRUE(WaitUntil([&] { return !Ids("c").empty(); }));
  EXPECT_THAT(Ids("c"), ElementsAre("a"));
}

// A generation is published and cannot be opened for a while: the collection
// comes back by itself, with all that was acknowledged.
TEST_F(IngestorTest, OpensAgainWhatCouldNotBeOpened) {
  Ingestor ingestor(Options());
  Put(ingestor, "c", "a");
  ASSERT_TRUE(WaitUntil([&] { return !Ids("c").empty(); }));
  const std::string file = FirstSegment("c") + "/tokens.col";
  std::filesystem::rename(file, file + ".away");
  Put(ingestor, "c", "b");
  ASSERT_TRUE(WaitUntil([&] { return *index::ReadCurrent(Folder("c")) == 2; }));
  ASSERT_TRUE(WaitUntil([&] {
    const auto writer = ingestor.Writer("c");
    return !writer.ok() || (*writer)->is_broken();
  }));
  std::filesystem::rename(file + ".away", file);
  ASSERT_TRUE(WaitUntil([&] {
    const auto writer = ingestor.Writer("c");
    return writer.ok() && (*writer)->Put(Document("c")).ok();
  }));
  EXPECT_THAT((*ingestor.Writer("c"))->Sync(), IsOk());
  ingestor.NoteChange("c");
  ASSERT_TRUE(WaitUntil([&] { return Ids("c").size() == 3; }));
  EXPECT_THAT(Ids("c"), UnorderedElementsAre("a", "b", "c"));
}

// The writer of one collection takes long to open, here until somebody opens a
// pipe; others do not wait for it.
TEST_F(IngestorTest, OpensOneCollectionBesideAnother) {
  std::filesystem::create_directories(Folder("slow"));
  const std::string pipe = Folder("slow") + "/purge.json";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Ingestor ingestor(Options());
  std::atomic<int> opened = 0;
  for (int i = 0; i < 3; ++i) {
    ingestor.WithWriter("slow", [&](const auto& writer) {
      EXPECT_THAT(writer, IsOk());
      ++opened;
    });
  }
  Put(ingestor, "quick", "a");
  EXPECT_TRUE(WaitUntil([&] { return !Ids("quick").empty(); }));
  EXPECT_EQ(opened, 0);
  const std::ofstream opening(pipe);
  EXPECT_TRUE(WaitUntil([&] { return opened == 3; }));
}

TEST_F(IngestorTest, TakesUpWhatAKilledProgramLeft) {
  {
    const auto writer = CollectionWriter::Open(folder_.path(), "c", {});
    ASSERT_THAT(writer, IsOk());
    ASSERT_THAT((*writer)->Put(Document("a")), IsOk());
    ASSERT_THAT((*writer)->Sync(), IsOk());
  }
  Ingestor ingestor(Options());
  EXPECT_TRUE(WaitUntil([&] { return !Ids("c").empty(); }));
}

TEST_F(IngestorTest, SaysWhatCannotBeOpened) {
  Ingestor ingestor(Options());
  EXPECT_THAT(ingestor.Writer("No"), FailsWith(StatusCode::kInvalidArgument,
                                               "COLLECTION_NAME_INVALID"));
  absl::Status missing;
  ingestor.WithExistingWriter(
      "none", [&](const auto& writer) { missing = writer.status(); });
  EXPECT_THAT(missing,
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_FALSE(std::filesystem::exists(Folder("none")));
}

// A collection of which nothing came leaves no folder.
TEST_F(IngestorTest, LeavesNoEmptyCollection) {
  {
    Ingestor ingestor(Options());
    const auto writer = ingestor.Writer("c");
    ASSERT_THAT(writer, IsOk());
    EXPECT_FALSE((*writer)->Put(Document("")).ok());
  }
  EXPECT_FALSE(std::filesystem::exists(Folder("c")));
}

}  // namespace
}  // namespace footnote::pipeline
