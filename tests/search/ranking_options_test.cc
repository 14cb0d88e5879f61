// What a request may change about ranking, against plain work on whole lists.

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/metadata_columns.h"
#include "server/search/searcher.h"
#include "tests/search/same_results.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using Passages = std::vector<Passage>;

class RankingOptionsTest : public testing::Test {
 protected:
  RankingOptionsTest()
      : corpus_(5, 120),
        one_(corpus_.BuildWhole(&whole_)),
        several_(corpus_.BuildSplit(5, &split_)) {}

  // All results, by pages of many sizes; checks that both generations give
  // them.
  Passages All(const std::string& query, const RankingOptions& ranking = {}) {
    Passages all;
    SearchOptions options;
    options.query = query;
    options.ranking = ranking;
    for (bool has_more = true; has_more;) {
      options.offset = static_cast<uint32_t>(all.size());
      options.limit = static_cast<uint32_t>(1 + random_.Below(90));
      ExpectSameAnswer(*one_, *several_, options);
      const auto result = Search(View(*one_), options, {});
      EXPECT_THAT(result, IsOk());
      if (!result.ok()) {
        break;
      }
      has_more = result->has_more;
      EXPECT_LE(result->passages.size(), options.limit);
      count_ = result->count->passages;
      warnings_ = result->warnings;
      for (const Passage& passage : result->passages) {
        all.push_back(passage);
        EXPECT_EQ(passage.rank, all.size());
      }
    }
    return all;
  }

  std::string Query() { return corpus_.Query(&random_); }

  SplitCorpus corpus_;
  GrowingCollection whole_;
  GrowingCollection split_;
  std::shared_ptr<const index::Generation> one_;
  std::shared_ptr<const index::Generation> several_;
  RandomDocuments random_{77};
  uint64_t count_ = 0;  // of the last All()
  std::vector<Warning> warnings_;
};

std::vector<std::string> IdsOf(const Passages& passages) {
  std::vector<std::string> ids;
  for (const Passage& passage : passages) {
    ids.push_back(passage.passage_id);
  }
  return ids;
}

double SumOf(const Passage& passage) {
  double sum = 0;
  for (const Contribution& part : passage.contributions) {
    sum += part.value;
  }
  return sum;
}

bool HasStage(const Passage& passage, Contribution::Stage stage) {
  return std::any_of(
      passage.contributions.begin(), passage.contributions.end(),
      [&](const Contribution& part) { return part.stage == stage; });
}

TEST_F(RankingOptionsTest, ContributionsSumToScoresExactly) {
  RankingOptions ranking;
  ranking.explain = true;
  int rescored = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string query =
        i % 5 == 0 ? "pri* fox* " + Query() : Query() + " 東";
    ranking.boosts.text = i % 3 == 0 ? 0.3 : 1;
    ranking.boosts.title = i % 2 == 0 ? 2.5 : 1;
    for (const Passage& passage : All(query, ranking)) {
      EXPECT_EQ(SumOf(passage), passage.score) << query;
      EXPECT_EQ(passage.score_kind, ScoreKind::kBm25);
      EXPECT_TRUE(HasStage(passage, Contribution::Stage::kMatch));
      const bool again = HasStage(passage, Contribution::Stage::kRescore);
      EXPECT_TRUE(passage.rank <= 44 || !again);
      rescored += again ? 1 : 0;
    }
    ASSERT_FALSE(HasFailure()) << query;
  }
  EXPECT_GT(rescored, 500);
}

TEST_F(RankingOptionsTest, AtMostSoManyPassagesOfADocument) {
  for (int i = 0; i < 20; ++i) {
    const std::string query = Query();
    RankingOptions ranking;
    ranking.max_passages_per_document = UINT32_MAX;
    const Passages all = All(query, ranking);
    const uint64_t count = count_;
    ranking.max_passages_per_document =
        static_cast<uint32_t>(1 + random_.Below(3));
    std::map<std::string, uint32_t> taken;
    Passages expected;
    for (const Passage& passage : all) {
      if (++taken[passage.document.document_id] <=
          ranking.max_passages_per_document) {
        expected.push_back(passage);
      }
    }
    EXPECT_EQ(IdsOf(All(query, ranking)), IdsOf(expected)) << query;
    EXPECT_EQ(count_, count);
  }
}

