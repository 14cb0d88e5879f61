#include "indexer/index/writer_lock.h"

#include <filesystem>
#include <optional>
#include <utility>

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

TEST(WriterLock, SaysThatThereIsNoFolder) {
  const TempFolder folder;
  EXPECT_THAT(WriterLock::Take(folder / "none"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote::index
