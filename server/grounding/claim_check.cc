#include "server/grounding/claim_check.h"

#include <algorithm>

namespace footnote::grounding {
namespace {

// A further sentence must add this much of the claim to be worth naming, and
// counts a little less than the first.
constexpr double kLeastGain = 0.1;
constexpr double kFurther = 0.9;
constexpr double kLeastShared = 0.7;  // weight of a word that both have

// What is left of the score of a claim that the evidence contradicts.
constexpr double kContradicted = 0.4;

// Of claims that judges call supported nearly all are covered so far, of others
// few; the score there is the default of citation thresholds.
constexpr double kUsualCoverage = 0.7;
constexpr double kUsualScore = 0.6;

// Returns the score of a coverage: both are [0, 1] and rise together.
double ScoreOf(double coverage) {
  coverage = std::min(coverage, 1.0);
  return coverage < kUsualCoverage
             ? coverage / kUsualCoverage * kUsualScore
             : kUsualScore + (coverage - kUsualCoverage) /
                                 (1 - kUsualCoverage) * (1 - kUsualScore);
}

// Adds to `verdict` the sentence that covers most of what `covered` lacks;
// returns whether there was one.
bool AddSupport(const ClaimAlignment& alignment, std::vector<double>* covered,
                ClaimVerdict* verdict) {
  const Statement& claim = alignment.claim();
  const Alignment* best = nullptr;
  double most = kLeastGain * claim.weight;
  for (const Alignment& candidate : alignment.candidates()) {
    double gain = 0;
    double shared = 0;  // that links it with what was found before
    for (size_t word = 0; word < covered->size(); ++word) {
      shared = std::max(shared,
                        claim.words[word].weight *
                            std::min(candidate.direct[word], (*covered)[word]));
      gain +=
          claim.words[word].weight *
          std::max(0.0, kFurther * candidate.direct[word] - (*covered)[word]);
    }
    if (gain > most && shared >= kLeastShared) {
      most = gain;
      best = &candidate;
    }
  }
  if (best == nullptr) {
    return false;
  }
  for (size_t word = 0; word < covered->size(); ++word) {
    (*covered)[word] =
        std::max((*covered)[word], kFurther * best->direct[word]);
  }
  verdict->supports.push_back({best->unit, most / claim.weight});
  verdict->score += most / claim.weight;
  return true;
}

bool Overlaps(const std::vector<Disagreement>& all, const Disagreement& one) {
  return std::any_of(all.begin(), all.end(), [&](const Disagreement& other) {
    return one.start < other.end && other.start < one.end;
  });
}

}  // namespace

ClaimVerdict CheckClaim(const ClaimAlignment& alignment) {
  ClaimVerdict verdict;
  if (alignment.candidates().empty() || alignment.claim().weight == 0) {
    return verdict;
  }
  const Alignment& best = alignment.candidates().front();
  std::vector<double> covered = best.covered;
  verdict.score = best.coverage;
  verdict.supports.push_back({best.unit, best.coverage});
  while (verdict.supports.size() < kMaxSupports &&
         AddSupport(alignment, &covered, &verdict)) {
  }
  verdict.score = ScoreOf(verdict.score);
  verdict.disagreements = ComparePieces(alignment);
  for (const Disagreement& each : CompareMeanings(alignment)) {
    if (!Overlaps(verdict.disagreements, each)) {
      verdict.disagreements.push_back(each);
    }
  }
  std::stable_sort(verdict.disagreements.begin(), verdict.disagreements.end(),
                   [](const Disagreement& a, const Disagreement& b) {
                     return a.start < b.start;
                   });
  if (!verdict.disagreements.empty()) {
    verdict.score *= kContradicted;
  }
  return verdict;
}

}  // namespace footnote::grounding
