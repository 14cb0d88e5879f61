#include "indexer/index/manifest_lock.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "indexer/base/file.h"
#include "indexer/index/manifest.h"
#include "indexer/index/writer_lock.h"
#include "tests/index/small_segment.h"
#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

// Runs `returns_true` in another process; returns what it did.
template <typename F>
bool InAnotherProcess(F&& returns_true) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(returns_true() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class ManifestLockTest : public testing::Test {
 protected:
  ManifestLockTest() { Publish(1); }

  void Publish(uint64_t number) {
    Manifest manifest;
    manifest.info.collection = "test";
    manifest.info.number = number;
    manifest.segments = {
        segments_.Write({{"a", {"text " + std::to_string(number)}}})};
    EXPECT_THAT(PublishManifest(folder_, manifest), IsOk());
  }
  bool IsFree(uint64_t number) const {
    return ManifestLock::TryLockExclusive(folder_, number).has_value();
  }
  bool IsFreeToOthers(uint64_t number) const {
    return InAnotherProcess([&] { return IsFree(number); });
  }

  SmallSegments segments_;
  const std::string folder_ = segments_.folder();
};

TEST_F(ManifestLockTest, IsSharedByReadersAndKeepsRemoversOut) {
  {
    const auto one = ManifestLock::Share(folder_, 1);
    const auto two = ManifestLock::Share(folder_, 1);
    ASSERT_THAT(one, IsOk());
    ASSERT_THAT(two, IsOk());
    EXPECT_TRUE(
        InAnotherProcess([&] { return ManifestLock::Share(folder_, 1).ok(); }));
    EXPECT_FALSE(IsFree(1));
    EXPECT_FALSE(IsFreeToOthers(1));
  }
  EXPECT_TRUE(IsFree(1));
  EXPECT_TRUE(IsFreeToOthers(1));
}

TEST_F(ManifestLockTest, OfARemoverLetsNobodyIn) {
  {
    const auto remover = ManifestLock::TryLockExclusive(folder_, 1);
    ASSERT_TRUE(remover);
    EXPECT_FALSE(IsFree(1));
    EXPECT_THAT(ManifestLock::Share(folder_, 1),
                FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
    EXPECT_TRUE(InAnotherProcess([&] {
      return ErrorReason(Generation::Open(folder_, 1).status()) ==
             "GENERATION_NOT_FOUND";
    }));
  }
  EXPECT_THAT(Generation::Open(folder_, 1), IsOk());
}

TEST_F(ManifestLockTest, GoesWithTheProcessThatHeldIt) {
  EXPECT_TRUE(IsFreeToOthers(1));  // and _exit()s with it
  EXPECT_THAT(ManifestLock::Share(folder_, 1), IsOk());
}

TEST_F(ManifestLockTest, IsHeldByEachOpenGenerationUntilItGoes) {
  auto first = *Generation::Open(folder_, 1);
  auto again = *Generation::Open(folder_, 1);
  Publish(2);
  const auto second = *Generation::Open(folder_, 2);
  EXPECT_FALSE(IsFreeToOthers(1));
  EXPECT_FALSE(IsFreeToOthers(2));
  first.reset();
  EXPECT_FALSE(IsFreeToOthers(1));
  again.reset();
  EXPECT_TRUE(IsFreeToOthers(1));
  EXPECT_FALSE(IsFreeToOthers(2));
}

TEST_F(ManifestLockTest, IsNotLeftByAGenerationThatCannotBeOpened) {
  std::filesystem::remove_all(folder_ + "/segments");
  EXPECT_FALSE(Generation::Open(folder_, 1).ok());
  EXPECT_TRUE(IsFree(1));
}

TEST_F(ManifestLockTest, IsNoLockOfWhatIsNotThere) {
  EXPECT_THAT(ManifestLock::Share(folder_, 2),
              FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
  EXPECT_FALSE(IsFree(2));
}

// Removed, or written anew, between opening the file and locking it.
TEST_F(ManifestLockTest, IsOfTheFileThatIsThere) {
  static std::string path;
  path = ManifestPath(folder_, 1);
  const auto replace_once = [](int fd, int operation) {
    static bool replaced = false;
    if (!std::exchange(replaced, true)) {
      EXPECT_THAT(WriteFileDurably(path, *ReadFile(path)), IsOk());
    }
    return flock(fd, operation);
  };
  const auto remove = [](int fd, int operation) {
    std::filesystem::remove(path);
    return flock(fd, operation);
  };
  {
    const auto lock = ManifestLock::Share(folder_, 1, replace_once);
    ASSERT_THAT(lock, IsOk());
    EXPECT_FALSE(IsFree(1));
  }
  EXPECT_FALSE(ManifestLock::TryLockExclusive(folder_, 1, remove));
  Publish(2);
  path = ManifestPath(folder_, 2);
  EXPECT_THAT(ManifestLock::Share(folder_, 2, remove),
              FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
}

TEST_F(ManifestLockTest, DoesWithoutWhereTheFileSystemHasNoLocks) {
  const auto none = [](int, int) {
    errno = ENOLCK;
    return -1;
  };
  testing::internal::CaptureStderr();
  EXPECT_THAT(ManifestLock::Share(folder_, 1, none), IsOk());
  EXPECT_THAT(ManifestLock::Share(folder_, 1, none), IsOk());
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_THAT(log, testing::HasSubstr("\"WARNING\""));
  // Nobody can know then who reads.
  EXPECT_FALSE(ManifestLock::TryLockExclusive(folder_, 1, none));
}

TEST_F(ManifestLockTest, TriesAgainAfterASignal) {
  const auto interrupted_once = [](int fd, int operation) {
    static bool interrupted = false;
    if (!std::exchange(interrupted, true)) {
      errno = EINTR;
      return -1;
    }
    return flock(fd, operation);
  };
  const auto lock = ManifestLock::Share(folder_, 1, interrupted_once);
  ASSERT_THAT(lock, IsOk());
  EXPECT_FALSE(IsFree(1));
}

TEST_F(ManifestLockTest, OfAReadOnlyFolderCanBeShared) {
  using std::filesystem::perms;
  const std::string path = ManifestPath(folder_, 1);
  const std::string generations = folder_ + "/generations";
  std::filesystem::permissions(path, perms::owner_read);
  std::filesystem::permissions(generations,
                               perms::owner_read | perms::owner_exec);
  // As somebody without root's rights.
  EXPECT_TRUE(InAnotherProcess([&] {
    std::filesystem::permissions(folder_, perms::all & ~perms::others_write);
    const bool dropped =
        getuid() != 0 || (chown(path.c_str(), 1, 1) == 0 &&
                          chown(generations.c_str(), 1, 1) == 0 &&
                          setgid(1) == 0 && setuid(1) == 0);
    return dropped && ManifestLock::Share(folder_, 1).ok();
  }));
  std::filesystem::permissions(generations, perms::owner_all);
}

// What a generation reads stays where it is, whatever a writer tidies away.
TEST_F(ManifestLockTest, LetsWritersRemoveWhatNoGenerationNames) {
  const auto first = Generation::Open(folder_, 1);
  segments_.Write({{"unused", {"text"}}});
  RemoveUnusedSegments(folder_);
  EXPECT_THAT(Generation::Open(folder_, 1), IsOk());
  EXPECT_EQ(std::distance(
                std::filesystem::directory_iterator(folder_ + "/segments"), {}),
            1);
}

}  // namespace
}  // namespace footnote::index