// The order changes places, no scores.
void ExpectInOrder(const Passages& found, const Passages& expected) {
  ASSERT_EQ(IdsOf(found), IdsOf(expected));
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].score, expected[i].score) << i;
    EXPECT_EQ(found[i].relevance, expected[i].relevance) << i;
  }
}

// By day, those without one last; then by document and ordinal.
auto DateKey(const Passage& passage, bool newest_first) {
  const auto& time = passage.document.create_time;
  const int64_t day =
      time
          ? static_cast<int64_t>(std::floor(static_cast<double>(*time) / 86400))
          : 0;
  return std::tuple(!time.has_value(), newest_first ? -day : day,
                    passage.document.document_id, passage.provenance.ordinal);
}

TEST_F(RankingOptionsTest, OrdersByDate) {
  for (const bool newest_first : {true, false}) {
    const std::string query = Query() + " fox";
    Passages expected = All(query);
    std::sort(expected.begin(), expected.end(),
              [&](const Passage& a, const Passage& b) {
                return DateKey(a, newest_first) < DateKey(b, newest_first);
              });
    RankingOptions ranking;
    ranking.order.kind = newest_first ? ResultOrder::Kind::kDescending
                                      : ResultOrder::Kind::kAscending;
    ExpectInOrder(All(query, ranking), expected);

    ranking.minimum_relevance = 0.3;
    std::erase_if(expected, [&](const Passage& passage) {
      return passage.relevance < ranking.minimum_relevance;
    });
    EXPECT_EQ(IdsOf(All(query, ranking)), IdsOf(expected)) << query;
  }
}

// The value of a field that a document is ordered by, as a list that compares
// as values do; empty for none.
std::vector<std::string> FieldKey(const Passage& passage,
                                  const ResultOrder& order) {
  std::vector<std::string> values;
  for (const std::string& entry :
       index::MetadataEntries(passage.document.metadata_json)) {
    if (entry.starts_with(order.field + '\0')) {
      values.push_back(entry.substr(order.field.size() + 1));
    }
  }
  if (values.empty()) {
    return {};
  }
  return {order.kind == ResultOrder::Kind::kDescending
              ? *std::max_element(values.begin(), values.end())
              : *std::min_element(values.begin(), values.end())};
}

TEST_F(RankingOptionsTest, OrdersByFieldsOfMetadata) {
  using Kind = ResultOrder::Kind;
  size_t with_value = 0;
  for (const char* field :
       {"year", "rating", "open", "tags", "author.born", "seen", "none"}) {
    for (const Kind kind : {Kind::kAscending, Kind::kDescending}) {
      RankingOptions ranking;
      ranking.order = {kind, field};
      const std::string query = Query() + " fox";
      Passages expected = All(query);
      const auto is_before = [&](const Passage& a, const Passage& b) {
        const auto one = FieldKey(a, ranking.order);
        const auto other = FieldKey(b, ranking.order);
        if (one == other) {
          return std::tie(a.document.document_id, a.provenance.ordinal) <
                 std::tie(b.document.document_id, b.provenance.ordinal);
        }
        return one.empty() || other.empty()
                   ? other.empty()
                   : (one < other) == (kind == Kind::kAscending);
      };
      std::sort(expected.begin(), expected.end(), is_before);
      ExpectInOrder(All(query, ranking), expected);
      with_value += std::count_if(
          expected.begin(), expected.end(), [&](const Passage& passage) {
            return !FieldKey(passage, ranking.order).empty();
          });
    }
  }
  EXPECT_GT(with_value, 500U);
}

TEST_F(RankingOptionsTest, LeavesOutWhatIsNotRelevantEnough) {
  size_t left_out = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string query = Query();
    Passages expected = All(query);
    const uint64_t count = count_;
    RankingOptions ranking;
    ranking.minimum_relevance = 0.05 * static_cast<double>(i);
    const size_t before = expected.size();
    std::erase_if(expected, [&](const Passage& passage) {
      return passage.relevance < ranking.minimum_relevance;
    });
    left_out += before - expected.size();
    EXPECT_EQ(IdsOf(All(query, ranking)), IdsOf(expected)) << query;
    EXPECT_EQ(count_, count);
  }
  EXPECT_GT(left_out, 100U);
}

