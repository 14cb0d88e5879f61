// Texts are found wherever they stand, and nowhere else.

#include "server/search/moved_text.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

// A collection of one document.
class MovedText : public testing::Test {
 protected:
  Place Build(const std::string& text) {
    text_ = text;
    collection_.Write("a.txt", text);
    view_ = std::make_unique<View>(collection_.BuildAndOpen());
    return *FindDocument(*view_, "a.txt");
  }

  // Returns where spans begin, having checked them against the text.
  std::vector<uint64_t> Starts(const absl::StatusOr<std::vector<Span>>& found,
                               const std::string& text) {
    EXPECT_THAT(found, IsOk());
    std::vector<uint64_t> starts;
    for (const Span& span : *found) {
      EXPECT_EQ(
          text_.substr(span.start.bytes, span.end.bytes - span.start.bytes),
          text);
      starts.push_back(span.start.bytes);
    }
    return starts;
  }
  std::vector<uint64_t> Find(const Place& place, const std::string& text) {
    return Starts(FindText(place, text, {}), text);
  }
  std::vector<uint64_t> FindByDigest(const Place& place,
                                     const std::string& text) {
    return Starts(FindDigest(place, text.size(), Sha256Of(text), {}), text);
  }

  std::string text_;
  GrowingCollection collection_;
  std::unique_ptr<View> view_;
};

TEST_F(MovedText, IsFoundWithoutOverlap) {
  const Place place = Build("aaaa. The fox. A fox, the fox.");
  EXPECT_THAT(Find(place, "fox"), ElementsAre(10, 17, 26));
  EXPECT_THAT(Find(place, "aa"), ElementsAre(0, 2));
  EXPECT_THAT(Find(place, text_), ElementsAre(0));
  EXPECT_THAT(Find(place, text_ + "."), IsEmpty());
  EXPECT_THAT(Find(place, "Fox"), IsEmpty());
  EXPECT_THAT(Find(place, ""), IsEmpty());
}

TEST_F(MovedText, IsFoundByItsDigest) {
  const Place place = Build("The fox runs. The owl sees. The fox runs. So.");
  EXPECT_THAT(FindByDigest(place, "The fox runs. "), ElementsAre(0, 28));
  EXPECT_THAT(FindByDigest(place, "owl"), ElementsAre(18));
  EXPECT_THAT(FindByDigest(place, "cat"), IsEmpty());
  EXPECT_THAT(FindByDigest(place, text_), ElementsAre(0));
  EXPECT_THAT(FindByDigest(place, text_ + "x"), IsEmpty());
  EXPECT_THAT(*FindDigest(place, 0, Sha256Of(""), {}), IsEmpty());
}

TEST_F(MovedText, LiesOnGraphemeBoundaries) {
  const Place place = Build("cafe\u0301 cafe e\u0301");
  EXPECT_THAT(Find(place, "cafe"), ElementsAre(7));
  EXPECT_THAT(Find(place, "cafe\u0301"), ElementsAre(0));
  EXPECT_THAT(Find(place, "\u0301"), IsEmpty());
  EXPECT_THAT(FindByDigest(place, "cafe"), ElementsAre(7));
}

TEST_F(MovedText, IsFoundWhereverALongTextIsCut) {
  constexpr uint64_t kPiece = 1 << 20;
  std::string text;
  while (text.size() < 3 * kPiece) {
    text += "Some words of no account stand in this line.\n";
  }
  const std::string needle = "The needle, which is sharp.";
  std::vector<uint64_t> starts;
  for (const uint64_t at :
       {kPiece - 1, 2 * kPiece - needle.size(), 3 * kPiece - 100}) {
    text.replace(at, needle.size(), needle);
    starts.push_back(at);
  }
  const Place place = Build(text);
  EXPECT_EQ(Find(place, needle), starts);
  EXPECT_EQ(FindByDigest(place, needle), starts);
}

TEST_F(MovedText, IsToldAHundredTimesAtMost) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += "Fox. ";
  }
  EXPECT_EQ(Find(Build(text), "Fox").size(), kMaxMovedTo);
}

// A search for a text that nearly matches everywhere.
TEST_F(MovedText, TakesLinearTime) {
  const Place place = Build(std::string(4 << 20, 'a'));
  const Deadline deadline{std::chrono::steady_clock::now() +
                          std::chrono::seconds(30)};
  const auto found =
      FindText(place, std::string(kMaxQuoteBytes - 1, 'a') + "b", deadline);
  ASSERT_THAT(found, IsOk());
  EXPECT_THAT(*found, IsEmpty());
}

TEST_F(MovedText, StopsAtTheDeadline) {
  const Place place = Build("The fox.");
  const Deadline passed{std::chrono::steady_clock::now()};
  EXPECT_THAT(FindText(place, "fox", passed),
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
  EXPECT_THAT(FindDigest(place, 3, Sha256Of("fox"), passed),
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

}  // namespace
}  // namespace footnote::search
