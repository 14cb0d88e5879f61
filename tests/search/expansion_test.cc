#include "server/search/expansion.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/search/edit_distance.h"
#include "tests/testing/edits.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Between one and seven of the letters a, b and c.
std::string RandomWord(std::mt19937& random) {
  std::string word;
  for (size_t length = 1 + random() % 7; length > 0; --length) {
    word += static_cast<char>('a' + random() % 3);
  }
  return word;
}

std::vector<std::string> RandomWords(size_t count, std::mt19937& random) {
  std::vector<std::string> words(count);
  for (std::string& word : words) {
    word = RandomWord(random);
  }
  return words;
}

// Whether one of `words` that begins with `start` is within `most` edits.
bool AnyNear(const std::string& word, uint32_t most, std::string_view start,
             const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& other) {
    return other.starts_with(start) && EditsByTable(word, other) <= most;
  });
}

TEST(EditDistance, IsThatOfTheWholeTableInOrderOrNot) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::string word = RandomWord(random);
    const uint32_t most = random() % 4;
    EditDistance distance(word, most);
    std::vector<std::string> others = RandomWords(100, random);
    if (round % 2 == 0) {
      std::sort(others.begin(), others.end());
    }
    for (const std::string& other : others) {
      const auto found = distance.To(other);
      const uint32_t edits = EditsByTable(word, other);
      ASSERT_EQ(found.has_value(), edits <= most) << word << " " << other;
      ASSERT_EQ(found.value_or(edits), edits) << word << " " << other;
      const size_t dead = distance.dead_bytes();
      ASSERT_TRUE(dead == 0 ||
                  !AnyNear(word, most, other.substr(0, dead), others));
    }
  }
}

TEST(EditDistance, CountsCharacters) {
  EXPECT_EQ(EditDistance("größe", 2).To("grüße"), 1U);
  EXPECT_EQ(EditDistance("река", 1).To("рекс"), 1U);
  EXPECT_EQ(EditDistance("", 1).To("é"), 1U);
  EXPECT_TRUE(IsWithinEdits("река", "реак", 1));
  EXPECT_FALSE(IsWithinEdits("река", "пека", 2));
}

class ExpansionTest : public testing::Test {
 protected:
  ExpansionTest() {
    // Two segments; each word once more often than the one before.
    const std::vector<std::string> words = {"whale", "whales", "while", "white",
                                            "wheat", "shale",  "wahle", "whal",
                                            "река",  "реки"};
    for (size_t i = 0; i < words.size(); ++i) {
      for (size_t k = 0; k <= i; ++k) {
        const std::string id = words[i] + std::to_string(k);
        collection_.Write(id + ".jsonl", JsonLine(id, words[i]));
      }
      if (i == words.size() / 2) {
        EXPECT_THAT(collection_.Build(), IsOk());
      }
    }
    generation_ = collection_.BuildAndOpen();
  }

  std::vector<std::string> Fuzzy(const std::string& word, uint32_t edits,
                                 uint32_t limit = 100) {
    const auto expansion =
        ExpandFuzzy(View(*generation_), word, edits, limit, {});
    EXPECT_THAT(expansion, IsOk());
    return expansion->terms;
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(ExpansionTest, FindsTheNearestThenTheMostFrequent) {
  EXPECT_THAT(Fuzzy("whale", 1),
              ElementsAre("whale", "whal", "wahle", "while", "whales"));
  EXPECT_THAT(Fuzzy("whale", 2), ElementsAre("whale", "whal", "wahle", "while",
                                             "whales", "white"));
  EXPECT_THAT(Fuzzy("whale", 2, 2), ElementsAre("whale", "whal"));
  EXPECT_THAT(Fuzzy("рекк", 1), ElementsAre("реки", "река"));
  EXPECT_THAT(Fuzzy("xhale", 2), IsEmpty());
}

TEST_F(ExpansionTest, SaysWhetherThereAreMore) {
  const View view(*generation_);
  EXPECT_FALSE(ExpandFuzzy(view, "whale", 1, 5, {})->is_cut);
  EXPECT_TRUE(ExpandFuzzy(view, "whale", 1, 4, {})->is_cut);
  EXPECT_FALSE(ExpandPrefix(view, "wh", 6, {})->is_cut);
  const auto cut = ExpandPrefix(view, "wh", 2, {});
  EXPECT_TRUE(cut->is_cut);
  EXPECT_THAT(cut->terms, ElementsAre("whal", "wheat"));
  EXPECT_EQ(cut->frequency, 8U);
}

TEST_F(ExpansionTest, EndsAtTheDeadline) {
  Deadline deadline;
  deadline.time = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  std::string lines;
  for (int i = 0; i < 5000; ++i) {
    lines += JsonLine("w" + std::to_string(i), "wh" + std::to_string(i));
  }
  collection_.Write("many.jsonl", lines);
  generation_ = collection_.BuildAndOpen();
  const View view(*generation_);
  for (const auto& expansion : {ExpandFuzzy(view, "wh12", 2, 10, deadline),
                                ExpandPrefix(view, "wh", 10, deadline)}) {
    EXPECT_THAT(expansion, FailsWith(absl::StatusCode::kDeadlineExceeded,
                                     "DEADLINE_EXCEEDED"));
  }
}

}  // namespace
}  // namespace footnote::search
