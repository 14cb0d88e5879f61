#include "server/search/diversity.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "indexer/index/lexeme_table.h"
#include "indexer/index/segment.h"
#include "server/search/ranking.h"

namespace footnote::search {
namespace {

using Counts = std::map<std::string_view, uint32_t>;  // of stems, by key
// Numbers of stems with their weights, ascending, of length 1; empty for none.
using Vector = std::vector<std::pair<uint32_t, double>>;

Counts CountStems(const index::Generation& generation,
                  const ScoredPlace& place) {
  const index::Segment& segment = *generation.segments()[place.segment];
  std::map<uint32_t, uint32_t> lexemes;
  for (auto token = segment.Lexemes(place.passage); token.Next();) {
    ++lexemes[token.lexeme()];
  }
  Counts counts;
  for (const auto& [lexeme, count] : lexemes) {
    counts[index::StemKeyOf(segment.lexeme(lexeme))] += count;
  }
  counts.erase("");
  return counts;
}

// A stem among all results; numbers follow the order of keys, so that sums do
// not depend on segments.
struct Stem {
  uint32_t passages = 0;
  uint32_t number = 0;
  double idf = 0;
};

Vector MakeVector(const Counts& counts,
                  const std::map<std::string_view, Stem>& stems) {
  Vector vector;
  double squares = 0;
  for (const auto& [key, count] : counts) {
    const Stem& stem = stems.at(key);
    const double weight = (1 + std::log(count)) * stem.idf;
    vector.emplace_back(stem.number, weight);
    squares += weight * weight;
  }
  for (auto& [number, weight] : vector) {
    weight /= std::sqrt(squares);
  }
  return vector;
}

std::vector<Vector> MakeVectors(const index::Generation& generation,
                                const std::vector<ScoredPlace>& results) {
  std::vector<Counts> counts;
  std::map<std::string_view, Stem> stems;
  counts.reserve(results.size());
  for (const ScoredPlace& place : results) {
    counts.push_back(CountStems(generation, place));
    for (const auto& [key, count] : counts.back()) {
      ++stems[key].passages;
    }
  }
  uint32_t number = 0;
  for (auto& [key, stem] : stems) {
    stem.number = number++;
    stem.idf = Idf(results.size(), stem.passages);
  }
  std::vector<Vector> vectors;
  vectors.reserve(counts.size());
  for (const Counts& of_passage : counts) {
    vectors.push_back(MakeVector(of_passage, stems));
  }
  return vectors;
}

double Similarity(const Vector& a, const Vector& b) {
  double sum = 0;
  for (auto at = a.begin(), other = b.begin();
       at != a.end() && other != b.end();) {
    if (at->first == other->first) {
      sum += at->second * other->second;
      ++at;
      ++other;
    } else if (at->first < other->first) {
      ++at;
    } else {
      ++other;
    }
  }
  return RoundContribution(sum);
}

}  // namespace

absl::StatusOr<std::vector<size_t>> OrderByMarginalRelevance(
    const index::Generation& generation,
    const std::vector<ScoredPlace>& results, size_t fixed, double diversity,
    const Deadline& deadline) {
  const std::vector<Vector> vectors = MakeVectors(generation, results);
  double best = 0;
  std::vector<size_t> left;
  for (size_t i = fixed; i < results.size(); ++i) {
    best = std::max(best, results[i].score);
    left.push_back(i);
  }
  std::vector<double> nearest(results.size(), 0);  // of those chosen
  const auto choose = [&](size_t chosen) {
    for (const size_t i : left) {
      nearest[i] =
          std::max(nearest[i], Similarity(vectors[i], vectors[chosen]));
    }
  };
  const auto worth = [&](size_t i) {
    const double relevance = best > 0 ? results[i].score / best : 0;
    return RoundContribution((1 - diversity) * relevance -
                             diversity * nearest[i]);
  };
  for (size_t i = 0; i < fixed; ++i) {
    choose(i);
  }
  std::vector<size_t> order;
  while (!left.empty()) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    const auto next = std::max_element(
        left.begin(), left.end(),
        [&](size_t a, size_t b) { return worth(a) < worth(b); });
    order.push_back(*next);
    left.erase(next);
    choose(order.back());
  }
  return order;
}

}  // namespace footnote::search
