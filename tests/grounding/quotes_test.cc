// What the verifier says of judged quotes.

#include <string>

#include <gtest/gtest.h>

#include "tests/grounding/judged_quotes.h"
#include "tests/testing/built_collection.h"
#include "tests/testing/shared_folder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/wikipedia_articles.h"

namespace footnote::grounding {
namespace {

// What is asked for: verdict and spans of so many quotes right, and no absent
// one called anything else.
void ExpectRight(const BuiltCollection& built, const std::string& corpus) {
  ASSERT_THAT(built.status(), IsOk());
  const std::vector<JudgedQuote> quotes = ReadJudgedQuotes(corpus);
  ASSERT_EQ(quotes.size(), 150U);
  const QuoteScore score =
      JudgeQuotes(search::View(built.generation()), quotes);
  std::string mistakes;
  for (const std::string& mistake : score.mistakes) {
    mistakes += mistake + "\n";
  }
  testing::Test::RecordProperty("right", std::to_string(score.share()));
  EXPECT_GE(score.share(), 0.98) << mistakes;
  EXPECT_EQ(score.called_present, 0U) << mistakes;
}

TEST(JudgedQuotes, AreVerifiedOnTheSeeds) {
  const BuiltCollection built({std::string(FOOTNOTE_SOURCE_DIR) + "/seeds"});
  ExpectRight(built, "seeds");
}

TEST(JudgedQuotes, AreVerifiedOnWikipediaArticles) {
  FOOTNOTE_NEEDS_SHARED(kWikipediaArticles);
  const TempFolder folder;
  const std::string articles = UnpackWikipediaArticles(folder);
  ASSERT_FALSE(HasFailure());
  const BuiltCollection built({articles});
  ExpectRight(built, "wikipedia");
}

}  // namespace
}  // namespace footnote::grounding
