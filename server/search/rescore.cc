#include "server/search/rescore.h"

#include <algorithm>

#include "indexer/index/segment.h"

namespace footnote::search {

Evidence& Rescorer::EvidenceIn(uint32_t segment) {
  std::unique_ptr<Evidence>& evidence = evidence_[segment];
  if (!evidence) {
    evidence =
        std::make_unique<Evidence>(*view_.generation().segments()[segment],
                                   query_, words_.In(segment), norms_);
  }
  return *evidence;
}

// Adds what `score` gives for each candidate, and orders them anew.
template <typename Score>
absl::Status Rescorer::Add(const Deadline& deadline, Score&& score,
                           std::vector<Candidate>* candidates) {
  for (Candidate& candidate : *candidates) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    candidate.unaged += score(candidate);
    query_.Age(*view_.generation().segments()[candidate.segment], &candidate);
  }
  KeepBest(view_.generation(), candidates->size(), candidates);
  return absl::OkStatus();
}

absl::Status Rescorer::Rescore(const Deadline& deadline,
                               std::vector<Candidate>* candidates) {
  const auto depth = static_cast<ptrdiff_t>(
      std::min<size_t>(CandidateDepth(query_.options), candidates->size()));
  std::vector<Candidate> rescored(candidates->begin(),
                                  candidates->begin() + depth);
  for (Candidate& candidate : rescored) {
    if (!words_.In(candidate.segment).is_complete()) {
      return DeadlineError();
    }
    candidate.rescored = true;
  }
  FOOTNOTE_RETURN_IF_ERROR(Add(
      deadline,
      [&](const Candidate& candidate) {
        return EvidenceIn(candidate.segment).Score(candidate.passage, nullptr);
      },
      &rescored));
  if (!keeps_feedback_) {
    FOOTNOTE_RETURN_IF_ERROR(feedback_.Choose(rescored, deadline));
  }
  if (!feedback_.is_empty()) {
    FOOTNOTE_RETURN_IF_ERROR(Add(
        deadline,
        [&](const Candidate& candidate) {
          return feedback_.Score(candidate.segment, candidate.passage, nullptr);
        },
        &rescored));
  }
  std::copy(rescored.begin(), rescored.end(), candidates->begin());
  return absl::OkStatus();
}

void Rescorer::Explain(const Candidate& candidate,
                       std::vector<Contribution>* parts) {
  EvidenceIn(candidate.segment).Score(candidate.passage, parts);
  if (!feedback_.is_empty()) {
    feedback_.Score(candidate.segment, candidate.passage, parts);
  }
}

}  // namespace footnote::search
