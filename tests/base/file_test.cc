#include "indexer/base/file.h"

#include <cerrno>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote {
namespace {

using absl::StatusCode;

TEST(WriteFileDurably, WritesAndReplaces) {
  const TempFolder folder;
  const std::string path = folder / "a";
  ASSERT_THAT(WriteFileDurably(path, "one"), IsOk());
  EXPECT_EQ(*ReadFile(path), "one");
  ASSERT_THAT(WriteFileDurably(path, std::string("t\0wo", 4)), IsOk());
  EXPECT_EQ(*ReadFile(path), std::string("t\0wo", 4));
}

TEST(DigestFile, IsThatOfTheContent) {
  const TempFolder folder;
  for (const size_t size : {0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1}) {
    const std::string content(size, 'x');
    ASSERT_THAT(WriteFileDurably(folder / "a", content), IsOk());
    const auto digest = DigestFile(folder / "a");
    ASSERT_THAT(digest, IsOk());
    EXPECT_EQ(digest->bytes, size);
    EXPECT_EQ(digest->sha256, Sha256Of(content));
  }
  EXPECT_THAT(DigestFile(folder / "b"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

TEST(WriteFileDurably, LeavesNoTemporaryFile) {
  const TempFolder folder;
  ASSERT_THAT(WriteFileDurably(folder / "a", "one"), IsOk());
  EXPECT_FALSE(std::filesystem::exists(folder / "a.tmp"));
}

TEST(WriteFileDurably, OverwritesWhatACrashLeft) {
  const TempFolder folder;
  ASSERT_THAT(WriteFileDurably(folder / "a.tmp", "a much longer half"), IsOk());
  ASSERT_THAT(WriteFileDurably(folder / "a", "new"), IsOk());
  EXPECT_EQ(*ReadFile(folder / "a"), "new");
}

TEST(WriteFileDurably, KeepsTheOldFileWhereItFails) {
  const TempFolder folder;
  ASSERT_THAT(WriteFileDurably(folder / "a", "old"), IsOk());
  std::filesystem::create_directory(folder / "a.tmp");
  EXPECT_FALSE(WriteFileDurably(folder / "a", "new").ok());
  EXPECT_EQ(*ReadFile(folder / "a"), "old");
}

TEST(WriteFileDurably, FailsInAFolderThatIsNone) {
  const TempFolder folder;
  EXPECT_THAT(WriteFileDurably(folder / "no/a", "x"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

TEST(ReadFile, ReadsAnEmptyFile) {
  const TempFolder folder;
  ASSERT_THAT(WriteFileDurably(folder / "a", ""), IsOk());
  EXPECT_EQ(*ReadFile(folder / "a"), "");
}

TEST(ReadFile, NamesTheFileThatIsMissing) {
  const TempFolder folder;
  const auto read = ReadFile(folder / "none");
  EXPECT_THAT(read, FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
  EXPECT_EQ(GetErrorDetails(read.status()).at("path"), folder / "none");
}

TEST(ReadFile, RefusesAFolder) {
  const TempFolder folder;
  EXPECT_THAT(ReadFile(folder.path()),
              FailsWith(StatusCode::kInternal, "FILE_IO"));
}

TEST(ReadFile, KeepsToTheLimit) {
  const TempFolder folder;
  ASSERT_THAT(WriteFileDurably(folder / "a", "12345"), IsOk());
  EXPECT_THAT(ReadFile(folder / "a", 5), IsOk());
  EXPECT_THAT(ReadFile(folder / "a", 4),
              FailsWith(StatusCode::kInvalidArgument, "DOCUMENT_TOO_LARGE"));
}

TEST(MappedFile, ShowsTheBytes) {
  const TempFolder folder;
  ASSERT_THAT(WriteFileDurably(folder / "a", "mapped"), IsOk());
  auto mapped = MappedFile::Open(folder / "a");
  ASSERT_THAT(mapped, IsOk());
  EXPECT_EQ(mapped->bytes(), "mapped");
  const MappedFile moved = *std::move(mapped);
  EXPECT_EQ(moved.bytes(), "mapped");
}

TEST(MappedFile, TakesAnEmptyFile) {
  const TempFolder folder;
  ASSERT_THAT(WriteFileDurably(folder / "a", ""), IsOk());
  const auto mapped = MappedFile::Open(folder / "a");
  ASSERT_THAT(mapped, IsOk());
  EXPECT_EQ(mapped->bytes(), "");
}

TEST(MappedFile, FailsAsReadFileDoes) {
  const TempFolder folder;
  EXPECT_THAT(MappedFile::Open(folder / "none"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
  EXPECT_THAT(MappedFile::Open(folder.path()),
              FailsWith(StatusCode::kInternal, "FILE_IO"));
}

TEST(FileError, MapsTheErrorsThatMatter) {
  EXPECT_THAT(FileError(ENOENT, "open", "p"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
  EXPECT_THAT(FileError(EACCES, "open", "p"),
              FailsWith(StatusCode::kPermissionDenied, "FILE_UNREADABLE"));
  EXPECT_THAT(FileError(ENOSPC, "write", "p"),
              FailsWith(StatusCode::kResourceExhausted, "DISK_FULL"));
  EXPECT_THAT(FileError(EIO, "write", "p"),
              FailsWith(StatusCode::kInternal, "FILE_IO"));
}

TEST(SyncPath, SyncsFilesAndFolders) {
  const TempFolder folder;
  EXPECT_THAT(SyncPath(folder.path()), IsOk());
  EXPECT_THAT(SyncPath(folder / "none"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote
