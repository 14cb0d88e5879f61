#include "server/search/passage_weight.h"

#include <algorithm>

#include "server/search/ranking.h"

namespace footnote::search {
namespace {

// How many scores pass between two looks at the clock: about 50 us of work.
constexpr uint32_t kCallsPerLook = 1024;

}  // namespace

PassageWeight::PassageWeight(double average_words, const Deadline& deadline,
                             uint32_t* calls)
    : average_words_(average_words), deadline_(deadline), calls_(calls) {
  need_stat(WDF);
  need_stat(DOC_LENGTH);
  need_stat(WDF_MAX);
  need_stat(DOC_LENGTH_MIN);
}

PassageWeight* PassageWeight::clone() const {
  return new PassageWeight(average_words_, deadline_,
                           calls_);  // Xapian's to delete
}

void PassageWeight::init(double factor) { factor_ = factor; }

std::string PassageWeight::name() const { return "footnote::PassageWeight"; }

double PassageWeight::get_sumpart(Xapian::termcount wdf,
                                  Xapian::termcount length,
                                  Xapian::termcount) const {
  if (++*calls_ % kCallsPerLook == 0 && deadline_.Passed()) {
    throw DeadlinePassed();
  }
  if (wdf == 0) {
    return RoundContribution(factor_);
  }
  return RoundContribution(factor_ *
                           TermFrequencyPart(wdf, length, average_words_));
}

double PassageWeight::get_maxpart() const {
  const double most = TermFrequencyPart(
      get_wdf_upper_bound(), get_doclength_lower_bound(), average_words_);
  return RoundContribution(factor_ * std::max(1.0, most));
}

double PassageWeight::get_sumextra(Xapian::termcount, Xapian::termcount) const {
  return 0;
}

double PassageWeight::get_maxextra() const { return 0; }

}  // namespace footnote::search
