// A search that runs out of its own time answers with what it has; one that
// runs out of its caller's does not.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/page.h"
#include "server/search/searcher.h"
#include "tests/search/same_results.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;
using std::chrono::microseconds;
using std::chrono::steady_clock;

class TimeLimit : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    collection_ = new GrowingCollection;
    generation_ = SplitCorpus(51, 200).BuildSplit(3, collection_);
  }
  static void TearDownTestSuite() {
    generation_.reset();
    delete collection_;
  }

  TimeLimit() {
    options_.query = "fox running river market prices bank r* rare1 rare2";
    options_.limit = 50;
    options_.facets = {{"entity"}, {"language"}};
    Filter filter;
    filter.kind = Filter::Kind::kCondition;
    filter.field = "document_id";
    filter.op = FilterOperator::kContains;
    filter.values = {"s"};
    options_.filter = filter;
  }

  absl::StatusOr<SearchResult> Ask(const Deadline& deadline = {}) {
    return Search(View(*generation_), options_, deadline);
  }

  static GrowingCollection* collection_;
  static std::shared_ptr<const index::Generation> generation_;
  SearchOptions options_;
};

GrowingCollection* TimeLimit::collection_ = nullptr;
std::shared_ptr<const index::Generation> TimeLimit::generation_;

size_t WarningsOf(const SearchResult& result, const std::string& code) {
  return static_cast<size_t>(std::count_if(
      result.warnings.begin(), result.warnings.end(),
      [&](const Warning& warning) { return warning.code == code; }));
}

TEST_F(TimeLimit, ThatIsFarAwayChangesNothing) {
  const auto without = Ask();
  ASSERT_THAT(without, IsOk());
  EXPECT_FALSE(without->truncated);
  EXPECT_EQ(WarningsOf(*without, "TRUNCATED"), 0U);
  ASSERT_TRUE(without->count.has_value());
  EXPECT_GT(without->count->passages, 100U);
  EXPECT_EQ(without->facets.size(), 2U);
  options_.time_limit = steady_clock::now() + std::chrono::hours(1);
  const auto with = Ask();
  ASSERT_THAT(with, IsOk());
  EXPECT_FALSE(with->truncated);
  ExpectSameResult(*with, *without);
}

TEST_F(TimeLimit, ThatHasPassedTruncates) {
  for (const auto limit : {steady_clock::time_point::min(),
                           steady_clock::now() - std::chrono::seconds(1)}) {
    options_.time_limit = limit;
    const auto result = Ask();
    ASSERT_THAT(result, IsOk());
    EXPECT_TRUE(result->truncated);
    EXPECT_EQ(WarningsOf(*result, "TRUNCATED"), 1U);
    EXPECT_TRUE(result->passages.empty());
    EXPECT_FALSE(result->has_more);
    EXPECT_FALSE(result->count.has_value());
    EXPECT_TRUE(result->facets.empty());
    EXPECT_NE(result->executed_query.find("running"), std::string::npos);
  }
}

// Wherever it passes, there is an answer, and all that it says is true.
TEST_F(TimeLimit, MayPassAtAnyPoint) {
  const auto complete = Ask();
  ASSERT_THAT(complete, IsOk());
  const SearchOptions asked = options_;
  options_.limit = 1000;
  std::set<std::string> matching;
  const auto all = Ask();
  ASSERT_THAT(all, IsOk());
  for (const Passage& passage : all->passages) {
    matching.insert(passage.passage_id);
  }
  options_ = asked;
  int truncated = 0;
  bool was_complete = false;
  for (auto limit = microseconds(0); !was_complete;
       limit += limit / 8 + microseconds(5)) {
    ASSERT_LT(limit, std::chrono::minutes(1));
    options_.time_limit = steady_clock::now() + limit;
    const auto result = Ask();
    ASSERT_THAT(result, IsOk());
    EXPECT_EQ(WarningsOf(*result, "TRUNCATED"), result->truncated ? 1U : 0U);
    if (!result->truncated) {
      ExpectSameResult(*result, *complete);
      was_complete = true;
      continue;
    }
    ++truncated;
    if (result->count.has_value()) {  // the page alone was cut short
      ExpectSameCount(*result->count, *complete->count);
    }
    EXPECT_EQ(result->facets.size(), result->count.has_value() ? 2U : 0U);
    EXPECT_TRUE(result->has_more || result->passages.size() == 50U ||
                result->passages.empty());
    double last = result->passages.empty() ? 0 : result->passages[0].score;
    for (const Passage& passage : result->passages) {
      EXPECT_EQ(matching.count(passage.passage_id), 1U);
      EXPECT_GT(passage.score, 0);
      EXPECT_LE(passage.score, last);
      last = passage.score;
    }
  }
  EXPECT_GT(truncated, 3);
}

