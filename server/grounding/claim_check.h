// What a claim says that the evidence does not.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "server/grounding/alignment.h"

namespace footnote::grounding {

enum class DisagreementKind : uint8_t {
  kNumber,
  kMoney,
  kPercent,
  kUnit,
  kDate,
  kName,
  kNegation,  // one says that it is, the other that it is not, or the contrary
  kModality,  // one says that it is, the other that it may, should, will be
};

// A piece of a unit of the evidence.
struct SourcePiece {
  uint32_t unit = 0;
  uint32_t start = 0;  // bytes of the unit's text
  uint32_t end = 0;    // exclusive
};

// A piece of a claim that the evidence says otherwise, or does not say.
struct Disagreement {
  DisagreementKind kind = DisagreementKind::kNumber;
  uint32_t start = 0;  // bytes of the claim
  uint32_t end = 0;    // exclusive
  // What the evidence has in its place; nothing where it has nothing there.
  std::optional<SourcePiece> source;
};

// A sentence that says a claim, or part of it.
struct Support {
  uint32_t unit = 0;
  double share = 0;  // of the claim that it covers, [0, 1]
};

struct ClaimVerdict {
  double score = 0;  // of support, [0, 1]
  // What says most of it, then what adds to it; at most kMaxSupports.
  std::vector<Support> supports;
  std::vector<Disagreement> disagreements;  // by start
};

inline constexpr size_t kMaxSupports = 3;

// Returns what the evidence says of a claim. Deterministic and thread-safe.
ClaimVerdict CheckClaim(const ClaimAlignment& alignment);

// The parts of it.
std::vector<Disagreement> ComparePieces(const ClaimAlignment& alignment);
std::vector<Disagreement> CompareMeanings(const ClaimAlignment& alignment);

}  // namespace footnote::grounding
