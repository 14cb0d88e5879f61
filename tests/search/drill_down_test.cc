// Facets without the filter on their own field, against a look at every
// passage.

#include "server/search/drill_down.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/search/searcher.h"
#include "tests/search/brute_force.h"
#include "tests/search/facet_tally.h"
#include "tests/search/plain_filter.h"
#include "tests/search/same_results.h"
#include "tests/search/split_generations.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

const std::vector<std::string> kFields = {
    "entity", "entity_type", "source_type", "language",    "date",
    "year",   "tags",        "author.name", "author.born", "metadata.language"};

Filter Tree(Filter::Kind kind, std::vector<Filter> parts) {
  Filter filter;
  filter.kind = kind;
  filter.parts = std::move(parts);
  return filter;
}

Filter Condition(const std::string& field, FilterOperator op,
                 std::vector<FilterValue> values) {
  Filter filter;
  filter.kind = Filter::Kind::kCondition;
  filter.field = field;
  filter.op = op;
  filter.values = std::move(values);
  return filter;
}

// "metadata.year" and "year" are one field, "metadata.language" and "language"
// are not.
std::string FieldOf(const std::string& name) {
  return name == "metadata.year" ? "year" : name;
}

// Whether a passage meets a filter, or would without its conditions on a field.
bool MeetsWithout(const std::string& field, const Passage& passage,
                  const Filter& filter) {
  if (filter.kind == Filter::Kind::kCondition) {
    return FieldOf(filter.field) == FieldOf(field) || Meets(passage, filter);
  }
  if (filter.kind != Filter::Kind::kAll) {
    return Meets(passage, filter);
  }
  return std::all_of(
      filter.parts.begin(), filter.parts.end(),
      [&](const Filter& part) { return MeetsWithout(field, passage, part); });
}

class DrillDowns : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    split_ = new SplitGenerations(SplitCorpus(19, 80));
    brute_ = new BruteForce(split_->whole());
  }
  static void TearDownTestSuite() {
    delete brute_;
    delete split_;
  }

  static SplitGenerations* split_;
  static BruteForce* brute_;
};

SplitGenerations* DrillDowns::split_ = nullptr;
BruteForce* DrillDowns::brute_ = nullptr;

// Conditions on fields of facets, alone, together, and with others around.
Filter RandomFilter(RandomDocuments* random, RandomFilters* filters) {
  const auto condition = [&] {
    switch (random->Below(5)) {
      case 0:
        return Condition("language", FilterOperator::kIn, {"en", "ja"});
      case 1:
        return Condition("source_type", FilterOperator::kEq, {"news"});
      case 2:
        return Condition("metadata.year", FilterOperator::kGte, {2021.0});
      case 3:
        return Condition("entity", FilterOperator::kNe, {"ORG/aws"});
      default:
        return Condition("date", FilterOperator::kGt, {"2022"});
    }
  };
  Filter filter = Tree(Filter::Kind::kAll, {condition(), condition()});
  switch (random->Below(4)) {
    case 0:
      return condition();
    case 1:
      filter.parts.push_back(filters->Make(3));
      break;
    case 2:
      filter.parts.push_back(
          Tree(Filter::Kind::kAll, {condition(), filters->Make(2)}));
      break;
    default:
      filter.parts.push_back(
          Tree(random->Below(2) == 0 ? Filter::Kind::kAny : Filter::Kind::kNot,
               {condition()}));
  }
  return filter;
}

// Counts a facet by hand, and compares; returns how many passages it is over.
uint64_t ExpectFacet(const Facet& facet, const FacetSpec& spec,
                     const Filter& filter, const std::vector<PlainHit>& hits) {
  constexpr size_t kMonth = 7;
  FacetTally tally;
  uint64_t counted = 0;
  for (const PlainHit& hit : hits) {
    const Passage& passage = hit.passage->passage;
    if (spec.without_own_filter ? MeetsWithout(spec.field, passage, filter)
                                : Meets(passage, filter)) {
      tally.Add(ValuesOf(spec.field, passage, kMonth), passage);
      ++counted;
    }
  }
  tally.ExpectEqual(facet, spec.limit);
  return counted;
}

