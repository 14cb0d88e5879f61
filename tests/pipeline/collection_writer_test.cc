#include "indexer/pipeline/collection_writer.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest_lock.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/build.h"
#include "indexer/pipeline/merge.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using Effect = ChangeResult::Effect;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

sources::SourceDocument Document(const std::string& id,
                                 const std::string& text) {
  sources::SourceDocument document;
  document.document_id = id;
  document.text = text;
  document.media_type = "text/plain";
  document.source_type = "FILE";
  document.language = "en";
  return document;
}

class CollectionWriterTest : public testing::Test {
 protected:
  void Open() {
    writer_ = nullptr;
    auto writer = CollectionWriter::Open(folder_.path(), "test", options_);
    ASSERT_THAT(writer, IsOk());
    writer_ = *std::move(writer);
  }
  std::string Folder() const { return folder_ / "test"; }

  Effect Put(const std::string& id, const std::string& text) {
    const auto result = writer_->Put(Document(id, text));
    EXPECT_THAT(result, IsOk());
    return result.ok() ? result->effect : Effect::kNotFound;
  }
  Effect Delete(const std::string& id) {
    const auto result = writer_->Delete(id);
    EXPECT_THAT(result, IsOk());
    return result.ok() ? result->effect : Effect::kUnchanged;
  }
  void Publish() { ASSERT_THAT(writer_->Publish(), IsOk()); }

  std::shared_ptr<const index::Generation> Current(uint64_t number = 0) const {
    auto generation = index::Generation::Open(Folder(), number);
    EXPECT_THAT(generation, IsOk());
    return generation.ok() ? *std::move(generation) : nullptr;
  }
  // Returns "id=text" of the documents of a generation, sorted.
  std::vector<std::string> Documents(uint64_t number = 0) const {
    std::vector<std::string> documents;
    const auto generation = Current(number);
    for (const auto& segment : generation->segments()) {
      for (uint32_t i = 0; i < segment->document_count(); ++i) {
        if (!segment->tombstones().documents.contains(i)) {
          documents.push_back(std::string(segment->document_id(i)) + "=" +
                              *segment->ReadText(i, 0, UINT64_MAX));
        }
      }
    }
    std::sort(documents.begin(), documents.end());
    return documents;
  }
  index::DocumentRecord Record(const std::string& id) const {
    const auto generation = Current();
    for (const auto& segment : generation->segments()) {
      if (const auto document = segment->FindDocument(id)) {
        return *segment->ReadDocument(*document);
      }
    }
    ADD_FAILURE() << "no " << id;
    return {};
  }

  TempFolder folder_;
  WriterOptions options_;
  std::unique_ptr<CollectionWriter> writer_;
};

TEST_F(CollectionWriterTest, TakesChangesAndPublishesThem) {
  Open();
  EXPECT_EQ(writer_->generation(), 0U);
  EXPECT_EQ(Put("a", "one"), Effect::kAdded);
  EXPECT_EQ(Put("a", "one"), Effect::kUnchanged);
  EXPECT_EQ(Put("a", "two"), Effect::kChanged);
  EXPECT_EQ(Put("b", "three"), Effect::kAdded);
  EXPECT_EQ(Put("c", "four"), Effect::kAdded);
  EXPECT_EQ(Delete("c"), Effect::kDeleted);
  EXPECT_EQ(Delete("c"), Effect::kNotFound);
  EXPECT_EQ(writer_->pending(), 3U);
  const auto published = writer_->Publish();
  ASSERT_THAT(published, IsOk());
  EXPECT_TRUE(published->is_new);
  EXPECT_EQ(published->number, 1U);
  EXPECT_EQ(published->documents, 2U);
  EXPECT_EQ(writer_->pending(), 0U);
  EXPECT_THAT(Documents(), ElementsAre("a=two", "b=three"));

  EXPECT_FALSE(writer_->Publish()->is_new);
  EXPECT_EQ(Put("a", "two"), Effect::kUnchanged);
  EXPECT_EQ(Put("a", "five"), Effect::kChanged);
  EXPECT_EQ(Delete("b"), Effect::kDeleted);
  EXPECT_EQ(Put("b", "six"), Effect::kAdded);
  EXPECT_EQ(Delete("none"), Effect::kNotFound);
  Publish();
  EXPECT_THAT(Documents(), ElementsAre("a=five", "b=six"));
  EXPECT_THAT(Documents(1), ElementsAre("a=two", "b=three"));
}

