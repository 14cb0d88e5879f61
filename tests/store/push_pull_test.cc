#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/retention.h"
#include "indexer/index/write_ahead_log.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/build.h"
#include "indexer/pipeline/collection_writer.h"
#include "indexer/pipeline/verify.h"
#include "indexer/store/directory_store.h"
#include "indexer/store/pull.h"
#include "indexer/store/push.h"
#include "tests/testing/damage.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::store {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

namespace fs = std::filesystem;

// A folder that takes note of what is read from it: key and offset.
class WatchedStore : public DirectoryStore {
 public:
  explicit WatchedStore(std::string folder)
      : DirectoryStore(std::move(folder), {}) {}
  absl::Status Read(const std::string& key, uint64_t offset,
                    const Sink& sink) override {
    reads.emplace_back(key, offset);
    return DirectoryStore::Read(key, offset, sink);
  }

  std::vector<std::pair<std::string, uint64_t>> reads;
};

class PushPullTest : public ::testing::Test {
 protected:
  // Builds "c" in `data` of documents "a", "b", … of these texts.
  void Build(const std::vector<std::string>& texts, bool from_scratch = false) {
    std::string lines;
    for (size_t i = 0; i < texts.size(); ++i) {
      lines += R"({"_id":")" + std::string(1, static_cast<char>('a' + i)) +
               R"(","text":")" + texts[i] + "\"}\n";
    }
    WriteBytes(scratch_ / "x.jsonl", lines);
    pipeline::BuildOptions options;
    options.data_dir = data_;
    options.collection = "c";
    options.paths = {scratch_ / "x.jsonl"};
    options.from_scratch = from_scratch;
    ASSERT_THAT(pipeline::BuildCollection(options), IsOk());
  }
  absl::StatusOr<Transfer> Push(uint64_t keep = 10, bool force = false) {
    return store::Push(store_, {data_, "c", keep, force});
  }
  absl::StatusOr<Transfer> Pull() {
    store_.reads.clear();
    return store::Pull(store_, {replica_, "c"});
  }
  Digest DigestOf(const std::string& data_dir) {
    const auto info = index::DescribeCollection(data_dir, "c");
    EXPECT_THAT(info, IsOk());
    return info.ok() ? info->manifest.info.manifest_sha256 : Digest();
  }
  // Checks that the replica is whole and has what the original has.
  void ExpectSame() {
    EXPECT_EQ(DigestOf(replica_), DigestOf(data_));
    pipeline::VerifyOptions options;
    options.data_dir = replica_;
    options.collection = "c";
    const auto summary = pipeline::VerifyCollection(options);
    ASSERT_THAT(summary, IsOk());
    EXPECT_EQ(summary->findings.count(), 0U);
  }
  void RemoveAllBut(uint64_t keep) {
    ASSERT_THAT(
        index::RemoveOldGenerations(data_ + "/c", {.keep = keep, .batch = 1}),
        IsOk());
  }
  // Erases a document, then all but the last generations.
  void Purge(const std::string& id, uint64_t keep) {
    const auto writer = pipeline::CollectionWriter::Open(data_, "c", {});
    ASSERT_THAT(writer, IsOk());
    ASSERT_THAT((*writer)->Purge({id}), IsOk());
    ASSERT_THAT((*writer)->RemoveOldGenerations(keep), IsOk());
  }
  std::vector<uint64_t> Generations(const std::string& data_dir) {
    return index::ListGenerations(data_dir + "/c");
  }
  // Returns the entry of the first segment that has bytes of such a file.
  std::pair<std::string, index::FileEntry> FileOf(std::string_view name) {
    const auto info = index::DescribeCollection(data_, "c");
    for (const auto& entry : info->manifest.segments) {
      for (const index::FileEntry& file : entry.segment.files) {
        if (file.name == name) {
          return {entry.segment.id, file};
        }
      }
    }
    ADD_FAILURE() << name;
    return {};
  }
  std::string ObjectPath(const index::FileEntry& file) {
    return scratch_ / "store/" + ObjectKey("c", file.sha256);
  }
  size_t CountObjects() {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(scratch_ / "store/c/sha256"),
                      fs::directory_iterator()));
  }

  TempFolder scratch_;
  const std::string data_ = scratch_ / "data";
  const std::string replica_ = scratch_ / "replica";
  WatchedStore store_{scratch_ / "store"};
};