// What a page of the first `count` passages of the first segment comes to.
struct SmallPage {
  absl::Status status;
  size_t passages = 0;
  size_t highlights = 0;
  bool cut_short = false;
};

SmallPage BuildPage(const index::Generation& generation, uint32_t count,
                    const Deadline& deadline, const Deadline& limit) {
  SearchOptions options;
  options.limit = count;
  const Query query = *ParseQuery("fox running r*", {{"en", 1}});
  const View view(generation);
  const Statistics statistics = *ReadStatistics(view, query, {});
  GenerationWords words(generation, query, statistics, limit);
  std::vector<RankedPassage> best;
  best.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    RankedPassage& ranked = best.emplace_back();
    ranked.passage = i;
  }
  PageBuilder page(generation, options, &words);
  SmallPage built;
  built.status = page.Build(best, deadline, limit);
  built.cut_short = page.cut_short();
  const std::vector<Passage> passages = page.Take();
  built.passages = passages.size();
  for (const Passage& passage : passages) {
    built.highlights += passage.highlights.size();
  }
  return built;
}

// However late it is, an answer has its first passage; never more than that.
TEST_F(TimeLimit, EndsThePageAfterItsFirstPassage) {
  const Deadline past{steady_clock::now() - std::chrono::seconds(1), nullptr};
  const SmallPage whole = BuildPage(*generation_, 20, {}, {});
  EXPECT_THAT(whole.status, IsOk());
  EXPECT_EQ(whole.passages, 20U);
  EXPECT_GT(whole.highlights, 0U);
  EXPECT_FALSE(whole.cut_short);
  const SmallPage cut = BuildPage(*generation_, 20, {}, past);
  EXPECT_THAT(cut.status, IsOk());
  EXPECT_EQ(cut.passages, 1U);
  EXPECT_TRUE(cut.cut_short);
  EXPECT_FALSE(BuildPage(*generation_, 1, {}, past).cut_short);
  EXPECT_THAT(BuildPage(*generation_, 20, past, past).status,
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

// Highlights of words that there was no time to look up are missing, which
// makes the answer one that is cut short.
TEST_F(TimeLimit, CutsTheLookupOfVeryManyWordsShort) {
  const Deadline past{steady_clock::now() - std::chrono::seconds(1), nullptr};
  Query query;
  for (int i = 0; i < 1000; ++i) {
    query.words.emplace_back().word = std::to_string(i);
  }
  const QueryTexts texts(query, {});
  const index::Segment& segment = *generation_->segments().front();
  EXPECT_FALSE(SegmentWords(segment, query, texts, past).is_complete());
  EXPECT_TRUE(SegmentWords(segment, query, texts, {}).is_complete());
}

TEST_F(TimeLimit, IsNoExcuseWhereTheDeadlinePasses) {
  const Deadline past{steady_clock::now() - std::chrono::seconds(1), nullptr};
  const std::atomic<bool> cancelled = true;
  const Deadline gone{steady_clock::time_point::max(), &cancelled};
  for (const Deadline& deadline : {past, gone}) {
    for (const auto limit :
         {steady_clock::time_point::min(), steady_clock::time_point::max()}) {
      options_.time_limit = limit;
      EXPECT_THAT(Ask(deadline), FailsWith(StatusCode::kDeadlineExceeded,
                                           "DEADLINE_EXCEEDED"));
    }
  }
}

TEST_F(TimeLimit, DoesNotHideWhatIsWrongWithTheRequest) {
  options_.time_limit = steady_clock::time_point::min();
  options_.query = " ";
  EXPECT_THAT(Ask(), FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  options_.query = "fox";
  options_.filter->field = "";
  EXPECT_THAT(Ask(),
              FailsWith(StatusCode::kInvalidArgument, "FILTER_FIELD_UNKNOWN"));
  options_.filter.reset();
  options_.facets = {{"document_id"}};
  EXPECT_THAT(Ask(),
              FailsWith(StatusCode::kInvalidArgument, "FACET_FIELD_UNKNOWN"));
}

}  // namespace
}  // namespace footnote::search
