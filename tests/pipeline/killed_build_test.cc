// Builds that make several segments, are killed, and go on.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "indexer/base/file.h"
#include "indexer/index/build_journal.h"
#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::pipeline {
namespace {

constexpr int kDocuments = 200;

// Returns the texts of the live documents by id; each must be there once.
std::map<std::string, std::string> TextsOf(
    const index::Generation& generation) {
  std::map<std::string, std::string> texts;
  for (const auto& segment : generation.segments()) {
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      if (segment->tombstones().documents.contains(i)) {
        continue;
      }
      const auto record = segment->ReadDocument(i);
      const auto text =
          segment->ReadText(i, 0, segment->document_place(i).text_bytes);
      EXPECT_THAT(record, IsOk());
      EXPECT_THAT(text, IsOk());
      EXPECT_TRUE(texts.emplace(record->document_id, *text).second)
          << record->document_id;
    }
  }
  EXPECT_EQ(texts.size(), generation.info().documents);
  return texts;
}

// A collection whose builds make a segment of each 20 kB.
class KilledBuild : public testing::Test {
 protected:
  KilledBuild() {
    collection_.limits.text_bytes = 20 << 10;
    collection_.threads = 1;  // else it is chance what is finished
    RandomDocuments random(23);
    for (int i = 0; i < kDocuments; ++i) {
      documents_[std::to_string(i)] = random.Text(3);
    }
    WriteSource();
  }

  void WriteSource() {
    std::string lines;
    for (const auto& [id, text] : documents_) {
      lines += JsonLine(id, text);
    }
    collection_.Write("a.jsonl", lines);
  }

  // Builds in another process, which is killed after so many documents.
  void KillAfter(uint64_t documents) {
    const pid_t child = fork();
    if (child == 0) {
      collection_.progress = [&](const BuildProgress& progress) {
        if (progress.documents == documents) {
          raise(SIGKILL);
        }
      };
      (void)collection_.Build();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
  }

  // Builds to the end; the collection must hold the documents then. Returns how
  // many were taken from the killed build.
  uint64_t BuildRest() {
    const auto built = collection_.Build();
    EXPECT_THAT(built, IsOk());
    const auto generation = collection_.Open();
    if (!built.ok() || generation == nullptr) {
      return 0;
    }
    EXPECT_EQ(TextsOf(*generation), documents_);
    EXPECT_FALSE(
        std::filesystem::exists(index::JournalPath(collection_.folder())));
    EXPECT_EQ(built->added + built->unchanged + built->changed,
              documents_.size());
    return built->reused;
  }

  std::set<std::string> Segments() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(
             collection_.folder() + "/segments")) {
      if (entry.is_directory()) {
        names.insert(entry.path().filename().string());
      }
    }
    return names;
  }

  GrowingCollection collection_;
  std::map<std::string, std::string> documents_;
};

TEST_F(KilledBuild, GoesOnFromFinishedSegments) {
  for (const uint64_t documents : {80, 120, 160}) {
    KillAfter(documents);
    EXPECT_TRUE(
        std::filesystem::exists(index::JournalPath(collection_.folder())));
  }
  const std::set<std::string> before = Segments();
  const uint64_t reused = BuildRest();
  // What was under way, and what threads had before them, is lost.
  EXPECT_GT(reused, 100U);
  EXPECT_LT(reused, 160U);
  EXPECT_EQ(BuildRest(), 0U);  // nothing to do
}

TEST_F(KilledBuild, GivesTheSameGenerationAsOneThatWasNot) {
  KillAfter(120);
  EXPECT_GT(BuildRest(), 0U);
  const auto killed = collection_.Open();
  collection_.from_scratch = true;
  const auto whole = collection_.BuildAndOpen();
  ASSERT_NE(whole, nullptr);
  EXPECT_EQ(killed->info().passages, whole->info().passages);
  EXPECT_EQ(killed->info().total_words, whole->info().total_words);
  EXPECT_EQ(killed->info().text_bytes, whole->info().text_bytes);
  EXPECT_EQ(killed->info().content_sha256, whole->info().content_sha256);
}

