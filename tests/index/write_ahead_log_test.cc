#include "indexer/index/write_ahead_log.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "indexer/base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::index {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Records = std::vector<std::pair<uint64_t, std::string>>;

// A log that a test opens again and again.
class LogFolder {
 public:
  std::string path() const { return folder_ / "wal"; }

  // Opens the log and returns what was replayed in *records.
  absl::StatusOr<std::unique_ptr<WriteAheadLog>> Open(uint64_t folded,
                                                      Records* records) const {
    records->clear();
    return WriteAheadLog::Open(
        path(), folded, [&](uint64_t sequence, std::string_view payload) {
          records->emplace_back(sequence, payload);
          return absl::OkStatus();
        });
  }
  std::unique_ptr<WriteAheadLog> MustOpen(uint64_t folded = 0) {
    auto log = Open(folded, &replayed);
    EXPECT_THAT(log, IsOk());
    return log.ok() ? *std::move(log) : nullptr;
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path())) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  Records replayed;

 private:
  TempFolder folder_;
};

void Append(WriteAheadLog* log, const std::string& payload) {
  ASSERT_THAT(log->Append(payload), IsOk());
}

TEST(WriteAheadLog, ReplaysWhatWasSynced) {
  LogFolder folder;
  {
    auto log = folder.MustOpen();
    EXPECT_THAT(folder.replayed, IsEmpty());
    EXPECT_EQ(log->last_sequence(), 0U);
    EXPECT_EQ(*log->Append("one"), 1U);
    EXPECT_EQ(*log->Append(""), 2U);
    ASSERT_THAT(log->Sync(), IsOk());
    EXPECT_EQ(*log->Append(std::string(100000, 'x')), 3U);
    ASSERT_THAT(log->Sync(), IsOk());
    Append(log.get(), "never synced");
  }
  auto log = folder.MustOpen();
  ASSERT_THAT(folder.replayed, SizeIs(3));
  EXPECT_EQ(folder.replayed[0], std::pair(uint64_t{1}, std::string("one")));
  EXPECT_EQ(folder.replayed[1], std::pair(uint64_t{2}, std::string()));
  EXPECT_EQ(folder.replayed[2].second.size(), 100000U);
  EXPECT_EQ(*log->Append("four"), 4U);
  ASSERT_THAT(log->Sync(), IsOk());
  log = nullptr;
  log = folder.MustOpen(2);
  EXPECT_THAT(folder.replayed, SizeIs(2));
  EXPECT_EQ(folder.replayed[1], std::pair(uint64_t{4}, std::string("four")));
  EXPECT_EQ(LastLogSequence(folder.path()), 4U);
}

TEST(WriteAheadLog, RemovesFilesThatAreFoldedIn) {
  LogFolder folder;
  auto log = folder.MustOpen();
  Append(log.get(), "1");
  Append(log.get(), "2");
  ASSERT_THAT(log->Sync(), IsOk());
  log->StartFile();
  Append(log.get(), "3");
  ASSERT_THAT(log->Sync(), IsOk());
  EXPECT_THAT(folder.Files(), SizeIs(2));
  ASSERT_THAT(log->Trim(1), IsOk());  // the file holds 2 as well
  EXPECT_THAT(folder.Files(), SizeIs(2));
  ASSERT_THAT(log->Trim(2), IsOk());
  EXPECT_THAT(folder.Files(), ElementsAre("00000000000000000003.log"));
  log->StartFile();
  ASSERT_THAT(log->Trim(3), IsOk());
  EXPECT_THAT(folder.Files(), IsEmpty());
  Append(log.get(), "4");
  ASSERT_THAT(log->Sync(), IsOk());
  log = nullptr;
  log = folder.MustOpen(3);
  EXPECT_THAT(folder.replayed, ElementsAre(std::pair(4, "4")));
}