// Facets of all fields, some of them without the filter on their own; one
// twice.
std::vector<FacetSpec> RandomFacets(RandomDocuments* random) {
  std::vector<FacetSpec> facets;
  for (const std::string& field : kFields) {
    facets.push_back(
        {field, 3,
         field == "date" ? DateInterval::kMonth : DateInterval::kDefault});
    facets.back().without_own_filter = random->Below(3) > 0;
  }
  facets.push_back({"language", 3});
  return facets;
}

TEST_F(DrillDowns, CountWhatALookAtEveryPassageCounts) {
  RandomDocuments random(51);
  RandomFilters filters(52);
  int wider = 0;
  for (int i = 0; i < 300; ++i) {
    SearchOptions options;
    options.query = split_->corpus().Query(&random);
    options.filter = RandomFilter(&random, &filters);
    options.limit = 1;
    options.facets = RandomFacets(&random);
    std::vector<PlainHit> hits = brute_->Search(options.query);
    if (!hits.empty() && i % 3 == 0) {
      options.ranking.excluded = {
          {ResultId::Kind::kPassage, hits[0].passage->passage.passage_id}};
      hits.erase(hits.begin());
    }
    const auto result = Search(View(*split_->all()[i % 4]), options, {});
    ASSERT_THAT(result, IsOk());
    ASSERT_EQ(result->facets.size(), options.facets.size());
    for (size_t k = 0; k < options.facets.size(); ++k) {
      const uint64_t counted = ExpectFacet(result->facets[k], options.facets[k],
                                           *options.filter, hits);
      wider += counted > result->count->passages ? 1 : 0;
    }
    ASSERT_FALSE(HasFailure()) << options.query << i;
  }
  EXPECT_GT(wider, 150);
}

// With words that must be met, everything that may be found comes of the query.
TEST_F(DrillDowns, KeepTheConditionsOfTheQuery) {
  SearchOptions options;
  options.query = "+fox language:en";
  options.limit = 1;
  options.facets = {{"language"}};
  const auto all = Search(View(split_->whole()), options, {});
  options.filter = Condition("language", FilterOperator::kEq, {"de"});
  options.facets[0].without_own_filter = true;
  for (const auto& generation : split_->all()) {
    const auto result = Search(View(*generation), options, {});
    ASSERT_THAT(result, IsOk());
    EXPECT_EQ(result->count->passages, 0U);
    ASSERT_EQ(result->facets[0].values.size(), 1U);
    ExpectSameFacet(result->facets[0], all->facets[0]);
  }
}

TEST(WithoutField, TakesOutWhatStandsAloneOrInAndsAlone) {
  const Filter own = Condition("year", FilterOperator::kEq, {2024.0});
  const Filter other = Condition("language", FilterOperator::kEq, {"en"});
  EXPECT_TRUE(WithoutField(own, "year").has_value());
  EXPECT_TRUE(WithoutField(own, "metadata.year").has_value());
  EXPECT_FALSE(WithoutField(other, "year").has_value());
  EXPECT_FALSE(WithoutField(other, "metadata.language").has_value());
  EXPECT_FALSE(
      WithoutField(Tree(Filter::Kind::kNot, {own}), "year").has_value());
  EXPECT_FALSE(
      WithoutField(Tree(Filter::Kind::kAny, {own}), "year").has_value());
  const Filter tree =
      Tree(Filter::Kind::kAll, {other, Tree(Filter::Kind::kAll, {own, other}),
                                Tree(Filter::Kind::kAny, {own, other})});
  const auto rest = WithoutField(tree, "year");
  ASSERT_TRUE(rest.has_value());
  EXPECT_THAT(*rest,
              testing::UnorderedElementsAre(
                  tree.parts.data(), &tree.parts[1].parts[1], &tree.parts[2]));
}

}  // namespace
}  // namespace footnote::search
