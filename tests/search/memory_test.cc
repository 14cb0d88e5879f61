// A search takes no more memory than it may, and says so where it would.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/memory_budget.h"
#include "server/search/memory_estimates.h"
#include "server/search/searcher.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;

TEST(MemoryBudget, GivesNoMoreThanThereIs) {
  MemoryBudget budget(100);
  EXPECT_THAT(budget.Take(60, "one"), IsOk());
  EXPECT_THAT(budget.Take(41, "two"),
              FailsWith(StatusCode::kResourceExhausted, "SEARCH_TOO_LARGE"));
  EXPECT_THAT(budget.Take(40, "three"), IsOk());
  EXPECT_EQ(budget.taken(), 100U);
  budget.Release(60);
  EXPECT_EQ(budget.taken(), 40U);
}

TEST(MemoryUse, GivesBackWhatItTook) {
  MemoryBudget budget(100);
  {
    MemoryUse use(budget);
    EXPECT_THAT(use.Take(30, "one"), IsOk());
    EXPECT_THAT(use.Take(30, "two"), IsOk());
    EXPECT_FALSE(use.Take(50, "three").ok());
    EXPECT_EQ(budget.taken(), 60U);
  }
  EXPECT_EQ(budget.taken(), 0U);
}

TEST(MemoryOf, GrowsWithWhatItIsOf) {
  Query query;
  query.words.resize(1);
  const uint64_t one = MemoryOf(query);
  query.words.resize(100);
  EXPECT_EQ(MemoryOf(query), 100 * one);
  query.words.front().stems.assign(12, "en:word");
  EXPECT_GT(MemoryOf(query), 100 * one);
  Statistics statistics;
  statistics.words.resize(1);
  const uint64_t absent = MemoryOf(statistics);
  statistics.words.front().terms = {"a", "b", "c"};
  // Three posting lists, each with blocks of 8 KiB.
  EXPECT_GT(MemoryOf(statistics), absent + uint64_t{3} * 8192);
}

class SearchMemory : public testing::Test {
 protected:
  SearchMemory() : corpus_(81, 60) {
    generation_ = corpus_.BuildSplit(2, &collection_);
    options_.query = "fox running river";
    options_.facets = {{"entity"}};
  }

  absl::Status Ask(uint64_t bytes) {
    options_.memory_bytes = bytes;
    return Search(View(*generation_), options_, {}).status();
  }

  // Returns the least memory that the search can do with, in KiB.
  uint64_t Least() {
    uint64_t low = 0;
    uint64_t high = kDefaultMemory >> 10;
    EXPECT_THAT(Ask(high << 10), IsOk());
    while (low + 1 < high) {
      const uint64_t middle = (low + high) / 2;
      (Ask(middle << 10).ok() ? high : low) = middle;
    }
    return high;
  }

  GrowingCollection collection_;
  SplitCorpus corpus_;
  std::shared_ptr<const index::Generation> generation_;
  SearchOptions options_;
};

TEST_F(SearchMemory, IsRefusedAtEveryStep) {
  for (uint64_t bytes = 1; bytes < 16 << 20; bytes *= 4) {
    EXPECT_THAT(Ask(bytes),
                FailsWith(StatusCode::kResourceExhausted, "SEARCH_TOO_LARGE"));
  }
}

TEST_F(SearchMemory, IsMoreForMore) {
  const uint64_t plain = Least();
  EXPECT_LT(plain, 32U << 10);
  options_.query = "fox running river f* r* p* s* t* a* b* c* m* n*";
  const uint64_t prefixes = Least();
  EXPECT_GT(prefixes, plain + 1000);
  options_.query += " rare1 rare2 rare3 rare4 market prices bank";
  EXPECT_GT(Least(), prefixes);
}

}  // namespace
}  // namespace footnote::search
