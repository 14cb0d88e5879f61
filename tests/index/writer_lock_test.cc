#include "indexer/index/writer_lock.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

// Tries to take the lock in another process; returns whether it got it, or
// nothing where it failed in another way than being locked.
std::optional<bool> TakesInAnotherProcess(const std::string& folder) {
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = WriterLock::Take(folder);
    _exit(lock.ok()                                           ? 0
          : ErrorReason(lock.status()) == "COLLECTION_LOCKED" ? 1
                                                              : 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
    return std::nullopt;
  }
  return WEXITSTATUS(status) == 0;
}

TEST(WriterLock, LetsOneWriterIn) {
  const TempFolder folder;
  const auto first = WriterLock::Take(folder.path());
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(WriterLock::Take(folder.path()),
              FailsWith(StatusCode::kFailedPrecondition, "COLLECTION_LOCKED"));
  EXPECT_EQ(TakesInAnotherProcess(folder.path()), false);
}

TEST(WriterLock, IsFreeAgainAtTheEnd) {
  const TempFolder folder;
  { ASSERT_THAT(WriterLock::Take(folder.path()), IsOk()); }
  EXPECT_EQ(TakesInAnotherProcess(folder.path()), true);
  EXPECT_THAT(WriterLock::Take(folder.path()), IsOk());
}

TEST(WriterLock, GoesWithTheProcessThatHeldIt) {
  const TempFolder folder;
  EXPECT_EQ(TakesInAnotherProcess(folder.path()), true);  // and _exit()s
  EXPECT_THAT(WriterLock::Take(folder.path()), IsOk());
}

TEST(WriterLock, MovesWithItsOwner) {
  const TempFolder folder;
  auto first = WriterLock::Take(folder.path());
  ASSERT_THAT(first, IsOk());
  {
    const WriterLock second = *std::move(first);
    EXPECT_FALSE(WriterLock::Take(folder.path()).ok());
  }
  EXPECT_THAT(WriterLock::Take(folder.path()), IsOk());
}

TEST(WriterLock, RemovesAFolderOfWhichNothingCame) {
  const TempFolder scratch;
  const std::string folder = scratch / "c";
  for (const char* used : {"CURRENT", "wal/1.log", "segments/x", "other"}) {
    { ASSERT_THAT(WriterLock::TakeNew(folder), IsOk()); }
    EXPECT_FALSE(std::filesystem::exists(folder));
    {
      const auto lock = WriterLock::TakeNew(folder);
      ASSERT_THAT(lock, IsOk());
      std::filesystem::create_directory(folder + "/wal");
      std::ofstream(folder + "/" + used) << "x";
    }
    EXPECT_TRUE(std::filesystem::exists(folder + "/" + used));
    EXPECT_TRUE(std::filesystem::exists(folder + "/generations"));
    { ASSERT_THAT(WriterLock::Take(folder), IsOk()); }
    EXPECT_TRUE(std::filesystem::exists(folder));
    std::filesystem::remove_all(folder);
  }
}

// A lock file that is not at its place any more locks nothing.
TEST(WriterLock, IsOfTheFileThatIsThere) {
  const TempFolder scratch;
  const std::string folder = scratch / "c";
  auto first = WriterLock::TakeNew(folder);
  ASSERT_THAT(first, IsOk());
  std::filesystem::rename(folder, scratch / "dropped");
  EXPECT_THAT(WriterLock::TakeNew(folder), IsOk());
}

// Many make and remove the same folder at once; one at a time has it.
TEST(WriterLock, LetsOneInAlsoWhereFoldersComeAndGo) {
  const TempFolder scratch;
  const std::string folder = scratch / "c";
  std::atomic<int> inside = 0;
  std::atomic<int> taken = 0;
  const auto work = [&] {
    for (int i = 0; i < 300; ++i) {
      const auto lock = WriterLock::TakeNew(folder);
      if (lock.ok()) {
        EXPECT_EQ(++inside, 1);
        EXPECT_TRUE(std::filesystem::exists(folder + "/generations"));
        ++taken;
        --inside;
      }
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back(work);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(taken, 0);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(WriterLock, SaysThatThereIsNoFolder) {
  const TempFolder folder;
  EXPECT_THAT(WriterLock::Take(folder / "none"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote::index
