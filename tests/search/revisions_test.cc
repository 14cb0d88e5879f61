// A citation of what a document said once still resolves, or says where the
// same text stands now.

#include "server/search/revisions.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "indexer/index/manifest.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;

constexpr char kFirst[] = "The red fox runs. It hunts at night.";
constexpr char kSecond[] = "New: The red fox runs. It sleeps.";
constexpr char kThird[] = "Nothing of that.";

class Revisions : public testing::Test {
 protected:
  Revisions() : catalog_(collection_.data_dir()) {
    collection_.Write("other", "Another document.");
  }

  void Publish(const std::string& text) {
    collection_.Write("a", text);
    ASSERT_THAT(collection_.Build(), IsOk());
    catalog_.Refresh();
  }

  // Cites "The red fox runs." as it stood in the first text.
  CitedSpan Cite(const std::string& text = kFirst) const {
    CitedSpan cited;
    cited.collection = "test";
    cited.document_id = "a";
    cited.revision = Sha256Of(text);
    cited.start = 0;
    cited.end = 17;
    return cited;
  }

  // Removes all of a generation but its segments.
  void Forget(uint64_t generation) {
    std::filesystem::remove(
        index::ManifestPath(collection_.folder(), generation));
  }

  GrowingCollection collection_;
  Catalog catalog_;
};

TEST_F(Revisions, CurrentOneAnswersAsWithoutARevision) {
  Publish(kFirst);
  const auto text = GetCitedSpan(catalog_, Cite(), {});
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(text->span.content.text, "The red fox runs.");
  EXPECT_FALSE(text->superseded);
  EXPECT_TRUE(text->moved_to.empty());
}

TEST_F(Revisions, OlderOneAnswersFromItsGeneration) {
  Publish(kFirst);
  Publish(kSecond);
  const auto text = GetCitedSpan(catalog_, Cite(), {});
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(text->view->generation().info().number, 1U);
  EXPECT_EQ(text->span.content.text, "The red fox runs.");
  ASSERT_TRUE(text->superseded);
  EXPECT_EQ(text->superseded->generation, 2U);
  EXPECT_EQ(text->superseded->revision, Sha256Of(kSecond));
  ASSERT_EQ(text->moved_to.size(), 1U);
  EXPECT_EQ(text->moved_to[0].start.bytes, 5U);
  EXPECT_EQ(text->moved_to[0].end.bytes, 22U);
}

TEST_F(Revisions, NewestGenerationThatHasItAnswers) {
  Publish(kFirst);
  collection_.Write("other", "Changed.");
  Publish(kFirst);
  Publish(kSecond);
  Publish(kThird);
  EXPECT_EQ(
      GetCitedSpan(catalog_, Cite(), {})->view->generation().info().number, 2U);
  Forget(2);
  EXPECT_EQ(
      GetCitedSpan(catalog_, Cite(), {})->view->generation().info().number, 1U);
  EXPECT_EQ(GetCitedSpan(catalog_, Cite(kSecond), {})
                ->view->generation()
                .info()
                .number,
            3U);
}

// Its segment may be one that the current generation does not name any more.
TEST_F(Revisions, AreFoundInSegmentsThatAreNotCurrent) {
  Publish(kFirst);
  collection_.from_scratch = true;
  Publish(kSecond);
  const auto text = GetCitedSpan(catalog_, Cite(), {});
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(text->view->generation().info().number, 1U);
}

TEST_F(Revisions, OfDocumentsThatAreGoneAnswer) {
  Publish(kFirst);
  collection_.Remove("a");
  ASSERT_THAT(collection_.Build(), IsOk());
  catalog_.Refresh();
  const auto text = GetCitedSpan(catalog_, Cite(), {});
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(text->span.content.text, "The red fox runs.");
  ASSERT_TRUE(text->superseded);
  EXPECT_FALSE(text->superseded->revision);
  Forget(1);
  EXPECT_THAT(GetCitedSpan(catalog_, Cite(), {}),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
}

TEST_F(Revisions, ThatAreGoneNameTheCurrentOne) {
  Publish(kFirst);
  Publish(kSecond);
  Forget(1);
  const auto text = GetCitedSpan(catalog_, Cite(), {});
  EXPECT_THAT(text,
              FailsWith(StatusCode::kFailedPrecondition, "REVISION_GONE"));
  EXPECT_NE(ErrorMessage(text.status()).find(ToHex(Sha256Of(kSecond))),
            std::string::npos);
}

TEST_F(Revisions, ThatAreGoneAreFollowedByTheirText) {
  Publish(kFirst);
  Publish(kSecond);
  Forget(1);
  CitedSpan quoted = Cite();
  quoted.quote = "The red fox runs.";
  CitedSpan digested = Cite();
  digested.text_sha256 = Sha256Of(quoted.quote);
  for (const CitedSpan& cited : {quoted, digested}) {
    const auto text = GetCitedSpan(catalog_, cited, {});
    ASSERT_THAT(text, IsOk());
    EXPECT_EQ(text->view->generation().info().number, 2U);
    EXPECT_EQ(text->span.content.text, "The red fox runs.");
    EXPECT_EQ(text->span.content.span.start.bytes, 5U);
    EXPECT_TRUE(text->superseded);
    ASSERT_EQ(text->moved_to.size(), 1U);
  }
  Publish(kThird);
  Forget(2);
  for (const CitedSpan& cited : {quoted, digested}) {
    EXPECT_THAT(GetCitedSpan(catalog_, cited, {}),
                FailsWith(StatusCode::kFailedPrecondition, "REVISION_GONE"));
  }
}

TEST_F(Revisions, MayBeAskedOfOneGeneration) {
  Publish(kFirst);
  Publish(kSecond);
  Publish(kThird);
  CitedSpan cited = Cite();
  cited.generation = 1;
  EXPECT_THAT(GetCitedSpan(catalog_, cited, {}), IsOk());
  cited.generation = 2;
  EXPECT_THAT(GetCitedSpan(catalog_, cited, {}),
              FailsWith(StatusCode::kFailedPrecondition, "REVISION_GONE"));
  cited.generation = 3;
  EXPECT_THAT(GetCitedSpan(catalog_, cited, {}),
              FailsWith(StatusCode::kFailedPrecondition, "REVISION_GONE"));
}

// What may not be seen now may not be seen as it was either.
TEST_F(Revisions, OfWhatMayNotBeSeenAreNotThere) {
  Publish(kFirst);
  const std::string line =
      nlohmann::json{{"_id", "a"},
                     {"text", kSecond},
                     {"metadata", {{"expire_time", "2001-01-01T00:00:00Z"}}}}
          .dump();
  collection_.Remove("a");
  collection_.Write("a.jsonl", line);
  ASSERT_THAT(collection_.Build(), IsOk());
  catalog_.Refresh();
  CitedSpan cited = Cite();
  cited.quote = "The red fox runs.";
  EXPECT_THAT(GetCitedSpan(catalog_, cited, {}),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  EXPECT_THAT(GetCitedSpan(catalog_, Cite(kSecond), {}),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
}

TEST_F(Revisions, OfNothingAreNotFound) {
  Publish(kFirst);
  CitedSpan cited = Cite();
  cited.document_id = "nothing";
  EXPECT_THAT(GetCitedSpan(catalog_, cited, {}),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  cited.collection = "nothing";
  EXPECT_THAT(GetCitedSpan(catalog_, cited, {}),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  cited = Cite();
  cited.start = 1000;
  cited.end = 1001;
  EXPECT_THAT(GetCitedSpan(catalog_, cited, {}),
              FailsWith(StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE"));
}

}  // namespace
}  // namespace footnote::search