TEST_F(RankingOptionsTest, RelevanceRisesWithTheScoreAndStaysWithinBounds) {
  for (int i = 0; i < 20; ++i) {
    double last = 1;
    for (const Passage& passage : All(Query())) {
      EXPECT_LE(passage.relevance, last);
      EXPECT_GE(passage.relevance, 0);
      last = passage.relevance;
    }
  }
}

TEST_F(RankingOptionsTest, AgeTakesAwayWhatTheFormulaSays) {
  RankingOptions ranking;
  ranking.explain = true;
  ranking.recency = Recency{200, 0.7, 20000};
  size_t dated = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string query = Query();
    const Passages all = All(query, ranking);
    double last = INFINITY;
    for (const Passage& passage : all) {
      const auto& time = passage.document.create_time;
      double factor = 1 - 0.7;
      if (time) {
        const double age = std::max(
            0.0, 20000 - std::floor(static_cast<double>(*time) / 86400));
        factor += 0.7 * std::exp2(-age / 200);
        ++dated;
      }
      double unaged = 0;
      for (const Contribution& part : passage.contributions) {
        unaged += part.stage == Contribution::Stage::kRecency ? 0 : part.value;
      }
      EXPECT_EQ(passage.score,
                std::nearbyint(std::ldexp(unaged * factor, 24)) / 16777216.0);
      EXPECT_EQ(SumOf(passage), passage.score);
      EXPECT_LE(passage.score, last);
      last = passage.score;
    }
    EXPECT_EQ(all.size(), count_);
    std::vector<std::string> ids = IdsOf(all);
    std::vector<std::string> plain = IdsOf(All(query));
    std::sort(ids.begin(), ids.end());
    std::sort(plain.begin(), plain.end());
    EXPECT_EQ(ids, plain);
  }
  EXPECT_GT(dated, 100U);
}

TEST_F(RankingOptionsTest, PutsWhatIsPinnedFirst) {
  const Passages others = All("zebra");
  for (int i = 0; i < 20; ++i) {
    const std::string query = Query();
    const Passages all = All(query);
    const Passage& passage = others[random_.Below(others.size())];
    const Passage& found = all[random_.Below(all.size())];
    RankingOptions ranking;
    ranking.pinned = {{ResultId::Kind::kPassage, passage.passage_id},
                      {ResultId::Kind::kDocument, found.document.document_id},
                      {ResultId::Kind::kDocument, "no such document"},
                      {ResultId::Kind::kPassage, passage.passage_id}};
    // A document stands for the passage of it that comes first.
    const auto best =
        std::find_if(all.begin(), all.end(), [&](const Passage& other) {
          return other.document.document_id == found.document.document_id;
        });
    std::vector<std::string> expected = {passage.passage_id};
    if (best->passage_id != passage.passage_id) {
      expected.push_back(best->passage_id);
    }
    const std::set<std::string> first(expected.begin(), expected.end());
    for (const std::string& id : IdsOf(all)) {
      if (!first.contains(id)) {
        expected.push_back(id);
      }
    }
    const Passages ranked = All(query, ranking);
    EXPECT_EQ(IdsOf(ranked), expected) << query;
    EXPECT_EQ(count_, all.size());
    ASSERT_EQ(warnings_.size(), 1U);
    EXPECT_EQ(warnings_[0].code, "RESULTS_UNKNOWN");
    EXPECT_NE(warnings_[0].message.find("no such document"), std::string::npos);
  }
}

TEST_F(RankingOptionsTest, LeavesOutAndDoesNotCountWhatIsExcluded) {
  for (int i = 0; i < 20; ++i) {
    const std::string query = Query();
    Passages expected = All(query);
    const std::string passage =
        expected[random_.Below(expected.size())].passage_id;
    const std::string document =
        expected[random_.Below(expected.size())].document.document_id;
    // Which are looked at again changes scores below the first 44 only.
    std::erase_if(expected, [&](const Passage& other) {
      return other.passage_id == passage ||
             other.document.document_id == document;
    });
    RankingOptions ranking;
    ranking.excluded = {{ResultId::Kind::kPassage, passage},
                        {ResultId::Kind::kDocument, document},
                        {ResultId::Kind::kDocument, "no such document"}};
    const Passages ranked = All(query, ranking);
    EXPECT_EQ(count_, expected.size());
    EXPECT_TRUE(warnings_.empty());
    std::vector<std::string> ids = IdsOf(ranked);
    std::vector<std::string> left = IdsOf(expected);
    std::sort(ids.begin(), ids.end());
    std::sort(left.begin(), left.end());
    EXPECT_EQ(ids, left);
  }
}

