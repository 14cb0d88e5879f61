// Filters and facets over fields of metadata: what fits what, and that columns
// follow when metadata change.

#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/index/generation.h"
#include "indexer/pipeline/collection_writer.h"
#include "indexer/pipeline/verify.h"
#include "server/search/filter.h"
#include "server/search/searcher.h"
#include "tests/search/plain_metadata.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using nlohmann::json;
using Op = FilterOperator;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Filter Condition(const std::string& field, Op op,
                 std::vector<FilterValue> values) {
  Filter filter;
  filter.kind = Filter::Kind::kCondition;
  filter.field = field;
  filter.op = op;
  filter.values = std::move(values);
  return filter;
}

// Returns the ids of the documents that meet a filter.
std::set<std::string> Find(const index::Generation& generation,
                           const Filter& filter) {
  SearchOptions options;
  options.query = "fox";
  options.filter = filter;
  options.limit = 1000;
  const auto result = Search(View(generation), options, {});
  EXPECT_THAT(result, IsOk());
  std::set<std::string> ids;
  if (result.ok()) {
    for (const Passage& passage : result->passages) {
      ids.insert(passage.document.document_id);
    }
  }
  return ids;
}

// The values of the field "f" of documents that are named for them.
const std::map<std::string, json> kDocuments = {
    {"two", 2},
    {"ten", 10},
    {"\"10\"", "10"},
    {"half", 0.5},
    {"minus", -3},
    {"yes", true},
    {"no", false},
    {"empty", ""},
    {"april", "2026-04-30"},
    {"night", "2026-04-30T23:30:00-05:00"},  // of May in UTC
    {"may", "2026-05-01T00:00:00"},
    {"year", "2026"},
    {"list", json::array({7, "red"})},
    {"null", nullptr},
    {"object", json::parse(R"({"g": {"h": "deep"}})")},
};

struct Case {
  const char* name;
  Op op;
  std::vector<FilterValue> values;
  std::set<std::string> found;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

class MetadataConditions : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    collection_ = new GrowingCollection;
    std::string lines = JsonLine("missing", "fox");
    for (const auto& [id, value] : kDocuments) {
      lines += json{{"_id", id}, {"text", "fox"}, {"f", value}}.dump() + "\n";
    }
    collection_->Write("lines.jsonl", lines);
    generation_ = collection_->BuildAndOpen();
  }
  static void TearDownTestSuite() {
    generation_.reset();
    delete collection_;
  }

  static GrowingCollection* collection_;
  static std::shared_ptr<const index::Generation> generation_;
};

GrowingCollection* MetadataConditions::collection_ = nullptr;
std::shared_ptr<const index::Generation> MetadataConditions::generation_;