TEST_F(CollectionWriterTest, MakesAnEmptyCollection) {
  Open();
  const auto published = writer_->Publish();
  ASSERT_THAT(published, IsOk());
  EXPECT_TRUE(published->is_new);
  EXPECT_THAT(Documents(), IsEmpty());
  EXPECT_EQ(Put("a", "one"), Effect::kAdded);
  Publish();
  EXPECT_EQ(Delete("a"), Effect::kDeleted);
  Publish();
  EXPECT_THAT(Documents(), IsEmpty());
  EXPECT_EQ(Current()->info().content_sha256, Digest{});
  EXPECT_THAT(Current()->info().languages, IsEmpty());
}

TEST_F(CollectionWriterTest, ExcludesOtherWriters) {
  Open();
  EXPECT_THAT(CollectionWriter::Open(folder_.path(), "test", {}),
              FailsWith(StatusCode::kFailedPrecondition, "COLLECTION_LOCKED"));
  EXPECT_THAT(
      CollectionWriter::Open(folder_.path(), "No", {}),
      FailsWith(StatusCode::kInvalidArgument, "COLLECTION_NAME_INVALID"));
}

TEST_F(CollectionWriterTest, KeepsWhatWasSynced) {
  Open();
  Put("a", "one");
  Put("b", "two");
  Publish();
  Put("a", "three");
  Delete("b");
  Put("c", "four");
  MetadataUpdate update;
  update.title = "Four";
  ASSERT_THAT(writer_->UpdateMetadata("c", update), IsOk());
  ASSERT_THAT(writer_->UpdateMetadata("a", update), IsOk());
  ASSERT_THAT(writer_->Sync(), IsOk());
  Open();
  EXPECT_EQ(writer_->pending(), 3U);
  EXPECT_EQ(Put("c", "four"), Effect::kChanged);  // without the title
  ASSERT_THAT(writer_->UpdateMetadata("c", update), IsOk());
  Publish();
  EXPECT_THAT(Documents(), ElementsAre("a=three", "c=four"));
  EXPECT_EQ(Record("a").title, "Four");
  EXPECT_EQ(Record("c").title, "Four");
  EXPECT_FALSE(index::HasLog(index::LogPath(Folder())));
  Open();
  EXPECT_EQ(writer_->pending(), 0U);
}

// Whoever writes next takes in what a crashed writer was given.
TEST_F(CollectionWriterTest, BuildsTakeTheLogInFirst) {
  Open();
  Put("put", "one");
  ASSERT_THAT(writer_->Sync(), IsOk());
  writer_ = nullptr;
  const std::string file = folder_ / "a.txt";
  std::ofstream(file) << "Some text.";
  BuildOptions build;
  build.data_dir = folder_.path();
  build.collection = "test";
  build.paths = {file};
  const auto built = BuildCollection(build);
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->removed, 1U);  // a build mirrors its paths
  EXPECT_THAT(Documents(), ElementsAre("a.txt=Some text."));
  EXPECT_THAT(Documents(1), ElementsAre("put=one"));

  Open();
  Put("put", "two");
  ASSERT_THAT(writer_->Sync(), IsOk());
  writer_ = nullptr;
  build.from_scratch = true;
  ASSERT_THAT(BuildCollection(build), IsOk());
  EXPECT_FALSE(index::HasLog(index::LogPath(Folder())));
  Open();
  EXPECT_EQ(writer_->pending(), 0U);
  EXPECT_THAT(Documents(), ElementsAre("a.txt=Some text."));
}