// What the result of a rank gets from a list with these scores, by reciprocal
// ranks or by scores brought to [0, 1].
double Given(const ExternalResults& external, double weight,
             const std::vector<double>& scores, size_t rank) {
  double value = weight;
  if (external.method == ExternalResults::Method::kReciprocalRanks) {
    value = weight / (external.rank_constant + static_cast<double>(rank));
  } else if (scores.front() > scores.back()) {
    value = weight * ((scores[rank - 1] - scores.back()) /
                      (scores.front() - scores.back()));
  }
  return std::nearbyint(std::ldexp(value, 24)) / 16777216.0;
}

// Two lists put together by the book.
class PlainFusion {
 public:
  // Adds a list, best first.
  void Add(const ExternalResults& external, double weight,
           const std::vector<const Passage*>& list,
           const std::vector<double>& scores) {
    for (size_t i = 0; i < list.size(); ++i) {
      const Passage& passage = *list[i];
      auto& [sum, document, ordinal] = sums_[passage.passage_id];
      sum += Given(external, weight, scores, i + 1);
      document = passage.document.document_id;
      ordinal = passage.provenance.ordinal;
    }
  }

  // Returns minus the sum, document, ordinal and id of each passage, in order.
  auto Order() const {
    std::vector<std::tuple<double, std::string, uint32_t, std::string>> order;
    order.reserve(sums_.size());
    for (const auto& [id, place] : sums_) {
      const auto& [sum, document, ordinal] = place;
      order.emplace_back(-sum, document, ordinal, id);
    }
    std::sort(order.begin(), order.end());
    return order;
  }

 private:
  std::map<std::string, std::tuple<double, std::string, uint32_t>> sums_;
};

TEST_F(RankingOptionsTest, FusesTheResultsOfAnotherSystem) {
  const Passages others = All("zebra laden");
  for (int i = 0; i < 20; ++i) {
    const std::string query = Query();
    const Passages own = All(query);
    ExternalResults external;
    external.method = i % 2 == 0 ? ExternalResults::Method::kReciprocalRanks
                                 : ExternalResults::Method::kScores;
    external.weight = 0.3;
    external.rank_constant = 10;
    PlainFusion fusion;
    std::vector<const Passage*> list;
    std::vector<double> scores;
    for (const Passage& passage : own) {
      list.push_back(&passage);
      scores.push_back(passage.score);
    }
    fusion.Add(external, 0.7, list, scores);
    list.clear();
    scores.clear();
    std::set<std::string> given;
    for (size_t rank = 1; rank <= 20; ++rank) {
      const Passage& passage = others[random_.Below(others.size())];
      if (!given.insert(passage.passage_id).second) {
        continue;
      }
      list.push_back(&passage);
      scores.push_back(100.0 - static_cast<double>(rank));
      external.results.push_back(
          {{ResultId::Kind::kPassage, passage.passage_id}, scores.back()});
    }
    fusion.Add(external, 0.3, list, scores);
    const auto order = fusion.Order();
    // The order in which they are given does not matter.
    std::reverse(external.results.begin(), external.results.end());
    RankingOptions ranking;
    ranking.explain = true;
    ranking.external = external;
    const Passages fused = All(query, ranking);
    ASSERT_EQ(fused.size(), order.size()) << query;
    for (size_t j = 0; j < fused.size(); ++j) {
      EXPECT_EQ(fused[j].passage_id, std::get<3>(order[j])) << query << j;
      EXPECT_EQ(fused[j].score, -std::get<0>(order[j]));
      EXPECT_EQ(SumOf(fused[j]), fused[j].score);
      EXPECT_EQ(fused[j].score_kind, ScoreKind::kFused);
    }
    EXPECT_EQ(count_, own.size());
  }
}

}  // namespace
}  // namespace footnote::search
