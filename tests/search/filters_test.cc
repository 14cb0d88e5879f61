// Filters against a plain look at every passage.

#include "server/search/filter.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/searcher.h"
#include "tests/search/brute_force.h"
#include "tests/search/facet_tally.h"
#include "tests/search/plain_filter.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;

Filter Condition(const std::string& field, FilterOperator op,
                 std::vector<FilterValue> values) {
  Filter filter;
  filter.kind = Filter::Kind::kCondition;
  filter.field = field;
  filter.op = op;
  filter.values = std::move(values);
  return filter;
}

Filter Tree(Filter::Kind kind, std::vector<Filter> parts) {
  Filter filter;
  filter.kind = kind;
  filter.parts = std::move(parts);
  return filter;
}

class Filters : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    corpus_ = new SplitCorpus(9, 120);
    split_collection_ = new GrowingCollection;
    split_ = corpus_->BuildSplit(5, split_collection_);
    GrowingCollection whole;
    const auto generation = corpus_->BuildWhole(&whole);
    brute_ = new BruteForce(*generation);
  }
  static void TearDownTestSuite() {
    split_.reset();
    delete brute_;
    delete split_collection_;
    delete corpus_;
  }

  // Returns the ids of all passages with "so" or "fox" that meet a filter.
  static std::set<std::string> Matching(const Filter& filter) {
    SearchOptions options;
    options.query = "so fox";
    options.filter = filter;
    options.limit = 5000;
    const auto result = Search(View(*split_), options, {});
    EXPECT_THAT(result, IsOk());
    std::set<std::string> ids;
    if (result.ok()) {
      for (const Passage& passage : result->passages) {
        ids.insert(passage.passage_id);
      }
    }
    return ids;
  }

  static SplitCorpus* corpus_;
  static GrowingCollection* split_collection_;
  static std::shared_ptr<const index::Generation> split_;
  static BruteForce* brute_;
};

SplitCorpus* Filters::corpus_ = nullptr;
GrowingCollection* Filters::split_collection_ = nullptr;
std::shared_ptr<const index::Generation> Filters::split_;
BruteForce* Filters::brute_ = nullptr;

// Counts what `hits` have by hand, and compares.
void ExpectCounts(const SearchResult& result,
                  const std::vector<PlainHit>& hits) {
  constexpr uint32_t kListed = 2;
  constexpr size_t kMonth = 7;
  std::map<std::string, FacetTally> tallies;
  std::set<std::string> documents;
  for (const PlainHit& hit : hits) {
    const Passage& passage = hit.passage->passage;
    documents.insert(passage.document.document_id);
    for (const Facet& facet : result.facets) {
      tallies[facet.field].Add(ValuesOf(facet.field, passage, kMonth), passage);
    }
  }
  EXPECT_EQ(result.count->passages, hits.size());
  EXPECT_EQ(result.count->documents, documents.size());
  for (const Facet& facet : result.facets) {
    tallies[facet.field].ExpectEqual(facet, kListed);
  }
}

// Hits, their scores, counts and facets. Scores are those of the same formulas
// over all passages: a filter changes who takes part, not what it is worth.
TEST_F(Filters, KeepWhatALookAtEveryPassageKeeps) {
  RandomDocuments random(41);
  std::vector<std::string> ids;
  for (const PlainPassage& passage : brute_->passages()) {
    ids.push_back(passage.passage.passage_id);
  }
  ids.emplace_back("none");
  RandomFilters filters(42, ids);
  uint64_t found = 0;
  int some_kept = 0;  // queries of which a filter keeps a part
  for (int i = 0; i < 1000; ++i) {
    SearchOptions options;
    options.query = corpus_->Query(&random);
    options.filter = filters.Make(1 + random.Below(4));
    options.limit = static_cast<uint32_t>(1 + random.Below(100));
    options.offset = static_cast<uint32_t>(random.Below(2) * random.Below(90));
    for (const char* field :
         {"entity", "entity_type", "source_type", "language", "date", "year",
          "rating", "open", "tags", "author.name", "author.born", "seen",
          "nobody"}) {
      const bool is_date = std::string_view(field) == "date";
      options.facets.push_back(
          {field, 2, is_date ? DateInterval::kMonth : DateInterval::kDefault});
    }
    const std::vector<PlainHit> hits =
        brute_->Search(options.query, [&](const PlainPassage& passage) {
          return Meets(passage.passage, *options.filter);
        });
    const auto result = Search(View(*split_), options, {});
    ASSERT_THAT(result, IsOk());
    ExpectCounts(*result, hits);
    const size_t start = std::min<size_t>(options.offset, hits.size());
    const size_t end = std::min<size_t>(start + options.limit, hits.size());
    EXPECT_EQ(result->has_more, end < hits.size());
    ASSERT_EQ(result->passages.size(), end - start);
    for (size_t k = start; k < end; ++k) {
      const Passage& passage = result->passages[k - start];
      EXPECT_EQ(passage.passage_id, hits[k].passage->passage.passage_id);
      EXPECT_EQ(passage.score, hits[k].score);
    }
    ASSERT_FALSE(HasFailure()) << options.query << " " << i;
    found += end - start;
    some_kept +=
        !hits.empty() && hits.size() < brute_->Search(options.query).size() ? 1
                                                                            : 0;
  }
  EXPECT_GT(found, 10000U);
  EXPECT_GT(some_kept, 300);
}