TEST_F(CollectionWriterTest, UpdatesMetadataWithoutTheText) {
  Open();
  EXPECT_THAT(writer_->UpdateMetadata("a", {}),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  Put("a", "One fox.");
  Publish();
  MetadataUpdate update;
  update.title = "Foxes";
  update.access_labels = {"staff"};
  update.expire_time = 1798761600;
  update.set = {{"k", 1}};
  const auto result = writer_->UpdateMetadata("a", update);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->effect, Effect::kChanged);
  EXPECT_EQ(writer_->UpdateMetadata("a", update)->effect, Effect::kUnchanged);
  Publish();
  const index::DocumentRecord record = Record("a");
  EXPECT_EQ(record.title, "Foxes");
  EXPECT_THAT(record.access_labels, ElementsAre("staff"));
  EXPECT_EQ(record.expire_time, 1798761600);
  EXPECT_EQ(record.metadata_json, "{\"k\":1}");
  EXPECT_EQ(record.etag, result->etag);
  EXPECT_THAT(Documents(), ElementsAre("a=One fox."));
  // It is just what a put of all of it would have been.
  sources::SourceDocument whole = Document("a", "One fox.");
  ASSERT_THAT(ApplyUpdate(update, &whole), IsOk());
  EXPECT_EQ(writer_->Put(whole)->effect, Effect::kUnchanged);
  const auto generation = Current();
  const auto& segment = generation->segments().back();
  EXPECT_THAT(segment->ReadTitle(0), SizeIs(1));
  EXPECT_EQ(segment->document_facets(0).expire_time, 1798761600);
}

TEST_F(CollectionWriterTest, RefusesWhatItCannotTake) {
  options_.max_document_bytes = 10;
  Open();
  EXPECT_THAT(writer_->Put(Document("", "text")),
              FailsWith(StatusCode::kInvalidArgument, "DOCUMENT_ID_INVALID"));
  EXPECT_THAT(writer_->Put(Document("a", "more than ten")),
              FailsWith(StatusCode::kInvalidArgument, "DOCUMENT_TOO_LARGE"));
  EXPECT_EQ(writer_->pending(), 0U);
}

TEST_F(CollectionWriterTest, PublishesWhereChangesTakeTooMuchMemory) {
  options_.max_pending_bytes = 10000;
  Open();
  for (int i = 0; i < 30; ++i) {
    Put(std::to_string(i), std::string(1000, 'x'));
  }
  EXPECT_GT(writer_->generation(), 2U);
  EXPECT_LT(writer_->pending(), 10U);
  Publish();
  EXPECT_THAT(Documents(), SizeIs(30));
}

TEST_F(CollectionWriterTest, KeepsChangesWhereAPublishFails) {
  Open();
  Put("a", "one");
  Publish();
  Put("a", "two");
  Put("b", "three");
  const std::string segments = Folder() + "/segments";
  std::filesystem::rename(segments, segments + ".away");
  std::ofstream(segments) << "in the way";
  EXPECT_FALSE(writer_->Publish().ok());
  EXPECT_EQ(writer_->pending(), 2U);
  MetadataUpdate update;
  update.title = "Title";
  ASSERT_THAT(writer_->UpdateMetadata("b", update), IsOk());
  EXPECT_FALSE(writer_->Publish().ok());
  std::filesystem::remove(segments);
  std::filesystem::rename(segments + ".away", segments);
  Publish();
  EXPECT_THAT(Documents(), ElementsAre("a=two", "b=three"));
  EXPECT_EQ(Record("b").title, "Title");
}

TEST_F(CollectionWriterTest, FindsEntitiesInWhatIsAddedLater) {
  const std::string file = folder_ / "a.txt";
  const std::string list = folder_ / "list.tsv";
  std::ofstream(file) << "Some text.";
  std::ofstream(list) << "ORG\tacme\tAcme\t\n";
  BuildOptions build;
  build.data_dir = folder_.path();
  build.collection = "test";
  build.paths = {file};
  build.gazetteers = {list};
  ASSERT_THAT(BuildCollection(build), IsOk());
  Open();
  Put("b", "Of Acme.");
  Publish();
  const auto generation = Current();
  ASSERT_THAT(generation->segments(), SizeIs(2));
  EXPECT_THAT(generation->segments()[1]->ReadMentions(0), SizeIs(1));
}

TEST_F(CollectionWriterTest, MergesSmallSegments) {
  Open();
  for (int i = 0; i < 9; ++i) {
    Put(std::to_string(i), "text " + std::to_string(i));
    Publish();
  }
  EXPECT_EQ(Delete("3"), Effect::kDeleted);
  Publish();
  Put("a", "one");
  Publish();
  const std::vector<std::string> before = Documents();
  const Digest content = Current()->info().content_sha256;
  const auto merged = writer_->MergeOnce();
  ASSERT_THAT(merged, IsOk());
  EXPECT_TRUE(*merged);
  EXPECT_THAT(Current()->segments(), SizeIs(1));
  EXPECT_EQ(Documents(), before);
  EXPECT_EQ(Current()->info().content_sha256, content);
  EXPECT_FALSE(*writer_->MergeOnce());
  EXPECT_EQ(Put("5", "text 5"), Effect::kUnchanged);
}