TEST_F(PushPullTest, MovesAGenerationWithItsManifest) {
  Build({"one", "two"});
  const auto pushed = Push();
  ASSERT_THAT(pushed, IsOk());
  EXPECT_TRUE(pushed->is_new);
  const auto pulled = Pull();
  ASSERT_THAT(pulled, IsOk());
  EXPECT_EQ(pulled->generation, 1U);
  EXPECT_EQ(pulled->bytes, pulled->total_bytes);
  ExpectSame();
}

TEST_F(PushPullTest, MovesOnlyWhatIsMissing) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  EXPECT_FALSE(Push()->is_new);
  EXPECT_EQ(Pull()->files, 0U);
  EXPECT_THAT(store_.reads, ElementsAre(Pair("c/latest.json", 0)));
  Build({"one", "changed"});
  const auto pushed = Push();
  ASSERT_THAT(pushed, IsOk());
  EXPECT_LT(pushed->bytes, pushed->total_bytes);
  const auto pulled = Pull();
  ASSERT_THAT(pulled, IsOk());
  EXPECT_EQ(pulled->generation, 2U);
  EXPECT_LT(pulled->bytes, pulled->total_bytes);
  ExpectSame();
  EXPECT_THAT(Generations(replica_), ElementsAre(1, 2));
}

TEST_F(PushPullTest, ASourceThatIsDamagedIsNotPushed) {
  Build({"one", "two"});
  const auto [id, file] = FileOf("tokens.col");
  FlipBit(index::SegmentPath(data_ + "/c", id) + "/" + file.name, 40, 1);
  EXPECT_THAT(Push(), FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(Pull(), FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_FALSE(fs::exists(replica_ + "/c"));
}

TEST_F(PushPullTest, AnObjectThatIsDamagedIsNotPulled) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  const Digest before = DigestOf(replica_);
  Build({"one", "changed"});
  ASSERT_THAT(Push(), IsOk());
  const auto info = index::DescribeCollection(data_, "c");
  const auto& files = info->manifest.segments.back().segment.files;
  const std::string path = ObjectPath(files.front());
  FlipBit(path, 100, 3);
  EXPECT_THAT(Pull(), FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_EQ(DigestOf(replica_), before);
  FlipBit(path, 100, 3);
  ASSERT_THAT(Pull(), IsOk());
  ExpectSame();
}

TEST_F(PushPullTest, APullGoesOnWithThePartThatIsThere) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  const auto [id, file] = FileOf("postings.glass");
  const std::string part =
      replica_ + "/c/segments/building-" + id + "/" + file.name + ".part";
  const std::string whole = *ReadFile(ObjectPath(file));
  const auto pull_with = [&, id = id](const std::string& bytes) {
    fs::remove_all(replica_);
    fs::create_directories(fs::path(part).parent_path());
    WriteBytes(part, bytes);
    ASSERT_THAT(Pull(), IsOk());
    ExpectSame();
  };
  const auto reads_of_file = [&, file = file] {
    std::vector<uint64_t> offsets;
    for (const auto& [key, offset] : store_.reads) {
      if (key == ObjectKey("c", file.sha256)) {
        offsets.push_back(offset);
      }
    }
    return offsets;
  };
  pull_with(whole.substr(0, 5000));
  EXPECT_THAT(reads_of_file(), ElementsAre(5000));
  pull_with(whole);
  EXPECT_THAT(reads_of_file(), IsEmpty());
  pull_with(std::string(5000, 'x'));  // as after a power cut
  EXPECT_THAT(reads_of_file(), ElementsAre(5000, 0));
  pull_with(whole + "more");
  EXPECT_THAT(reads_of_file(), ElementsAre(0));
}

TEST_F(PushPullTest, UnpublishedChangesHereAreNotLost) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  const auto log =
      index::WriteAheadLog::Open(index::LogPath(replica_ + "/c"), 0,
                                 [](auto, auto) { return absl::OkStatus(); });
  ASSERT_THAT(log, IsOk());
  ASSERT_THAT((*log)->Append("a change"), IsOk());
  ASSERT_THAT((*log)->Sync(), IsOk());
  EXPECT_THAT(Pull(), FailsWith(StatusCode::kFailedPrecondition,
                                "COLLECTION_DIVERGED"));
}

