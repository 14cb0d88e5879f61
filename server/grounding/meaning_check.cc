#include <optional>

#include "server/grounding/claim_beside.h"
#include "server/grounding/cues.h"

namespace footnote::grounding {
namespace {

// Sentences that cover less of the claim than this say nothing of it; those
// that cover nearly as much as the best one are heard too.
constexpr double kLeastCoverage = 0.5;
constexpr double kNearlyBest = 0.92;

}  // namespace

ClaimBeside::ClaimBeside(const ClaimAlignment& alignment,
                         const Alignment& candidate)
    : claim_(alignment.claim()),
      candidate_(candidate),
      source_(alignment.unit_of(candidate).statement),
      language_(alignment.language()) {
  claimed_.assign(source_.words.size(), Alignment::kNowhere);
  for (size_t word = 0; word < claim_.words.size(); ++word) {
    if (candidate.is_aligned(word) && claim_.words[word].weight > 0) {
      claimed_[static_cast<size_t>(candidate.at[word])] =
          static_cast<int32_t>(word);
    }
  }
}

uint32_t ClaimBeside::WidenLeft(uint32_t word) const {
  constexpr uint32_t kFar = 4;
  const uint16_t clause = claim_.words[word].clause;
  uint32_t first = word;
  for (uint32_t at = word; at > 0 && word - at < kFar; --at) {
    const Word& before = claim_.words[at - 1];
    if (before.clause != clause || before.is_name) {
      break;
    }
    if (before.is_cue || IsAuxiliary(before.word)) {
      first = at - 1;
    }
  }
  if (first == word && word > 0 && claim_.words[word - 1].clause == clause &&
      !claim_.words[word - 1].is_name && !claim_.words[word].is_cue) {
    --first;
  }
  return first;
}

Disagreement ClaimBeside::Differ(DisagreementKind kind, Words claim,
                                 Words source) const {
  Disagreement made;
  made.kind = kind;
  made.start = claim_.words[claim.first].start;
  made.end = claim_.words[claim.last - 1].end;
  made.source = {candidate_.unit, source_.words[source.first].start,
                 source_.words[source.last - 1].end};
  return made;
}

std::vector<Disagreement> CompareMeanings(const ClaimAlignment& alignment) {
  const std::vector<Alignment>& candidates = alignment.candidates();
  if (candidates.empty() || candidates.front().coverage < kLeastCoverage) {
    return {};
  }
  std::vector<Disagreement> found;
  for (const Alignment& candidate : candidates) {
    if (candidate.coverage < kNearlyBest * candidates.front().coverage) {
      break;
    }
    const ClaimBeside beside(alignment, candidate);
    std::optional<Disagreement> here = CompareNegation(beside);
    if (!here) {
      here = CompareModality(beside);
    }
    if (!here) {
      return {};
    }
    if (found.empty()) {
      found.push_back(*here);
    }
  }
  return found;
}

}  // namespace footnote::grounding