// Documents that change while others are copied are gone in the merged segment.
TEST_F(CollectionWriterTest, CarriesOverWhatWentDuringAMerge) {
  Open();
  for (const char* id : {"a", "b", "c"}) {
    Put(id, "old");
  }
  Publish();
  Put("d", "old");
  Put("e", "old");
  Publish();
  Put("f", "old");
  Publish();
  Put("c", "older");
  Publish();
  const Snapshot base = *Snapshot::Open(Folder(), "test");
  const std::atomic<bool> stop = false;
  const auto merge = Merge::Copy(base, {0, 1, 2}, stop);
  ASSERT_THAT(merge, IsOk());
  Put("a", "new");
  Delete("e");
  Delete("f");  // its segment goes whole
  Publish();
  const std::vector<std::string> expected = {"a=new", "b=old", "c=older",
                                             "d=old"};
  ASSERT_EQ(Documents(), expected);
  const index::GenerationInfo before = Current()->info();
  writer_ = nullptr;
  const Snapshot current = *Snapshot::Open(Folder(), "test");
  ASSERT_THAT(PublishMerged(current, merge->Over(current)), IsOk());
  EXPECT_EQ(Documents(), expected);
  const index::GenerationInfo after = Current()->info();
  EXPECT_GT(after.number, before.number);
  EXPECT_EQ(after.documents, before.documents);
  EXPECT_EQ(after.passages, before.passages);
  EXPECT_EQ(after.total_words, before.total_words);
  EXPECT_EQ(after.content_sha256, before.content_sha256);
}

TEST_F(CollectionWriterTest, StopsAMerge) {
  Open();
  for (int i = 0; i < 9; ++i) {
    Put(std::to_string(i), "text");
    Publish();
  }
  writer_->StopMerging();
  EXPECT_THAT(writer_->MergeOnce(),
              FailsWith(StatusCode::kCancelled, "CANCELLED"));
  EXPECT_THAT(Current()->segments(), SizeIs(9));
}

