// Which words of a claim stand in which sentences of the evidence.

#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/grounding/evidence.h"

namespace footnote::grounding {

// A claim beside one sentence of the evidence.
struct Alignment {
  static constexpr int32_t kNowhere = -1;

  uint32_t unit = 0;
  // For each word of the claim: the word of the unit that it is, or kNowhere.
  std::vector<int32_t> at;
  // How well it is there, [0, 1]; in the unit alone.
  std::vector<double> direct;
  // Likewise, with what stands around the unit.
  std::vector<double> covered;
  // The sum of `covered` times the words' weights, over that of the weights.
  double coverage = 0;

  bool is_aligned(size_t word) const { return at[word] != kNowhere; }
};

// A claim with the sentences that come nearest to saying it.
class ClaimAlignment {
 public:
  // Sentences that are looked at closely.
  static constexpr size_t kMaxCandidates = 16;

  // `text` is the claim's. Texts that are not `allowed` are passed over; an
  // empty list allows all. All that it is given must outlive it.
  ClaimAlignment(const Evidence& evidence, const Statement& claim,
                 std::string_view text, std::string_view language,
                 const std::vector<bool>& allowed = {});

  const Evidence& evidence() const { return evidence_; }
  const Statement& claim() const { return claim_; }
  std::string_view text() const { return text_; }
  std::string_view language() const { return language_; }

  // The candidates, by descending coverage, then unit.
  const std::vector<Alignment>& candidates() const { return candidates_; }

  const Unit& unit_of(const Alignment& alignment) const {
    return evidence_.units()[alignment.unit];
  }

  // Returns what part of the claim but for the words [first, last) a candidate
  // covers, [0, 1]; words near these count more.
  double CoverageAround(const Alignment& alignment, uint32_t first,
                        uint32_t last) const;

 private:
  void AddMatches(size_t word, const std::vector<bool>& allowed,
                  std::unordered_map<uint32_t, double>* sums) const;
  Alignment Align(uint32_t number) const;
  void AlignWords(const Unit& unit, Alignment* made) const;
  static void DropWeaker(Alignment* made);
  static void AlignAmount(const Piece& piece, const Unit& unit,
                          Alignment* made);
  double BestIn(size_t word, const Unit& unit, int32_t expected,
                int32_t* at) const;
  double Around(size_t word, uint32_t number) const;

  const Evidence& evidence_;
  const Statement& claim_;
  std::string_view text_;
  std::string_view language_;
  std::vector<std::vector<WordMatch>> matches_;  // by word
  std::vector<Alignment> candidates_;
};

}  // namespace footnote::grounding
