// BM25 for Xapian's matcher, with statistics from outside and a time limit.

#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <xapian.h>

#include "indexer/index/occurrence.h"
#include "server/search/deadline.h"

namespace footnote::search {

// Thrown out of the matcher when the deadline passes: Xapian has no limit of
// its own. Caught in MatchGroup() alone.
struct DeadlinePassed {};

// Scores a term by the index::Occurrence that its posting carries, times the
// scale factor of its query (Xapian::Query::OP_SCALE_WEIGHT), which is the IDF.
// A posting without one counts as if once in a passage of average length.
class PassageWeight : public Xapian::Weight {
 public:
  // What the weights of all terms of a match share. Used by one thread.
  struct Match {
    // LengthNorm() by length class.
    std::array<double, index::Occurrence::kLengthClasses> norms;
    const Deadline& deadline;
    uint32_t calls = 0;  // scores so far

    Match(double average_words, const Deadline& until);
  };

  // `match` must outlive it.
  explicit PassageWeight(Match* match);

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
  Match* match_;
  double factor_ = 0;
};

}  // namespace footnote::search