// Where all matches are looked at again, a filter leaves every score as it is.
TEST_F(Filters, DoNotChangeScores) {
  RandomDocuments random(43);
  RandomFilters filters(44);
  int compared = 0;
  for (int i = 0; i < 200; ++i) {
    SearchOptions options;
    options.query = "rare" + std::to_string(random.Below(40)) + " rare" +
                    std::to_string(random.Below(40));
    options.limit = 44;
    const auto all = Search(View(*split_), options, {});
    ASSERT_THAT(all, IsOk());
    ASSERT_FALSE(all->has_more);
    std::map<std::string, std::pair<double, double>> scores;
    for (const Passage& passage : all->passages) {
      scores[passage.passage_id] = {passage.score, passage.relevance};
    }
    options.filter = filters.Make(3);
    const auto some = Search(View(*split_), options, {});
    ASSERT_THAT(some, IsOk());
    for (const Passage& passage : some->passages) {
      EXPECT_EQ(scores.at(passage.passage_id),
                std::pair(passage.score, passage.relevance));
      ++compared;
    }
  }
  EXPECT_GT(compared, 300);
}

TEST_F(Filters, OfAllAreNoneAndOfNothingAreAll) {
  const auto all = Matching(Tree(Filter::Kind::kAll, {}));
  EXPECT_GT(all.size(), 100U);
  EXPECT_TRUE(Matching(Tree(Filter::Kind::kAny, {})).empty());
  const Filter exists = Condition("document_id", FilterOperator::kExists, {});
  EXPECT_EQ(Matching(exists), all);
  EXPECT_TRUE(Matching(Tree(Filter::Kind::kNot, {exists})).empty());
  for (const char* field : {"language", "date", "entity"}) {
    EXPECT_TRUE(Matching(Condition(field, FilterOperator::kIn, {})).empty());
    EXPECT_EQ(Matching(Condition(field, FilterOperator::kNin, {})), all);
    // What exists and what does not make up everything.
    auto both = Matching(Condition(field, FilterOperator::kExists, {}));
    both.merge(Matching(Tree(Filter::Kind::kNot,
                             {Condition(field, FilterOperator::kExists, {})})));
    EXPECT_EQ(both, all);
  }
}

TEST(CheckFilter, TakesWhatThereIs) {
  RandomFilters filters(45);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(CheckFilter(filters.Make(5)), IsOk());
  }
}

struct BadCase {
  const char* name;
  Filter filter;
  const char* reason;
};

void PrintTo(const BadCase& test, std::ostream* out) { *out << test.name; }

class BadFilters : public testing::TestWithParam<BadCase> {};