// What is published needs no sync, and what follows begins a file.
TEST(WriteAheadLog, ForgetsWhatIsFoldedInBeforeItWasWritten) {
  LogFolder folder;
  auto log = folder.MustOpen();
  Append(log.get(), "1");
  log->StartFile();
  Append(log.get(), "2");
  ASSERT_THAT(log->Trim(1), IsOk());
  ASSERT_THAT(log->Sync(), IsOk());
  EXPECT_THAT(folder.Files(), ElementsAre("00000000000000000002.log"));
  log = nullptr;
  log = folder.MustOpen(1);
  EXPECT_THAT(folder.replayed, ElementsAre(std::pair(2, "2")));
}

// A generation may be ahead of the log, whose last records nobody synced.
TEST(WriteAheadLog, GoesOnAfterTheGeneration) {
  LogFolder folder;
  auto log = folder.MustOpen();
  Append(log.get(), "1");
  ASSERT_THAT(log->Sync(), IsOk());
  log = nullptr;
  log = folder.MustOpen(7);
  EXPECT_THAT(folder.Files(), IsEmpty());
  EXPECT_EQ(*log->Append("8"), 8U);
  ASSERT_THAT(log->Sync(), IsOk());
  log = nullptr;
  log = folder.MustOpen(7);
  EXPECT_THAT(folder.replayed, ElementsAre(std::pair(8, "8")));
}