TEST_F(KilledBuild, TakesWhatChangedMeanwhile) {
  KillAfter(150);
  documents_.erase("1");
  documents_["10"] = "Another text.";
  documents_["0"] = "A new one.";
  documents_["new"] = "One more.";
  WriteSource();
  EXPECT_GT(BuildRest(), 50U);
}

TEST_F(KilledBuild, StartsAnewWithAnotherGazetteer) {
  KillAfter(150);
  const std::set<std::string> before = Segments();
  collection_.Write("entities.tsv", RandomDocuments::Gazetteer());
  EXPECT_EQ(BuildRest(), 0U);
  for (const std::string& name : Segments()) {
    EXPECT_FALSE(before.contains(name)) << name;
  }
}

TEST_F(KilledBuild, PassesOverADamagedSegment) {
  KillAfter(150);
  const std::string segment = *std::find_if(
      Segments().begin(), Segments().end(),
      [](const std::string& name) { return !name.starts_with("building-"); });
  std::fstream file(
      collection_.folder() + "/segments/" + segment + "/tokens.col",
      std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(40);
  file.put('\xFF').put('\xFF');
  file.close();
  EXPECT_GT(BuildRest(), 50U);
  collection_.from_scratch = true;
  EXPECT_EQ(BuildRest(), 0U);
  EXPECT_FALSE(Segments().contains(segment));
}

TEST_F(KilledBuild, StartsAnewWithADamagedJournal) {
  KillAfter(150);
  const std::string path = index::JournalPath(collection_.folder());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_EQ(BuildRest(), 0U);
}

// A kill after publishing, before the journal was removed.
TEST_F(KilledBuild, ForgetsAJournalOfWhatWasPublished) {
  KillAfter(150);
  const std::string path = index::JournalPath(collection_.folder());
  const auto journal = ReadFile(path);
  ASSERT_THAT(journal, IsOk());
  EXPECT_GT(BuildRest(), 0U);
  ASSERT_THAT(WriteFileDurably(path, *journal), IsOk());
  documents_["new"] = "One more.";
  WriteSource();
  EXPECT_EQ(BuildRest(), 0U);
}

TEST_F(KilledBuild, FindsDuplicatesInEarlierSegments) {
  std::string lines;
  for (const std::string id : {"0", "57", "199"}) {
    lines += JsonLine(id, "Not the first of its id.");
  }
  collection_.Write("b.jsonl", lines);
  KillAfter(150);
  const auto built = collection_.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_GT(built->reused, 0U);
  EXPECT_EQ(built->skipped.size(), 3U);
  EXPECT_EQ(TextsOf(*collection_.Open()), documents_);
}

// On several threads it is chance where a kill strikes.
TEST_F(KilledBuild, GoesOnWithThreads) {
  collection_.threads = 3;
  for (const uint64_t documents : {50, 100, 150, 199}) {
    KillAfter(documents);
  }
  BuildRest();
}

// Small documents end a segment by the memory that their ids and words take.
TEST(SegmentLimits, HoldForMemory) {
  GrowingCollection collection;
  std::string lines;
  for (int i = 0; i < 3000; ++i) {
    lines += JsonLine(std::to_string(i), "w" + std::to_string(i));
  }
  collection.Write("a.jsonl", lines);
  collection.limits.memory_bytes = 256 << 10;
  const auto generation = collection.BuildAndOpen();
  ASSERT_NE(generation, nullptr);
  EXPECT_GT(generation->segments().size(), 1U);
  EXPECT_LT(generation->segments().size(), 30U);
  EXPECT_EQ(TextsOf(*generation).size(), 3000U);
}

}  // namespace
}  // namespace footnote::pipeline