TEST_F(PushPullTest, AGenerationOfItsOwnIsNotLost) {
  Build({"something", "else"});
  fs::create_directory(replica_);
  fs::rename(data_ + "/c", replica_ + "/c");
  const Digest own = DigestOf(replica_);
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  EXPECT_THAT(Pull(), FailsWith(StatusCode::kFailedPrecondition,
                                "COLLECTION_DIVERGED"));
  EXPECT_EQ(DigestOf(replica_), own);
}

TEST_F(PushPullTest, ACopyOfWhatWasPushedIsFollowedOn) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  fs::create_directory(replica_);
  fs::copy(data_ + "/c", replica_ + "/c", fs::copy_options::recursive);
  Build({"one", "three"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  ExpectSame();
}

TEST_F(PushPullTest, AnotherWriterOrAliasIsLeftAlone) {
  Build({"one"});
  ASSERT_THAT(Push(), IsOk());
  {
    const auto lock = index::WriterLock::TakeNew(replica_ + "/c");
    ASSERT_THAT(lock, IsOk());
    EXPECT_THAT(Pull(), FailsWith(StatusCode::kFailedPrecondition,
                                  "COLLECTION_LOCKED"));
  }
  fs::create_directory_symlink("other", replica_ + "/c");
  EXPECT_THAT(Pull(),
              FailsWith(StatusCode::kAlreadyExists, "COLLECTION_EXISTS"));
}

TEST_F(PushPullTest, ADamagedSegmentIsPulledAgain) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  const auto [id, file] = FileOf("tokens.col");
  const std::string segment = index::SegmentPath(replica_ + "/c", id);
  FlipBit(segment + "/" + file.name, 40, 1);
  WriteBytes(segment + "/QUARANTINE", "it was found so\n");
  const auto pulled = Pull();
  ASSERT_THAT(pulled, IsOk());
  EXPECT_FALSE(pulled->is_new);
  EXPECT_GT(pulled->files, 0U);
  ExpectSame();
  EXPECT_EQ(std::distance(fs::directory_iterator(replica_ + "/c/segments"),
                          fs::directory_iterator()),
            1);
}

TEST_F(PushPullTest, WhatIsPurgedGoesEverywhere) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  Build({"one", "changed"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  {
    const auto writer = pipeline::CollectionWriter::Open(data_, "c", {});
    ASSERT_THAT(writer, IsOk());
    ASSERT_THAT((*writer)->Purge({"b"}), IsOk());
  }
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  ExpectSame();
  EXPECT_THAT(Generations(replica_), ElementsAre(Generations(data_).back()));
  // Segments of earlier generations are no more, here and in the store.
  const auto info = index::DescribeCollection(data_, "c");
  size_t files = 1;
  for (const auto& entry : info->manifest.segments) {
    files += entry.segment.files.size();
  }
  EXPECT_LE(CountObjects(), files);
}

TEST_F(PushPullTest, WhatIsPurgedGoesWhereItsGenerationsWentFirst) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  Purge("b", /*keep=*/1);
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  ExpectSame();
  const uint64_t number = Generations(data_).back();
  EXPECT_EQ(ReadLatest(store_, "c")->purged_before, number);
  EXPECT_THAT(Generations(replica_), ElementsAre(number));
  // A replica that is pushed on hands it on.
  EXPECT_EQ(index::ReadPurgedBefore(replica_ + "/c").value(), number);
}