TEST_P(MetadataConditions, FitValuesOfTheirType) {
  EXPECT_EQ(
      Find(*generation_, Condition("f", GetParam().op, GetParam().values)),
      GetParam().found);
  EXPECT_EQ(Find(*generation_,
                 Condition("metadata.f", GetParam().op, GetParam().values)),
            GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    All, MetadataConditions,
    testing::Values(
        Case{"EqNumber", Op::kEq, {10.0}, {"ten"}},
        Case{"EqString", Op::kEq, {"10"}, {"\"10\""}},
        Case{"EqEither", Op::kIn, {"10", 10.0}, {"ten", "\"10\""}},
        Case{"LtNumber", Op::kLt, {10.0}, {"two", "half", "minus", "list"}},
        Case{"LteNumber",
             Op::kLte,
             {10.0},
             {"two", "half", "minus", "list", "ten"}},
        Case{"GtNumber", Op::kGt, {2.0}, {"ten", "list"}},
        Case{"GteNumberBetween", Op::kGte, {2.5}, {"ten", "list"}},
        Case{"EqBool", Op::kEq, {true}, {"yes"}},
        Case{"LtBool", Op::kLt, {true}, {"no"}},
        Case{"InList", Op::kIn, {"red", "blue"}, {"list"}},
        Case{"OneOfList", Op::kEq, {7.0}, {"list"}},
        Case{"InNothing", Op::kIn, {}, {}},
        Case{"EmptyString", Op::kEq, {""}, {"empty"}},
        Case{"StartsWith",
             Op::kStartsWith,
             {"2026-0"},
             {"april", "night", "may"}},
        Case{"StartsWithNothing",
             Op::kStartsWith,
             {""},
             {"april", "night", "may", "year", "\"10\"", "empty", "list"}},
        Case{"Contains", Op::kContains, {"6-04-30T"}, {"night"}},
        Case{"EqMonth", Op::kEq, {"2026-04"}, {"april"}},
        Case{"EqDay", Op::kEq, {"2026-05-01"}, {"night", "may"}},
        Case{"EqTime", Op::kEq, {"2026-05-01T04:30:00Z"}, {"night"}},
        Case{
            "EqTimeElsewhere", Op::kEq, {"2026-05-01T02:00:00+02:00"}, {"may"}},
        Case{"EqYear", Op::kEq, {"2026"}, {"april", "night", "may", "year"}},
        // "10" and "" come bytewise before "2026-05", and so does "2026".
        Case{"LtMonth",
             Op::kLt,
             {"2026-05"},
             {"april", "year", "\"10\"", "empty"}},
        Case{"LteMonth",
             Op::kLte,
             {"2026-05"},
             {"april", "night", "may", "year", "\"10\"", "empty"}},
        Case{"GtMonth", Op::kGt, {"2026-04"}, {"night", "may", "list"}},
        Case{"GteTime", Op::kGte, {"2026-05-01T00:00:01Z"}, {"night", "list"}},
        Case{"GtText", Op::kGt, {"2026-04-30T"}, {"night", "may", "list"}},
        Case{"Exists",
             Op::kExists,
             {},
             {"two", "ten", "\"10\"", "half", "minus", "yes", "no", "empty",
              "april", "night", "may", "year", "list"}},
        Case{"Ne",
             Op::kNe,
             {7.0},
             {"two", "ten", "\"10\"", "half", "minus", "yes", "no", "empty",
              "april", "night", "may", "year", "null", "object", "missing"}},
        Case{"Nin",
             Op::kNin,
             {7.0, "10", true, "2026"},
             {"two", "ten", "half", "minus", "no", "empty", "null", "object",
              "missing"}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(MetadataConditions, ReachIntoObjects) {
  EXPECT_THAT(Find(*generation_, Condition("f.g.h", Op::kEq, {"deep"})),
              ElementsAre("object"));
  EXPECT_THAT(Find(*generation_, Condition("f.g", Op::kExists, {})), IsEmpty());
  EXPECT_EQ(Find(*generation_, Condition("nobody", Op::kNe, {1.0})).size(),
            kDocuments.size() + 1);
}

TEST_F(MetadataConditions, WrittenAsTextMeanWhatTheyReadAs) {
  const auto find = [&](Op op, const std::vector<std::string>& values) {
    return Find(*generation_, WrittenCondition("f", op, values));
  };
  EXPECT_THAT(find(Op::kEq, {"10"}), ElementsAre("\"10\"", "ten"));
  EXPECT_THAT(find(Op::kEq, {"true"}), ElementsAre("yes"));
  EXPECT_THAT(find(Op::kIn, {"2", "red"}), ElementsAre("list", "two"));
  EXPECT_EQ(find(Op::kNe, {"10"}).count("ten"), 0U);
  EXPECT_THAT(find(Op::kLt, {"10"}),
              ElementsAre("empty", "half", "list", "minus", "two"));
  EXPECT_THAT(find(Op::kStartsWith, {"10"}), ElementsAre("\"10\""));
  EXPECT_EQ(WrittenCondition("document_id", Op::kEq, {"10"}).op, Op::kEq);
}

TEST_F(MetadataConditions, AreCountedByFacets) {
  SearchOptions options;
  options.query = "fox";
  options.facets = {{"f", 100}, {"f", 100, DateInterval::kMonth, 5}, {"g"}};
  const auto result = Search(View(*generation_), options, {});
  ASSERT_THAT(result, IsOk());
  std::map<std::string, uint64_t> each;
  for (const FacetValue& value : result->facets[0].values) {
    each[value.value] = value.count.documents;
  }
  EXPECT_EQ(each.at("10"), 2U);  // the number and the string
  EXPECT_EQ(each.at("0.5"), 1U);
  EXPECT_EQ(each.at("false"), 1U);
  EXPECT_EQ(each.at(""), 1U);
  EXPECT_EQ(each.at("2026-04-30T23:30:00-05:00"), 1U);
  EXPECT_EQ(result->facets[0].missing.documents, 3U);
  std::map<std::string, uint64_t> intervals;
  for (const FacetValue& value : result->facets[1].values) {
    intervals[value.value] = value.count.documents;
  }
  EXPECT_EQ(intervals.at("0"), 2U);
  EXPECT_EQ(intervals.at("-5"), 1U);
  EXPECT_EQ(intervals.at("5"), 1U);
  EXPECT_EQ(intervals.at("2026-04"), 1U);
  EXPECT_EQ(intervals.at("2026-05"), 2U);
  EXPECT_THAT(result->facets[2].values, IsEmpty());
  EXPECT_EQ(result->facets[2].missing.documents, kDocuments.size() + 1);
}

TEST(MetadataFacets, HaveExactIntervalsOfParts) {
  GrowingCollection collection;
  std::string lines;
  for (int i = 0; i <= 10; ++i) {
    lines += json{{"_id", std::to_string(i)}, {"text", "fox"}, {"f", i / 10.0}}
                 .dump() +
             "\n";
  }
  collection.Write("lines.jsonl", lines);
  SearchOptions options;
  options.query = "fox";
  options.facets = {{"f", 100, DateInterval::kDefault, 0.1}};
  const auto generation = collection.BuildAndOpen();
  const auto result = Search(View(*generation), options, {});
  ASSERT_THAT(result, IsOk());
  ASSERT_EQ(result->facets[0].values.size(), 11U);
  EXPECT_EQ(result->facets[0].values[3].value, "0.3");
  options.facets[0].number_interval = -1;
  EXPECT_THAT(
      Search(View(*generation), options, {}),
      FailsWith(absl::StatusCode::kInvalidArgument, "FACET_INTERVAL_INVALID"));
}

// Compares what filters find in the current generation with its metadata.
void ExpectFiltersFit(const std::string& folder) {
  const auto generation = index::Generation::Open(folder, 0);
  ASSERT_THAT(generation, IsOk());
  for (const Filter& filter :
       {Condition("n", Op::kLt, {3.0}), Condition("n", Op::kNe, {1.0}),
        Condition("s", Op::kStartsWith, {"x"}), Condition("s", Op::kExists, {}),
        Condition("n", Op::kIn, {0.0, 4.0, "x2"})}) {
    std::set<std::string> expected;
    for (const auto& segment : (*generation)->segments()) {
      for (uint32_t i = 0; i < segment->document_count(); ++i) {
        const auto record = segment->ReadDocument(i);
        ASSERT_THAT(record, IsOk());
        const bool is_negative = filter.op == Op::kNe;
        if (!segment->tombstones().documents.contains(i) &&
            MetadataMeet(record->metadata_json, filter) != is_negative) {
          expected.insert(record->document_id);
        }
      }
    }
    EXPECT_EQ(Find(**generation, filter), expected) << filter.field;
  }
}

TEST(MetadataUpdates, AreFollowedByFilters) {
  TempFolder folder;
  auto opened = pipeline::CollectionWriter::Open(folder.path(), "test", {});
  ASSERT_THAT(opened, IsOk());
  pipeline::CollectionWriter& writer = **opened;
  const std::string collection = folder / "test";
  // More segments than a tier has: there is something to merge.
  for (int i = 0; i < 24; ++i) {
    sources::SourceDocument document;
    document.document_id = "d" + std::to_string(i);
    document.text = "fox";
    document.media_type = "text/plain";
    document.source_type = "FILE";
    document.language = "en";
    document.metadata = {{"n", i % 5}};
    ASSERT_THAT(writer.Put(document), IsOk());
    ASSERT_THAT(writer.Publish(), IsOk());
  }
  ExpectFiltersFit(collection);
  for (int i = 0; i < 24; i += 3) {
    pipeline::MetadataUpdate update;
    update.set = {{"s", "x" + std::to_string(i)}, {"n", 2.5}};
    ASSERT_THAT(writer.UpdateMetadata("d" + std::to_string(i), update), IsOk());
  }
  pipeline::MetadataUpdate removal;
  removal.remove = {"n"};
  ASSERT_THAT(writer.UpdateMetadata("d1", removal), IsOk());
  ASSERT_THAT(writer.Publish(), IsOk());
  ExpectFiltersFit(collection);
  const auto merged = writer.MergeOnce();
  ASSERT_THAT(merged, IsOk());
  EXPECT_TRUE(*merged);
  ExpectFiltersFit(collection);
}

}  // namespace
}  // namespace footnote::search
