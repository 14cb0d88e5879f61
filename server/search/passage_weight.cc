#include "server/search/passage_weight.h"

#include "server/search/ranking.h"

namespace footnote::search {
namespace {

// How many scores pass between two looks at the clock: about 50 us of work.
constexpr uint32_t kCallsPerLook = 1024;

// More than any score: given a true bound, Xapian's matcher turns ORs into
// AND_MAYBEs and these into ANDs as the scores to beat rise, and at the latter
// step (AndMaybePostList::next(), in 1.4.22) it may skip a passage that has
// both sides.
constexpr double kNoBound = 1e9;

}  // namespace

PassageWeight::Match::Match(double average_words, const Deadline& until)
    : deadline(until) {
  for (uint32_t i = 0; i < norms.size(); ++i) {
    norms[i] = LengthNorm(index::LengthOfClass(i), average_words);
  }
}

PassageWeight::PassageWeight(Match* match) : match_(match) { need_stat(WDF); }

PassageWeight* PassageWeight::clone() const {
  return new PassageWeight(match_);  // Xapian's to delete
}

void PassageWeight::init(double factor) { factor_ = factor; }

std::string PassageWeight::name() const { return "footnote::PassageWeight"; }

double PassageWeight::get_sumpart(Xapian::termcount wdf, Xapian::termcount,
                                  Xapian::termcount) const {
  if (++match_->calls % kCallsPerLook == 0 && match_->deadline.Passed()) {
    throw DeadlinePassed();
  }
  if (wdf == 0) {
    return RoundContribution(factor_);
  }
  const index::Occurrence occurrence = index::Occurrence::Decode(wdf);
  return RoundContribution(
      factor_ * TermFrequencyPart(occurrence.frequency,
                                  match_->norms[occurrence.length_class]));
}

double PassageWeight::get_maxpart() const { return kNoBound; }

double PassageWeight::get_sumextra(Xapian::termcount, Xapian::termcount) const {
  return 0;
}

double PassageWeight::get_maxextra() const { return 0; }

}  // namespace footnote::search