TEST_P(BadFilters, AreRefusedAtAnyDepth) {
  const Filter good = Condition("language", FilterOperator::kEq, {"en"});
  for (const Filter& filter :
       {GetParam().filter, Tree(Filter::Kind::kNot, {GetParam().filter}),
        Tree(Filter::Kind::kAny,
             {good, Tree(Filter::Kind::kAll, {good, GetParam().filter})})}) {
    const absl::Status status = CheckFilter(filter);
    EXPECT_THAT(status,
                FailsWith(StatusCode::kInvalidArgument, GetParam().reason));
    EXPECT_EQ(GetErrorDetails(status).at("field"), "filter");
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadFilters,
    testing::Values(
        BadCase{"NoField", Condition("", FilterOperator::kExists, {}),
                "FILTER_FIELD_UNKNOWN"},
        BadCase{"NoMetadataField",
                Condition("metadata.", FilterOperator::kExists, {}),
                "FILTER_FIELD_UNKNOWN"},
        BadCase{"NumberForBuiltIn",
                Condition("language", FilterOperator::kIn, {"en", 1.0}),
                "FILTER_VALUE_INVALID"},
        BadCase{"BoolForDate", Condition("date", FilterOperator::kEq, {true}),
                "FILTER_VALUE_INVALID"},
        BadCase{"NumberStartsWith",
                Condition("year", FilterOperator::kStartsWith, {2.0}),
                "FILTER_VALUE_INVALID"},
        BadCase{"BoolContains",
                Condition("open", FilterOperator::kContains, {true}),
                "FILTER_VALUE_INVALID"},
        BadCase{"NotANumber", Condition("year", FilterOperator::kLt, {NAN}),
                "FILTER_VALUE_INVALID"},
        BadCase{"Infinite",
                Condition("year", FilterOperator::kIn, {1.0, INFINITY}),
                "FILTER_VALUE_INVALID"},
        BadCase{"PassageIdRange",
                Condition("passage_id", FilterOperator::kLt, {"A"}),
                "FILTER_OPERATOR_INVALID"},
        BadCase{"PassageIdPart",
                Condition("passage_id", FilterOperator::kContains, {"A"}),
                "FILTER_OPERATOR_INVALID"},
        BadCase{"DateStartsWith",
                Condition("date", FilterOperator::kStartsWith, {"2026"}),
                "FILTER_OPERATOR_INVALID"},
        BadCase{"DateContains",
                Condition("date", FilterOperator::kContains, {"2026"}),
                "FILTER_OPERATOR_INVALID"},
        BadCase{"NoValue", Condition("language", FilterOperator::kEq, {}),
                "FILTER_VALUE_INVALID"},
        BadCase{"TwoValues",
                Condition("language", FilterOperator::kLt, {"a", "b"}),
                "FILTER_VALUE_INVALID"},
        BadCase{"ExistsWithValue",
                Condition("entity", FilterOperator::kExists, {"x"}),
                "FILTER_VALUE_INVALID"},
        BadCase{"NoDate", Condition("date", FilterOperator::kEq, {"today"}),
                "FILTER_VALUE_INVALID"},
        BadCase{"NoMonth", Condition("date", FilterOperator::kEq, {"2026-13"}),
                "FILTER_VALUE_INVALID"},
        BadCase{"NoDay", Condition("date", FilterOperator::kEq, {"2026-02-30"}),
                "FILTER_VALUE_INVALID"},
        BadCase{
            "TimeOfDay",
            Condition("date", FilterOperator::kEq, {"2026-02-03T10:00:00Z"}),
            "FILTER_VALUE_INVALID"},
        BadCase{"EmptyDate", Condition("date", FilterOperator::kEq, {""}),
                "FILTER_VALUE_INVALID"},
        BadCase{"SecondDate",
                Condition("date", FilterOperator::kIn, {"2026", "soon"}),
                "FILTER_VALUE_INVALID"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CheckFilter, HasLimitsOfDepthAndSize) {
  Filter filter = Condition("language", FilterOperator::kEq, {"en"});
  for (uint32_t depth = 1; depth < kMaxFilterDepth; ++depth) {
    filter = Tree(Filter::Kind::kNot, {filter});
  }
  EXPECT_THAT(CheckFilter(filter), IsOk());
  EXPECT_THAT(CheckFilter(Tree(Filter::Kind::kNot, {filter})),
              FailsWith(StatusCode::kInvalidArgument, "FILTER_TOO_LARGE"));
  const std::vector<FilterValue> values(kMaxFilterValues, "en");
  filter = Condition("language", FilterOperator::kIn, values);
  EXPECT_THAT(CheckFilter(Tree(Filter::Kind::kNot, {filter})), IsOk());
  filter.values.emplace_back("de");
  EXPECT_THAT(CheckFilter(filter),
              FailsWith(StatusCode::kInvalidArgument, "FILTER_TOO_LARGE"));
  const Filter one = Condition("year", FilterOperator::kEq, {1.0});
  filter =
      Tree(Filter::Kind::kAny, std::vector<Filter>(kMaxFilterParts - 1, one));
  EXPECT_THAT(CheckFilter(filter), IsOk());
  filter.parts.push_back(one);
  EXPECT_THAT(CheckFilter(filter),
              FailsWith(StatusCode::kInvalidArgument, "FILTER_TOO_LARGE"));
}

TEST_F(Filters, AreCheckedBySearch) {
  SearchOptions options;
  options.query = "fox";
  options.filter = Condition("", FilterOperator::kEq, {"x"});
  const auto result = Search(View(*split_), options, {});
  EXPECT_THAT(result,
              FailsWith(StatusCode::kInvalidArgument, "FILTER_FIELD_UNKNOWN"));
}

}  // namespace
}  // namespace footnote::search
