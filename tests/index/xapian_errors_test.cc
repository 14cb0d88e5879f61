#include "indexer/index/xapian_errors.h"

#include <cerrno>
#include <ostream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

struct Case {
  const char* name;
  void (*raise)();
  StatusCode code;
  const char* reason;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

template <typename Error>
void Raise() {
  throw Error("what happened");
}

class XapianErrors : public testing::TestWithParam<Case> {};

TEST_P(XapianErrors, BecomeStatuses) {
  const absl::Status status = CatchXapian([]() -> absl::Status {
    GetParam().raise();
    return absl::OkStatus();
  });
  EXPECT_THAT(status, FailsWith(GetParam().code, GetParam().reason));
  EXPECT_NE(std::string(status.message()).find("what happened"),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, XapianErrors,
    testing::Values(Case{"Lock", Raise<Xapian::DatabaseLockError>,
                         StatusCode::kFailedPrecondition, "COLLECTION_LOCKED"},
                    Case{"Version", Raise<Xapian::DatabaseVersionError>,
                         StatusCode::kFailedPrecondition, "INDEX_VERSION"},
                    Case{"Corrupt", Raise<Xapian::DatabaseCorruptError>,
                         StatusCode::kDataLoss, "INDEX_CORRUPT"},
                    Case{"Modified", Raise<Xapian::DatabaseModifiedError>,
                         StatusCode::kDataLoss, "INDEX_CORRUPT"},
                    Case{"Opening", Raise<Xapian::DatabaseOpeningError>,
                         StatusCode::kDataLoss, "INDEX_CORRUPT"},
                    Case{"NotFound", Raise<Xapian::DatabaseNotFoundError>,
                         StatusCode::kDataLoss, "INDEX_CORRUPT"},
                    Case{"Database", Raise<Xapian::DatabaseError>,
                         StatusCode::kDataLoss, "INDEX_CORRUPT"},
                    Case{"Create", Raise<Xapian::DatabaseCreateError>,
                         StatusCode::kInternal, "FILE_IO"},
                    Case{"Document", Raise<Xapian::DocNotFoundError>,
                         StatusCode::kDataLoss, "INDEX_CORRUPT"},
                    Case{"Internal", Raise<Xapian::InternalError>,
                         StatusCode::kInternal, "INDEX_ERROR"},
                    Case{"Argument", Raise<Xapian::InvalidArgumentError>,
                         StatusCode::kInternal, "INDEX_ERROR"},
                    Case{"Range", Raise<Xapian::RangeError>,
                         StatusCode::kInternal, "INDEX_ERROR"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CatchXapian, PassesResultsThrough) {
  EXPECT_THAT(CatchXapian([] { return absl::OkStatus(); }), IsOk());
  const auto five = CatchXapian([]() -> absl::StatusOr<int> { return 5; });
  ASSERT_THAT(five, IsOk());
  EXPECT_EQ(*five, 5);
}

// What Xapian says of a write that failed, as it says it.
absl::Status OfFailedCommit(const std::string& cause) {
  return ToStatus(Xapian::DatabaseError(
      "Modifications failed (DatabaseError: Error writing block 0 (" + cause +
      ")), and couldn't open at the old revision: cancel() not supported"));
}

TEST(ToStatus, TellsFailedWritesFromDamage) {
  EXPECT_THAT(OfFailedCommit("No space left on device"),
              FailsWith(StatusCode::kResourceExhausted, "DISK_FULL"));
  EXPECT_THAT(OfFailedCommit("Input/output error"),
              FailsWith(StatusCode::kInternal, "FILE_IO"));
  EXPECT_THAT(ToStatus(Xapian::DatabaseOpeningError(
                  "Couldn't create x/iamglass (Read-only file system)")),
              FailsWith(StatusCode::kInternal, "FILE_IO"));
  EXPECT_THAT(ToStatus(Xapian::DatabaseLockError(
                  "Unable to get write lock on x: Couldn't open lockfile: "
                  "Input/output error")),
              FailsWith(StatusCode::kInternal, "FILE_IO"));
  EXPECT_THAT(ToStatus(Xapian::DatabaseError("Error reading block 3", ENOSPC)),
              FailsWith(StatusCode::kResourceExhausted, "DISK_FULL"));
}

TEST(ToStatus, TellsLackOfResourcesFromDamage) {
  for (const int code : {EMFILE, ENFILE, ENOMEM}) {
    EXPECT_THAT(ToStatus(Xapian::DatabaseOpeningError("Couldn't open x", code)),
                FailsWith(StatusCode::kResourceExhausted, "PROCESS_LIMIT"));
  }
  EXPECT_THAT(ToStatus(Xapian::DatabaseOpeningError("Couldn't open x", EIO)),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST(CatchXapian, LeavesOtherExceptionsAlone) {
  EXPECT_THROW(CatchXapian([]() -> absl::Status {
                 throw std::runtime_error("not Xapian's");
               }).IgnoreError(),
               std::runtime_error);
}

}  // namespace
}  // namespace footnote::index