TEST_F(PushPullTest, WhatIsPurgedGoesAfterRetention) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  Purge("b", /*keep=*/1);
  const uint64_t clean = Generations(data_).back();
  for (int i = 0; i < 3; ++i) {
    Build({"one", "version " + std::to_string(i)});
  }
  RemoveAllBut(1);
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  ExpectSame();
  EXPECT_EQ(ReadLatest(store_, "c")->purged_before, clean);
  EXPECT_THAT(Generations(replica_), ElementsAre(Generations(data_).back()));
}

TEST_F(PushPullTest, WhatIsGoneHereAlreadyIsPurgedElsewhere) {
  Build({"one", "two"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  const auto reader = index::Generation::Open(replica_ + "/c", 1);
  ASSERT_THAT(reader, IsOk());
  Build({"one"}, /*from_scratch=*/true);
  RemoveAllBut(1);
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  EXPECT_THAT(Generations(replica_), ElementsAre(1, 2));
  Purge("b", /*keep=*/1);  // nothing here has it
  const auto pushed = Push();
  ASSERT_THAT(pushed, IsOk());
  EXPECT_FALSE(pushed->is_new);
  ASSERT_THAT(Pull(), IsOk());
  EXPECT_THAT(Generations(replica_), ElementsAre(2));
}

TEST_F(PushPullTest, TheStoreKeepsSomeGenerations) {
  for (int i = 0; i < 5; ++i) {
    Build({"one", "version " + std::to_string(i)});
    ASSERT_THAT(Push(/*keep=*/2), IsOk());
    ASSERT_THAT(Pull(), IsOk());
  }
  const auto latest = ReadLatest(store_, "c");
  ASSERT_THAT(latest, IsOk());
  ASSERT_EQ(latest->generations.size(), 2U);
  EXPECT_EQ(latest->generations[0].generation, 5U);
  EXPECT_EQ(latest->generations[1].generation, 4U);
  EXPECT_THAT(latest->leftovers, IsEmpty());
  EXPECT_THAT(Generations(replica_), ElementsAre(4, 5));
  std::set<Digest> named;
  for (const StoredManifest& kept : latest->generations) {
    const std::set<Digest> digests =
        DigestsIn(*FetchManifest(store_, "c", kept));
    named.insert(digests.begin(), digests.end());
    named.insert(kept.sha256);
  }
  EXPECT_EQ(CountObjects(), named.size());
}

TEST_F(PushPullTest, AnotherHistoryTakesForce) {
  Build({"one", "two"});
  Build({"one", "three"});
  ASSERT_THAT(Push(), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  fs::remove_all(data_);
  Build({"begun", "anew"});
  EXPECT_THAT(Push(), FailsWith(StatusCode::kFailedPrecondition,
                                "COLLECTION_DIVERGED"));
  ASSERT_THAT(Push(/*keep=*/10, /*force=*/true), IsOk());
  ASSERT_THAT(Pull(), IsOk());
  ExpectSame();
  EXPECT_THAT(Generations(replica_), ElementsAre(1));
}

TEST_F(PushPullTest, WhatIsNotWantedIsNotSwitchedTo) {
  Build({"one"});
  ASSERT_THAT(Push(), IsOk());
  PullOptions options{replica_, "c"};
  options.check = [](const index::Manifest&) {
    return MakeError(StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH",
                     "no");
  };
  EXPECT_THAT(store::Pull(store_, options),
              FailsWith(StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH"));
  EXPECT_FALSE(fs::exists(replica_ + "/c"));
}

}  // namespace
}  // namespace footnote::store
