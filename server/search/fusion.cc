#include "server/search/fusion.h"

#include <algorithm>
#include <map>
#include <utility>

#include "server/search/ranking.h"

namespace footnote::search {
namespace {

using Place = std::pair<uint32_t, uint32_t>;  // segment, passage

Place PlaceOf(const Candidate& candidate) {
  return {candidate.segment, candidate.passage};
}

// Says what a list gives its results.
class ListWeights {
 public:
  // `first` and `last` are the scores that the list begins and ends with.
  ListWeights(const ExternalResults& options, double weight, double first,
              double last)
      : options_(options), weight_(weight), last_(last), range_(first - last) {}

  // Returns what the result of a rank, from 1, and score gets.
  double Of(size_t rank, double score) const {
    if (options_.method == ExternalResults::Method::kReciprocalRanks) {
      return RoundContribution(
          weight_ / (options_.rank_constant + static_cast<double>(rank)));
    }
    return RoundContribution(range_ > 0 ? weight_ * ((score - last_) / range_)
                                        : weight_);
  }

 private:
  const ExternalResults& options_;
  double weight_;
  double last_;
  double range_;
};

// Keeps the first of several entries for a passage.
void DropRepeated(std::vector<ExternalPassage>* external) {
  std::map<Place, bool> seen;
  std::erase_if(*external, [&](const ExternalPassage& entry) {
    return !seen.emplace(PlaceOf(entry.candidate), true).second;
  });
}

}  // namespace

std::vector<FusedCandidate> Fuse(const index::Generation& generation,
                                 const ExternalResults& options,
                                 const std::vector<Candidate>& own,
                                 std::vector<ExternalPassage> external) {
  std::stable_sort(external.begin(), external.end(),
                   [](const ExternalPassage& a, const ExternalPassage& b) {
                     return a.score > b.score;
                   });
  DropRepeated(&external);
  std::map<Place, FusedCandidate> fused;
  if (!own.empty()) {
    const ListWeights weights(options, 1 - options.weight, own.front().score,
                              own.back().score);
    for (size_t i = 0; i < own.size(); ++i) {
      fused[PlaceOf(own[i])] = {own[i], {weights.Of(i + 1, own[i].score), 0}};
    }
  }
  if (!external.empty()) {
    const ListWeights weights(options, options.weight, external.front().score,
                              external.back().score);
    for (size_t i = 0; i < external.size(); ++i) {
      FusedCandidate& entry =
          fused
              .try_emplace(PlaceOf(external[i].candidate),
                           FusedCandidate{external[i].candidate, {}})
              .first->second;
      entry.fused.external = weights.Of(i + 1, external[i].score);
    }
  }
  std::vector<Candidate> order;
  for (const auto& [place, entry] : fused) {
    order.push_back(
        {place.first, place.second, entry.fused.own + entry.fused.external});
  }
  KeepBest(generation, order.size(), &order);
  std::vector<FusedCandidate> result;
  result.reserve(order.size());
  for (const Candidate& candidate : order) {
    result.push_back(fused.at(PlaceOf(candidate)));
  }
  return result;
}

}  // namespace footnote::search
