// What the words of a query say of a passage beyond how often it has them.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "indexer/index/segment.h"
#include "server/search/kin_words.h"
#include "server/search/match.h"
#include "server/search/result.h"
#include "server/search/segment_words.h"
#include "server/search/word_postings.h"

namespace footnote::search {

// Scores passages of one segment, by the weights of ranking.h: what stands in
// the title, in headings, in the sentences right before and after, in the
// document as a whole; in which forms words stand, or their kin, and in which
// order. Not thread-safe.
class Evidence {
 public:
  // All that it is given must outlive it.
  Evidence(const index::Segment& segment, const ScoredQuery& query,
           const SegmentWords& words, const LengthNorms& norms);

  // Returns what is to be added to the score of a passage; `parts`, which may
  // be null, gets each contribution.
  double Score(uint32_t passage, std::vector<Contribution>* parts);

 private:
  // What is known of a word of the query.
  struct Tally {
    uint32_t in_document = 0;     // occurrences
    uint32_t pairs = 0;           // occurrences with the next word after them
    uint32_t last_at = kNowhere;  // the last one in the passage
    bool in_title = false;
    bool in_heading = false;
    bool is_near = false;   // in the sentence before or after
    bool has_form = false;  // as the query has it
    // The word is nowhere around, but the passage has one that begins alike.
    bool has_kin = false;
  };
  static constexpr uint32_t kNowhere = UINT32_MAX - 1;

  Tally& At(uint32_t word);
  void ScanTitle(uint32_t document);
  void ScanHeadings(uint32_t passage);
  void ScanOwn(uint32_t passage);
  void ScanDocument(uint32_t passage);
  void ScanBefore(uint32_t other);
  void ScanOther(uint32_t other, uint32_t near_until);
  void NoteOther(uint32_t lexeme, bool is_near);
  void ScanKin(uint32_t passage);
  double Sum(uint32_t passage, std::vector<Contribution>* parts);

  const index::Segment& segment_;
  const ScoredQuery& query_;
  const SegmentWords& words_;
  const LengthNorms& norms_;
  std::optional<KinWords> kin_;    // made when first needed
  std::vector<bool> is_form_;      // by place in words_.by_stem()
  std::vector<Tally> tallies_;     // by word
  std::vector<uint32_t> touched_;  // words that are told of
  double document_words_ = 0;
};

}  // namespace footnote::search
