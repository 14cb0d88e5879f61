// Finding words with edits, against the matrix of edits written out.

#include "server/grounding/word_alignment.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::grounding {
namespace {

using Words = std::vector<uint32_t>;

uint32_t EditsBetween(const Words& a, const Words& b) {
  std::vector<uint32_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) {
    row[j] = static_cast<uint32_t>(j);
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    uint32_t corner = row[0];
    row[0] = static_cast<uint32_t>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const uint32_t replaced = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// The fewest edits between the pattern and any stretch of the text.
uint32_t FewestEdits(const Words& pattern, const Words& text) {
  auto best = static_cast<uint32_t>(pattern.size());
  for (size_t start = 0; start < text.size(); ++start) {
    for (size_t end = start + 1; end <= text.size(); ++end) {
      best = std::min(
          best,
          EditsBetween(pattern, {text.begin() + static_cast<ptrdiff_t>(start),
                                 text.begin() + static_cast<ptrdiff_t>(end)}));
    }
  }
  return best;
}

Words RandomWords(std::mt19937& random, size_t size, uint32_t distinct) {
  std::uniform_int_distribution<uint32_t> word(0, distinct - 1);
  Words words(size);
  std::generate(words.begin(), words.end(), [&] { return word(random); });
  return words;
}

Words Slice(const Words& words, const Stretch& stretch) {
  return {words.begin() + static_cast<ptrdiff_t>(stretch.start),
          words.begin() + static_cast<ptrdiff_t>(stretch.end)};
}

void ExpectDifferencesOf(const Words& quote, const Words& text,
                         uint32_t edits) {
  const auto differences = FindDifferences(quote, text, edits);
  ASSERT_TRUE(differences.has_value());
  size_t changed = 0;
  size_t i = 0;
  size_t j = 0;
  for (const WordDifference& difference : *differences) {
    while (i < difference.quote_start) {
      ASSERT_EQ(quote[i++], text[j++]);
    }
    EXPECT_EQ(j, difference.text_start);
    changed += std::max(difference.quote_end - difference.quote_start,
                        difference.text_end - difference.text_start);
    i = difference.quote_end;
    j = difference.text_end;
  }
  EXPECT_LE(changed, edits);
  EXPECT_EQ(Words(quote.begin() + static_cast<ptrdiff_t>(i), quote.end()),
            Words(text.begin() + static_cast<ptrdiff_t>(j), text.end()));
}

void ExpectFound(const Words& quote, const Words& text, uint32_t distinct) {
  const WordPattern pattern(quote, distinct);
  const auto most = static_cast<uint32_t>(quote.size()) - 1;
  const auto found = pattern.FindIn(text, most, {});
  ASSERT_THAT(found, IsOk());
  const uint32_t fewest = FewestEdits(quote, text);
  ASSERT_EQ(!found->empty(), fewest <= most);
  if (found->empty()) {
    return;
  }
  EXPECT_EQ(found->front().edits, fewest);
  for (const Stretch& stretch : *found) {
    EXPECT_EQ(EditsBetween(quote, Slice(text, stretch)), stretch.edits);
    ExpectDifferencesOf(quote, Slice(text, stretch), stretch.edits);
  }
}

TEST(WordPattern, FindsTheFewestEdits) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const uint32_t distinct = 2 + round % 9;
    const Words quote = RandomWords(random, 1 + round % 12, distinct);
    ExpectFound(quote, RandomWords(random, 20, distinct), distinct);
  }
}

TEST(WordPattern, FindsLongPatternsAcrossBlocks) {
  std::mt19937 random(2);
  constexpr uint32_t kDistinct = 40;
  for (const size_t size : {63U, 64U, 65U, 128U, 200U}) {
    const Words quote = RandomWords(random, size, kDistinct);
    Words text = RandomWords(random, 30, kDistinct);
    text.insert(text.end(), quote.begin(), quote.end());
    text[35] = kOtherWord;
    text.erase(text.begin() + 45);
    text.insert(text.begin() + 60, 3);
    text.push_back(1);
    const auto found = WordPattern(quote, kDistinct).FindIn(text, 10, {});
    ASSERT_THAT(found, IsOk());
    ASSERT_FALSE(found->empty());
    EXPECT_EQ(found->front().start, 30U);
    EXPECT_EQ(found->front().end, 30 + size);
    EXPECT_EQ(found->front().edits,
              EditsBetween(quote, Slice(text, found->front())));
  }
}

TEST(WordPattern, TakesAReplacedWordAtAnEndWithIt) {
  const Words text = {9, 9, 0, 1, 2, 7, 9, 9};
  const auto last = WordPattern({0, 1, 2, 3}, 10).FindIn(text, 1, {});
  ASSERT_THAT(last, IsOk());
  EXPECT_EQ(last->front(), (Stretch{1, 2, 6}));
  const auto first = WordPattern({4, 1, 2, 7}, 10).FindIn(text, 1, {});
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->front(), (Stretch{1, 2, 6}));
}

TEST(WordPattern, FindsAllPlaces) {
  const Words text = {0, 1, 2, 8, 8, 8, 8, 0, 5, 2, 8, 8, 8, 0, 1, 2};
  const auto found = WordPattern({0, 1, 2}, 10).FindIn(text, 1, {});
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(*found, (std::vector<Stretch>{{0, 0, 3}, {0, 13, 16}, {1, 7, 10}}));
}

TEST(WordPattern, StopsAtTheDeadline) {
  search::Deadline deadline;
  deadline.time = std::chrono::steady_clock::now();
  EXPECT_THAT(
      WordPattern({0, 1}, 2).FindIn({0, 1}, 0, deadline),
      FailsWith(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

TEST(FindDifferences, PutsEditsInARowTogether) {
  const auto differences =
      FindDifferences({0, 1, 2, 3, 4, 5}, {0, 7, 8, 3, 5}, 3);
  ASSERT_TRUE(differences.has_value());
  EXPECT_EQ(*differences,
            (std::vector<WordDifference>{{1, 3, 1, 3}, {4, 5, 4, 4}}));
}

TEST(FindDifferences, LeavesOutWhatWouldTakeTooMuch) {
  const Words words(20000, 0);
  EXPECT_FALSE(FindDifferences(words, words, 5000).has_value());
  EXPECT_TRUE(FindDifferences(words, words, 10).has_value());
}

}  // namespace
}  // namespace footnote::grounding
