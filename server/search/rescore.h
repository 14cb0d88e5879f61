// The second look at the best candidates.

#pragma once

#include <memory>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/evidence.h"
#include "server/search/feedback.h"
#include "server/search/match.h"
#include "server/search/ranking.h"
#include "server/search/result.h"
#include "server/search/segment_words.h"
#include "server/search/view.h"

namespace footnote::search {

// Adds to the scores of the best candidates what else speaks for them: first
// what is around their words (see Evidence), then what they share with the best
// by then (see Feedback). Not thread-safe.
class Rescorer {
 public:
  // All that it is given must outlive it. `words` are those of the query.
  Rescorer(const View& view, const ScoredQuery& query, GenerationWords& words)
      : view_(view),
        query_(query),
        words_(words),
        norms_(MakeLengthNorms(query.statistics.average_words)),
        feedback_(view, query, norms_),
        evidence_(view.generation().segments().size()) {}

  // Looks at the first CandidateDepth() candidates, which must be in order, and
  // orders them anew.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED, with the candidates as they
  // were; kDataLoss INDEX_CORRUPT.
  absl::Status Rescore(const Deadline& deadline,
                       std::vector<Candidate>* candidates);

  // From now on feedback stays what the last Rescore() chose, whatever is
  // looked at.
  void KeepFeedback() { keeps_feedback_ = true; }

  // Appends what Rescore() added to the score of a candidate.
  void Explain(const Candidate& candidate, std::vector<Contribution>* parts);

 private:
  Evidence& EvidenceIn(uint32_t segment);
  template <typename Score>
  absl::Status Add(const Deadline& deadline, Score&& score,
                   std::vector<Candidate>* candidates);

  const View& view_;
  const ScoredQuery& query_;
  GenerationWords& words_;
  const LengthNorms norms_;
  Feedback feedback_;
  bool keeps_feedback_ = false;
  std::vector<std::unique_ptr<Evidence>> evidence_;  // null until needed
};

}  // namespace footnote::search
