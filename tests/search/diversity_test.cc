// Maximal marginal relevance by the book.

#include "server/search/diversity.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/searcher.h"
#include "tests/search/brute_force.h"
#include "tests/search/same_results.h"
#include "tests/search/split_generations.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using Passages = std::vector<Passage>;

class Diversity : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    split_ = new SplitGenerations(SplitCorpus(15, 80));
    brute_ = new BruteForce(split_->whole());
  }
  static void TearDownTestSuite() {
    delete brute_;
    delete split_;
  }

  static Passages All(const std::string& query, const RankingOptions& ranking) {
    SearchOptions options;
    options.query = query;
    options.ranking = ranking;
    options.limit = 5000;
    const auto result = Search(View(split_->whole()), options, {});
    EXPECT_THAT(result, IsOk());
    return result.ok() ? result->passages : Passages();
  }

  // The stems of a passage, by language and stem, with how often it has each.
  static std::map<std::string, uint32_t> StemsOf(const Passage& passage) {
    for (const PlainPassage& plain : brute_->passages()) {
      if (plain.passage.passage_id == passage.passage_id) {
        std::map<std::string, uint32_t> stems;
        for (const auto& [stem, count] : plain.stems) {
          stems[passage.document.language + ":" + stem] = count;
        }
        return stems;
      }
    }
    ADD_FAILURE() << "no such passage";
    return {};
  }

  static SplitGenerations* split_;
  static BruteForce* brute_;
};

SplitGenerations* Diversity::split_ = nullptr;
BruteForce* Diversity::brute_ = nullptr;

double Rounded(double value) {
  return std::nearbyint(std::ldexp(value, 24)) / 16777216.0;
}

// The cosines of passages, each by its stems.
class Cosines {
 public:
  explicit Cosines(
      const std::vector<std::map<std::string, uint32_t>>& passages) {
    const auto n = static_cast<double>(passages.size());
    std::map<std::string, double> with;
    for (const auto& stems : passages) {
      for (const auto& [stem, count] : stems) {
        ++with[stem];
      }
    }
    for (const auto& stems : passages) {
      auto& vector = vectors_.emplace_back();
      double squares = 0;
      for (const auto& [stem, count] : stems) {
        const double df = with[stem];
        const double idf = std::log1p((n - df + 0.5) / (df + 0.5));
        vector[stem] = (1 + std::log(count)) * idf;
        squares += vector[stem] * vector[stem];
      }
      for (auto& [stem, weight] : vector) {
        weight /= std::sqrt(squares);
      }
    }
  }

  double Of(size_t a, size_t b) const {
    double sum = 0;
    for (const auto& [stem, weight] : vectors_[a]) {
      const auto other = vectors_[b].find(stem);
      sum += other == vectors_[b].end() ? 0 : weight * other->second;
    }
    return Rounded(sum);
  }

 private:
  std::vector<std::map<std::string, double>> vectors_;
};

// Returns the order of passages of which the first `pinned` stay.
std::vector<size_t> PlainOrder(const Passages& passages, const Cosines& cosines,
                               size_t pinned, double diversity) {
  double best = 0;
  for (size_t i = pinned; i < passages.size(); ++i) {
    best = std::max(best, passages[i].score);
  }
  std::vector<size_t> order;
  std::vector<bool> is_chosen(passages.size());
  for (size_t i = 0; i < pinned; ++i) {
    order.push_back(i);
    is_chosen[i] = true;
  }
  while (order.size() < passages.size()) {
    size_t next = passages.size();
    double most = -2;
    for (size_t i = 0; i < passages.size(); ++i) {
      double similarity = 0;
      for (const size_t chosen : order) {
        similarity = std::max(similarity, cosines.Of(i, chosen));
      }
      const double relevance = best > 0 ? passages[i].score / best : 0;
      const double worth =
          Rounded((1 - diversity) * relevance - diversity * similarity);
      if (!is_chosen[i] && worth > most) {
        next = i;
        most = worth;
      }
    }
    is_chosen[next] = true;
    order.push_back(next);
  }
  return order;
}

// Compares results with those without diversity, of which the first are to be
// in this order; returns how many have moved.
size_t ExpectOrder(const Passages& found, const Passages& plain,
                   const std::vector<size_t>& order) {
  EXPECT_EQ(found.size(), plain.size());
  size_t moved = 0;
  for (size_t i = 0; i < std::min(found.size(), plain.size()); ++i) {
    const size_t from = i < order.size() ? order[i] : i;
    EXPECT_EQ(found[i].passage_id, plain[from].passage_id) << i;
    EXPECT_EQ(found[i].score, plain[from].score);
    EXPECT_EQ(found[i].relevance, plain[from].relevance);
    EXPECT_EQ(found[i].duplicate_count, plain[from].duplicate_count);
    EXPECT_EQ(found[i].rank, i + 1);
    moved += from != i ? 1 : 0;
  }
  return moved;
}

TEST_F(Diversity, OrdersTheFirstHundredByMarginalRelevance) {
  RandomDocuments random(16);
  const ResultId zebra = {ResultId::Kind::kPassage,
                          All("zebra", {}).back().passage_id};
  std::vector<RankingOptions> rankings(4);
  rankings[0].collapse = Collapse::kExact;
  rankings[1].pinned = {zebra};
  rankings[2].external = ExternalResults{};
  rankings[2].external->results = {{zebra, 1}};
  size_t moved = 0;
  size_t beyond = 0;
  for (size_t i = 0; i < 12; ++i) {
    const std::string query =
        i == 11 ? "-zebra" : split_->corpus().Query(&random) + " so";
    RankingOptions ranking = rankings[i % 4];
    const size_t pinned = ranking.pinned.size();
    const Passages plain = All(query, ranking);
    Passages first = plain;
    first.resize(std::min(plain.size(), 100 + pinned));
    std::vector<std::map<std::string, uint32_t>> stems;
    for (const Passage& passage : first) {
      stems.push_back(StemsOf(passage));
    }
    ranking.diversity = std::vector{0.2, 0.5, 0.9, 1.0}[random.Below(4)];
    moved += ExpectOrder(
        All(query, ranking), plain,
        PlainOrder(first, Cosines(stems), pinned, ranking.diversity));
    beyond += plain.size() - first.size();
    ASSERT_FALSE(HasFailure()) << query;
  }
  EXPECT_GT(moved, 400U);
  EXPECT_GT(beyond, 300U);
}

TEST_F(Diversity, IsTheSameOverAnySegments) {
  RandomDocuments random(17);
  for (int i = 0; i < 20; ++i) {
    SearchOptions options;
    options.query = split_->corpus().Query(&random);
    options.ranking.diversity = static_cast<double>(1 + i % 10) / 10;
    options.ranking.collapse = i % 2 == 0 ? Collapse::kNear : Collapse::kNone;
    options.limit = static_cast<uint32_t>(1 + random.Below(100));
    options.offset = static_cast<uint32_t>(random.Below(60));
    for (const auto& generation : split_->all()) {
      ExpectSameAnswer(split_->whole(), *generation, options);
    }
    ASSERT_FALSE(HasFailure()) << options.query;
  }
}

TEST_F(Diversity, NothingComesBeforeTheBestResult) {
  RankingOptions ranking;
  const std::string best = All("fox market", ranking).front().passage_id;
  for (const double diversity : {0.1, 0.5, 1.0}) {
    ranking.diversity = diversity;
    EXPECT_EQ(All("fox market", ranking).front().passage_id, best);
  }
}

}  // namespace
}  // namespace footnote::search
