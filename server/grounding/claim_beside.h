// A claim beside one sentence, for those that compare what they mean.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "server/grounding/claim_check.h"

namespace footnote::grounding {

// Words of a claim with those of a sentence that they are. What it is made of
// must outlive it. Thread-safe.
class ClaimBeside {
 public:
  ClaimBeside(const ClaimAlignment& alignment, const Alignment& candidate);

  const Statement& claim() const { return claim_; }
  const Statement& source() const { return source_; }
  std::string_view language() const { return language_; }

  // Whether a word of the claim is in the sentence, and as which of its words.
  bool is_aligned(size_t word) const { return candidate_.is_aligned(word); }
  int32_t place_of(size_t word) const { return candidate_.at[word]; }
  // How well it is there, [0, 1].
  double quality_of(size_t word) const { return candidate_.direct[word]; }

  // Whether a word of the sentence is one of the claim's that say something,
  // and which.
  bool is_claimed(size_t source_word) const {
    return claimed_[source_word] != Alignment::kNowhere;
  }
  uint32_t claimed_as(size_t source_word) const {
    return static_cast<uint32_t>(claimed_[source_word]);
  }

  // Returns where the verb group before a word of the claim begins: an
  // auxiliary or a cue a few words before it, else the word before it where
  // that is no name.
  uint32_t WidenLeft(uint32_t word) const;

  // Words of a statement, [first, last).
  struct Words {
    uint32_t first = 0;
    uint32_t last = 0;
  };
  // Returns the disagreement of words of the claim with some of the sentence.
  Disagreement Differ(DisagreementKind kind, Words claim, Words source) const;

 private:
  const Statement& claim_;
  const Alignment& candidate_;
  const Statement& source_;
  std::string_view language_;
  std::vector<int32_t> claimed_;  // words of the claim, by the sentence's
};

// Return what a claim and a sentence say differently: that it is not so, or the
// opposite; that it may, must, will be so. Nothing where they agree.
std::optional<Disagreement> CompareNegation(const ClaimBeside& beside);
std::optional<Disagreement> CompareModality(const ClaimBeside& beside);

}  // namespace footnote::grounding