TEST(WriteAheadLog, NoticesMissingChanges) {
  LogFolder folder;
  auto log = folder.MustOpen(5);
  Append(log.get(), "6");
  ASSERT_THAT(log->Sync(), IsOk());
  log->StartFile();
  Append(log.get(), "7");
  ASSERT_THAT(log->Sync(), IsOk());
  log = nullptr;
  Records records;
  EXPECT_THAT(folder.Open(4, &records),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  std::filesystem::remove(folder.path() + "/00000000000000000006.log");
  EXPECT_THAT(folder.Open(5, &records),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(folder.Open(6, &records), IsOk());
  EXPECT_THAT(records, ElementsAre(std::pair(7, "7")));
}

TEST(WriteAheadLog, ReturnsTheErrorOfTheReplay) {
  LogFolder folder;
  auto log = folder.MustOpen();
  Append(log.get(), "1");
  ASSERT_THAT(log->Sync(), IsOk());
  log = nullptr;
  EXPECT_THAT(WriteAheadLog::Open(folder.path(), 0,
                                  [](uint64_t, std::string_view) {
                                    return MakeError(StatusCode::kInternal,
                                                     "INTERNAL", "no");
                                  }),
              FailsWith(StatusCode::kInternal, "INTERNAL"));
}

// Three records, of which the first two are known to be durable by what the
// third says.
class DamagedLog : public testing::Test {
 protected:
  void SetUp() override {
    auto log = folder_.MustOpen();
    for (const char* payload : {"first", "second", "third"}) {
      Append(log.get(), payload);
      ASSERT_THAT(log->Sync(), IsOk());
    }
    log = nullptr;
    path_ = folder_.path() + "/" + folder_.Files().at(0);
    bytes_ = *ReadFile(path_);
    third_ = bytes_.size() - std::string("third").size() - 28;
  }
  void Damage(const std::string& bytes) const {
    std::filesystem::remove_all(folder_.path());
    std::filesystem::create_directories(folder_.path());
    std::ofstream(path_, std::ios::binary) << bytes;
  }

  LogFolder folder_;
  std::string path_;
  std::string bytes_;
  size_t third_ = 0;  // where the third record begins
};

// Cut anywhere, it holds the records before the cut, goes on after them, and
// says the same when it is opened again.
TEST_F(DamagedLog, CutAnywhereHoldsWhatIsWhole) {
  for (size_t size = 0; size < bytes_.size(); ++size) {
    SCOPED_TRACE(size);
    Damage(bytes_.substr(0, size));
    auto log = folder_.MustOpen();
    ASSERT_NE(log, nullptr);
    const Records before = folder_.replayed;
    ASSERT_LE(before.size(), 2U);
    if (size >= third_) {
      EXPECT_EQ(before.size(), 2U);
    }
    EXPECT_EQ(*log->Append("next"), before.size() + 1);
    ASSERT_THAT(log->Sync(), IsOk());
    log = nullptr;
    log = folder_.MustOpen();
    ASSERT_EQ(folder_.replayed.size(), before.size() + 1);
    EXPECT_EQ(folder_.replayed.back().second, "next");
  }
}

// A flipped bit is damage in what was known to be durable, and a torn end in
// the last record; never is a record other than it was.
TEST_F(DamagedLog, FlippedAnywhereIsNoticed) {
  for (size_t at = 0; at < bytes_.size(); ++at) {
    for (const int bit : {0, 3, 7}) {
      SCOPED_TRACE(std::to_string(at) + "/" + std::to_string(bit));
      std::string damaged = bytes_;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      Damage(damaged);
      Records records;
      const auto log = folder_.Open(0, &records);
      if (at < third_) {
        EXPECT_THAT(log, FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
      } else {
        ASSERT_THAT(log, IsOk());
        EXPECT_THAT(records,
                    ElementsAre(std::pair(1, "first"), std::pair(2, "second")));
      }
    }
  }
}

TEST_F(DamagedLog, OfAnOlderFileIsNeverTorn) {
  auto log = folder_.MustOpen();
  Append(log.get(), "fourth");
  ASSERT_THAT(log->Sync(), IsOk());
  log = nullptr;
  ASSERT_THAT(folder_.Files(), SizeIs(2));
  std::filesystem::resize_file(path_, bytes_.size() - 1);
  Records records;
  EXPECT_THAT(folder_.Open(0, &records),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(folder_.Open(3, &records), IsOk());  // folded in: no matter
}

// Blocks of zeros are what some file systems leave after a crash.
TEST_F(DamagedLog, EndsBeforeZeros) {
  Damage(bytes_ + std::string(5000, '\0'));
  folder_.MustOpen();
  EXPECT_THAT(folder_.replayed, SizeIs(3));
}

// While a test writes, no file may grow beyond so many bytes.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST(WriteAheadLog, TakesNothingMoreAfterAFailedWrite) {
  LogFolder folder;
  auto log = folder.MustOpen();
  Append(log.get(), "whole");
  ASSERT_THAT(log->Sync(), IsOk());
  {
    const FileSizeLimit limit(120);
    Append(log.get(), std::string(500, 'x'));
    EXPECT_THAT(log->Sync(), FailsWith(StatusCode::kInternal, "FILE_IO"));
  }
  EXPECT_THAT(log->Append("more"), FailsWith(StatusCode::kInternal, "FILE_IO"));
  EXPECT_THAT(log->Sync(), FailsWith(StatusCode::kInternal, "FILE_IO"));
  log = nullptr;
  log = folder.MustOpen();
  EXPECT_THAT(folder.replayed, ElementsAre(std::pair(1, "whole")));
  EXPECT_EQ(*log->Append("more"), 2U);
  EXPECT_THAT(log->Sync(), IsOk());
}

// What each of the threads appended, "thread/number", came back in its order.
void ExpectInOrder(const LogFolder& folder, size_t threads) {
  std::vector<int> next(threads, -1);
  for (const auto& [sequence, payload] : folder.replayed) {
    const size_t slash = payload.find('/');
    int& last = next[std::stoul(payload.substr(0, slash))];
    const int i = std::stoi(payload.substr(slash + 1));
    EXPECT_TRUE(last == -1 || i == last + 1) << payload;
    last = i;
  }
}

// Threads append, sync and trim at once; all that they were promised is there.
TEST(WriteAheadLog, ServesManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kEach = 60;
  LogFolder folder;
  auto log = folder.MustOpen();
  std::atomic<int> failures = 0;
  const auto work = [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      const std::string payload =
          std::to_string(thread) + "/" + std::to_string(i);
      const bool ok = log->Append(payload).ok() && log->Sync().ok();
      failures += ok ? 0 : 1;
      if (i % 16 == thread) {
        log->StartFile();
        failures += log->Trim(10).ok() ? 0 : 1;
      }
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back(work, t);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(log->last_sequence(), uint64_t{kThreads} * kEach);
  log = nullptr;
  log = folder.MustOpen(10);
  ASSERT_THAT(folder.replayed, SizeIs(kThreads * kEach - 10));
  ExpectInOrder(folder, kThreads);
}

}  // namespace
}  // namespace footnote::index