TEST_F(CollectionWriterTest, DoesNotCopyDamage) {
  Open();
  for (int i = 0; i < 9; ++i) {
    Put(std::to_string(i), "text");
    Publish();
  }
  const std::string path = Current()->segments()[4]->folder() + "/tokens.col";
  std::string bytes = *ReadFile(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_THAT(writer_->MergeOnce(),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_FALSE(*writer_->MergeOnce());  // not again
  EXPECT_THAT(Current()->segments(), SizeIs(9));
}

TEST_F(CollectionWriterTest, RemovesOldGenerations) {
  options_.retention = {.keep = 3, .batch = 1};
  Open();
  Put("a", "0");
  Publish();
  const auto reader = Current();
  for (int i = 1; i < 10; ++i) {
    Put("a", std::to_string(i));
    Publish();
  }
  EXPECT_THAT(index::ListGenerations(Folder()), ElementsAre(1, 8, 9, 10));
  EXPECT_THAT(Documents(1), ElementsAre("a=0"));
  EXPECT_THAT(Documents(8), ElementsAre("a=7"));
  EXPECT_EQ(writer_->RemoveOldGenerations(1)->generations, 2U);
  EXPECT_THAT(index::ListGenerations(Folder()), ElementsAre(1, 10));
}

// A generation that was published and could not be opened, for a while, is not
// published over: what was acknowledged is there when it is opened again.
TEST_F(CollectionWriterTest, LosesNothingWhereAGenerationCannotBeOpened) {
  Open();
  Put("a", "one");
  Publish();
  const std::string file = Current()->segments()[0]->folder() + "/tokens.col";
  std::filesystem::rename(file, file + ".away");
  Put("b", "two");
  ASSERT_THAT(writer_->Sync(), IsOk());
  EXPECT_FALSE(writer_->Publish().ok());
  EXPECT_TRUE(writer_->is_broken());
  std::filesystem::rename(file + ".away", file);
  EXPECT_FALSE(writer_->Publish().ok());
  EXPECT_FALSE(writer_->Put(Document("c", "three")).ok());
  EXPECT_FALSE(writer_->Delete("a").ok());
  EXPECT_FALSE(writer_->UpdateMetadata("a", {}).ok());
  Open();
  EXPECT_EQ(Put("c", "three"), Effect::kAdded);
  Publish();
  EXPECT_THAT(Documents(), ElementsAre("a=one", "b=two", "c=three"));
}

// Likewise, of a merge, while changes wait.
TEST_F(CollectionWriterTest, LosesNothingWhereAMergeCannotBeOpened) {
  Open();
  std::string big;  // so big that it is not merged with the others
  for (int i = 0; i < 22'000; ++i) {
    big += "X x x x x x x x x. ";
  }
  std::vector<std::string> expected = {"big=" + big};
  Put("big", big);
  Publish();
  const std::string file = Current()->segments()[0]->folder() + "/tokens.col";
  for (int i = 0; i < 9; ++i) {
    Put(std::to_string(i), "text");
    Publish();
    expected.push_back(std::to_string(i) + "=text");
  }
  Put("late", "waits");
  expected.emplace_back("late=waits");
  ASSERT_THAT(writer_->Sync(), IsOk());
  std::filesystem::rename(file, file + ".away");
  EXPECT_FALSE(writer_->MergeOnce().ok());
  std::filesystem::rename(file + ".away", file);
  EXPECT_TRUE(writer_->is_broken());
  EXPECT_FALSE(writer_->Publish().ok());
  Open();
  Publish();
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(Documents(), expected);
}

// What is left where each thread puts number i as document i % 40 and deletes
// every tenth.
std::vector<std::string> LeftOf(int threads, int each) {
  std::vector<std::string> left;
  for (int t = 0; t < threads; ++t) {
    for (int i = each - 40; i < each; ++i) {
      if (i % 10 != 9) {
        left.push_back(std::to_string(t) + "/" + std::to_string(i % 40) +
                       "=text " + std::to_string(i));
      }
    }
  }
  std::sort(left.begin(), left.end());
  return left;
}

// Puts, syncs, publishes and merges at once; nothing is lost.
TEST_F(CollectionWriterTest, ServesManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 60;
  options_.max_pending_bytes = 30000;
  Open();
  std::atomic<int> failures = 0;
  std::atomic<bool> done = false;
  const auto change = [&](int thread, int i) {
    const std::string id =
        std::to_string(thread) + "/" + std::to_string(i % 40);
    bool ok = writer_->Put(Document(id, "text " + std::to_string(i))).ok();
    ok = ok && writer_->Sync().ok();
    ok = ok && (i % 10 != 9 || writer_->Delete(id).ok());
    failures += ok ? 0 : 1;
  };
  const auto repeat = [&](const std::function<bool()>& work) {
    while (!done) {
      failures += work() ? 0 : 1;
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        change(t, i);
      }
    });
  }
  std::thread publisher(repeat, [&] { return writer_->Publish().ok(); });
  std::thread merger(repeat, [&] { return writer_->MergeOnce().ok(); });
  for (std::thread& thread : threads) {
    thread.join();
  }
  done = true;
  publisher.join();
  merger.join();
  EXPECT_EQ(failures, 0);
  Publish();
  EXPECT_EQ(Documents(), LeftOf(kThreads, kEach));
}

TEST(ChooseMerge, MergesFullTiersAndRewritesWhatIsMostlyGone) {
  const auto sizes = [](size_t count, uint64_t passages) {
    return std::vector<SegmentSize>(count, {passages, 0});
  };
  EXPECT_THAT(ChooseMerge({}), IsEmpty());
  EXPECT_THAT(ChooseMerge(sizes(8, 10)), IsEmpty());
  EXPECT_THAT(ChooseMerge(sizes(9, 10)), SizeIs(9));
  EXPECT_THAT(ChooseMerge({{100, 20}, {100, 21}}), ElementsAre(1));
  // Of another tier: they stay.
  std::vector<SegmentSize> mixed = sizes(8, 10);
  mixed.push_back({5000, 0});
  EXPECT_THAT(ChooseMerge(mixed), IsEmpty());
  // What would be too large is not put together.
  EXPECT_THAT(ChooseMerge(sizes(9, 600'000)), IsEmpty());
  EXPECT_THAT(ChooseMerge(sizes(9, 400'000)), SizeIs(2));
}

}  // namespace
}  // namespace footnote::pipeline
