// Twelve languages: every question of XQuAD must find its paragraph.

#include <string>

#include <gtest/gtest.h>

#include "tests/relevance/judgements.h"
#include "tests/testing/built_collection.h"
#include "tests/testing/shared_folder.h"
#include "tests/testing/status_matchers.h"

namespace footnote {
namespace {

constexpr const char* kLanguages[] = {"ar", "de", "el", "en", "es", "hi",
                                      "ro", "ru", "th", "tr", "vi", "zh"};
constexpr double kFloorOfEach = 0.93;
constexpr double kFloorOfMean = 0.96;

TEST(Xquad, FindsTheParagraphInEveryLanguage) {
  FOOTNOTE_NEEDS_SHARED("corpora/xquad");
  double sum = 0;
  for (const std::string language : kLanguages) {
    const TempFolder folder;
    const std::vector<Question> questions =
        ReadSquad(SharedFolder() + "/corpora/xquad/xquad." + language + ".json",
                  folder / "paragraphs.jsonl");
    const BuiltCollection built({folder / "paragraphs.jsonl"});
    ASSERT_THAT(built.status(), IsOk());
    const double ndcg =
        Ranks::Ndcg10(RankAll(built.generation(), questions).documents);
    RecordProperty(language, std::to_string(ndcg));
    EXPECT_GE(ndcg, kFloorOfEach) << language;
    sum += ndcg;
  }
  const double mean = sum / std::size(kLanguages);
  RecordProperty("mean", std::to_string(mean));
  EXPECT_GE(mean, kFloorOfMean);
}

}  // namespace
}  // namespace footnote
