// Counting on another thread gives what counting on the same one gives.

#include "server/search/counting.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/query.h"
#include "tests/search/same_results.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

class CountingAside : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    collection_ = new GrowingCollection;
    generation_ = SplitCorpus(71, 1500).BuildSplit(2, collection_);
  }
  static void TearDownTestSuite() {
    generation_.reset();
    delete collection_;
  }

  CountingAside() : view_(*generation_) {
    options_.facets = {{"entity"}, {"entity_type"}, {"language"}, {"date"}};
    statistics_.words.emplace_back().terms = {"fox"};
    // Enough to count for another thread.
    statistics_.words.front().frequency = 1'000'000;
  }

  Counting Make() {
    return {{view_, statistics_, allowed_, options_, memory_, all_allowed_,
             drill_downs_},
            deadline_};
  }

  void ExpectCounts(const absl::StatusOr<Counts>& counts) {
    const auto expected = CountMatches({view_, statistics_, allowed_, options_,
                                        memory_, all_allowed_, drill_downs_},
                                       deadline_);
    ASSERT_THAT(expected, IsOk());
    ASSERT_THAT(counts, IsOk());
    EXPECT_GT(expected->count->passages, 0U);
    ExpectSameCount(*counts->count, *expected->count);
    ASSERT_EQ(counts->facets.size(), expected->facets.size());
    for (size_t i = 0; i < counts->facets.size(); ++i) {
      EXPECT_EQ(counts->facets[i].values.size(),
                expected->facets[i].values.size());
    }
  }

  static GrowingCollection* collection_;
  static std::shared_ptr<const index::Generation> generation_;
  View view_;
  SearchOptions options_;
  Statistics statistics_;
  std::vector<PassageSet> allowed_;
  bool all_allowed_ = false;
  std::vector<DrillDown> drill_downs_;
  MemoryBudget memory_{kDefaultMemory};
  Deadline deadline_;
};

GrowingCollection* CountingAside::collection_ = nullptr;
std::shared_ptr<const index::Generation> CountingAside::generation_;

TEST_F(CountingAside, GivesWhatTheOtherThreadCounted) {
  std::thread other;
  Counting counting = Make();
  counting.Begin([&](std::function<void()> task) {
    other = std::thread(std::move(task));
    return true;
  });
  ASSERT_TRUE(other.joinable());
  ExpectCounts(counting.Finish());
  other.join();
}

TEST_F(CountingAside, IsDoneHereWhereNoThreadIsFree) {
  Counting counting = Make();
  counting.Begin([](const std::function<void()>&) { return false; });
  ExpectCounts(counting.Finish());
  Counting alone = Make();
  alone.Begin({});
  ExpectCounts(alone.Finish());
}

// The other thread may come when the search has ended.
TEST_F(CountingAside, IsTakenBackWhereTheOtherThreadHasNotBegun) {
  std::vector<std::function<void()>> late;
  const auto keep = [&](std::function<void()> task) {
    late.push_back(std::move(task));
    return true;
  };
  {
    Counting counting = Make();
    counting.Begin(keep);
    ExpectCounts(counting.Finish());
    Counting unused = Make();
    unused.Begin(keep);
  }
  ASSERT_EQ(late.size(), 2U);
  for (const auto& task : late) {
    task();
  }
}

TEST_F(CountingAside, DoesNotPayForLittle) {
  const auto fail = [](const std::function<void()>&) {
    ADD_FAILURE();
    return true;
  };
  statistics_.words.front().frequency = 10;
  Make().Begin(fail);
  statistics_.words.front().frequency = 1'000'000;
  options_.count = false;
  options_.facets.clear();
  Make().Begin(fail);
}

// Whole searches, with a thread for each that asks for one.
TEST_F(CountingAside, ChangesNoAnswer) {
  constexpr const char* kQueries[] = {"the of fox running river bank market",
                                      "fox* r* prices", "fox river running",
                                      "the fox"};
  int aside = 0;
  std::vector<std::thread> threads;
  for (const char* query : kQueries) {
    SearchOptions options;
    options.query = query;
    options.facets = {{"entity"}, {"language"}, {"date"}};
    const auto plain = Search(view_, options, {});
    const auto beside =
        Search(view_, options, {}, [&](std::function<void()> task) {
          ++aside;
          threads.emplace_back(std::move(task));
          return true;
        });
    ASSERT_THAT(plain, IsOk());
    ASSERT_THAT(beside, IsOk());
    ExpectSameResult(*beside, *plain);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(aside, 0);
}

}  // namespace
}  // namespace footnote::search
