// BM25 for Xapian's matcher, with statistics from outside and a time limit.

#pragma once

#include <string>

#include <xapian.h>

#include "server/search/searcher.h"

namespace footnote::search {

// Thrown out of the matcher when the deadline passes: Xapian has no limit of
// its own. Caught in MatchSegment() alone.
struct DeadlinePassed {};

// Scores a term by its frequency in a passage, times the scale factor of its
// query (Xapian::Query::OP_SCALE_WEIGHT), which brings IDF and field weight.
// A term without a frequency counts as if once in a passage of average length.
class PassageWeight : public Xapian::Weight {
 public:
  // `deadline` and `calls`, which counts the scores of a whole match, must
  // outlive it.
  PassageWeight(double average_words, const Deadline& deadline,
                uint32_t* calls);

  PassageWeight* clone() const override;
  void init(double factor) override;
  std::string name() const override;
  double get_sumpart(Xapian::termcount wdf, Xapian::termcount length,
                     Xapian::termcount unique_terms) const override;
  double get_maxpart() const override;
  double get_sumextra(Xapian::termcount length,
                      Xapian::termcount unique_terms) const override;
  double get_maxextra() const override;

 private:
  double average_words_;
  const Deadline& deadline_;
  double factor_ = 0;
  uint32_t* calls_;
};

}  // namespace footnote::search
