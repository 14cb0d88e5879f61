// Judged questions on the seeds and on the originals they digest.

#include <string>

#include <gtest/gtest.h>

#include "tests/relevance/judgements.h"
#include "tests/testing/built_collection.h"
#include "tests/testing/shared_folder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/wikipedia_articles.h"

namespace footnote {
namespace {

const std::string kSeeds = std::string(FOOTNOTE_SOURCE_DIR) + "/seeds";
const std::string kSeedQuestions = kSeeds + "/questions.jsonl";
const std::string kSourceQuestions = std::string(FOOTNOTE_SOURCE_DIR) +
                                     "/tests/relevance/source_questions.jsonl";

// Expects the passage that holds the answer first, and among the first three,
// for at least these shares of the questions.
void ExpectFound(const BuiltCollection& built, const std::string& questions,
                 double first, double first_three) {
  ASSERT_THAT(built.status(), IsOk());
  ASSERT_TRUE(built.summary().skipped.empty());
  const Ranks ranks = RankAll(built.generation(), ReadQuestions(questions));
  const double found_first = Ranks::ShareWithin(ranks.passages, 1);
  const double found_three = Ranks::ShareWithin(ranks.passages, 3);
  testing::Test::RecordProperty("first", std::to_string(found_first));
  testing::Test::RecordProperty("first_three", std::to_string(found_three));
  EXPECT_GE(found_first, first);
  EXPECT_GE(found_three, first_three);
}

TEST(Seeds, AnswerTheirQuestions) {
  ExpectFound(BuiltCollection({kSeeds}), kSeedQuestions, 0.80, 0.95);
}

TEST(Seeds, AnswerTheirQuestionsAmongWikipediaArticles) {
  FOOTNOTE_NEEDS_SHARED(kWikipediaArticles);
  const TempFolder folder;
  const std::string articles = UnpackWikipediaArticles(folder);
  ASSERT_FALSE(HasFailure());
  ExpectFound(BuiltCollection({kSeeds, articles}), kSeedQuestions, 0.80, 0.95);
}

TEST(Originals, AnswerTheirQuestions) {
  FOOTNOTE_NEEDS_SHARED("sources");
  ExpectFound(BuiltCollection({SharedFolder() + "/sources"}), kSourceQuestions,
              0.90, 0.95);
}

}  // namespace
}  // namespace footnote
