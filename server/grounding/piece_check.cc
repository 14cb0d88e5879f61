// Amounts, dates and names of a claim against those of the evidence.

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "server/grounding/claim_check.h"

namespace footnote::grounding {
namespace {

// A sentence with a piece bears it where it covers this part of what the best
// one without it covers.
constexpr double kBearing = 0.8;

// Less of the claim around a piece says nothing about it.
constexpr double kLeastToContradict = 0.45;
constexpr double kLeastToMiss = 0.6;

// A name that stands near a sentence only is another where one in the sentence
// stands so near to its place.
constexpr int32_t kSlotWords = 2;

DisagreementKind KindOf(PieceKind kind) {
  switch (kind) {
    case PieceKind::kMoney:
      return DisagreementKind::kMoney;
    case PieceKind::kPercent:
      return DisagreementKind::kPercent;
    case PieceKind::kUnit:
      return DisagreementKind::kUnit;
    case PieceKind::kDate:
      return DisagreementKind::kDate;
    case PieceKind::kName:
      return DisagreementKind::kName;
    default:
      return DisagreementKind::kNumber;
  }
}

bool IsOrdinal(const Piece& piece) { return piece.key.starts_with("ordinal/"); }

// Whether a piece is a number of what follows it, or a year that may be one.
bool MayCount(const Piece& piece) { return piece.key.starts_with("number/"); }

// Whether both say on which side of the amount it lies, and not the same one.
bool AreBoundsOpposed(const Piece& a, const Piece& b) {
  return a.bound != Bound::kNone && b.bound != Bound::kNone &&
         a.bound != b.bound;
}

// How a sentence bears a piece.
enum class Bearing { kNone, kBeside, kHere };

// Compares the pieces of one claim.
class PieceComparer {
 public:
  explicit PieceComparer(const ClaimAlignment& alignment)
      : alignment_(alignment), claim_(alignment.claim()) {}

  std::vector<Disagreement> Compare() {
    for (const Piece& piece : claim_.pieces) {
      if (IsToBeCompared(piece)) {
        ComparePiece(piece);
      }
    }
    return std::move(found_);
  }

 private:
  bool IsToBeCompared(const Piece& piece) const {
    if (piece.kind != PieceKind::kName) {
      return piece.is_sure;
    }
    if (piece.is_sure) {
      return true;
    }
    // One word at the beginning of a sentence: any word has a capital there.
    const std::string& word = claim_.words[piece.first].word;
    return alignment_.evidence().is_name(word) ||
           (!IsInflected(word) && !alignment_.evidence().is_common(word) &&
            claim_.words[piece.first].weight >= 1);
  }

  Bearing BearingOf(const Piece& piece, const Alignment& candidate) const {
    return piece.kind == PieceKind::kName ? BearingOfName(piece, candidate)
                                          : BearingOfValue(piece, candidate);
  }

  Bearing BearingOfName(const Piece& piece, const Alignment& candidate) const {
    Bearing bearing = Bearing::kHere;
    for (uint32_t word = piece.first; word < piece.last; ++word) {
      if (claim_.words[word].weight == 0 || candidate.direct[word] > 0) {
        continue;
      }
      if (candidate.covered[word] == 0) {
        return Bearing::kNone;
      }
      bearing = Bearing::kBeside;
    }
    return bearing;
  }

  Bearing BearingOfValue(const Piece& piece, const Alignment& candidate) const {
    Bearing bearing = Bearing::kNone;
    for (const Piece& other : PiecesOf(candidate)) {
      if (piece.kind == PieceKind::kDate && other.kind == PieceKind::kDate) {
        const DateRelation relation = CompareDates(other.date, piece.date);
        if (relation == DateRelation::kSame) {
          return Bearing::kHere;
        }
        if (relation == DateRelation::kLess) {
          bearing = Bearing::kBeside;
        }
      }
      if (IsSameAmount(piece, other) && !AreBoundsOpposed(piece, other)) {
        return Bearing::kHere;
      }
    }
    return bearing;
  }

  const std::vector<Piece>& PiecesOf(const Alignment& candidate) const {
    return SourceOf(candidate).pieces;
  }

  void ComparePiece(const Piece& piece) {
    double bearing_best = 0;
    double best = 0;
    const Alignment* home = nullptr;
    Bearing at_home = Bearing::kNone;
    for (const Alignment& candidate : alignment_.candidates()) {
      const double around =
          alignment_.CoverageAround(candidate, piece.first, piece.last);
      const Bearing bearing = BearingOf(piece, candidate);
      if (bearing == Bearing::kHere) {
        bearing_best = std::max(bearing_best, around);
      }
      if (around > best) {
        best = around;
        home = &candidate;
        at_home = bearing;
      }
    }
    if (home == nullptr || best < kLeastToContradict) {
      return;
    }
    if (bearing_best < kBearing * best) {
      AddDisagreement(piece, *home, at_home, best);
    } else if (at_home == Bearing::kHere && piece.kind == PieceKind::kName) {
      AddOtherInPlace(piece, *home);
    }
  }

  // A sentence may have a name, but in another place, and another name where
  // the claim has this one.
  void AddOtherInPlace(const Piece& piece, const Alignment& home) {
    const std::vector<Word>& words = SourceOf(home).words;
    for (const Piece& other : PiecesOf(home)) {
      if (other.kind == PieceKind::kName && !IsClaimed(other, home) &&
          IsFollowedAlike(piece.last, SourceOf(home), other.last) &&
          std::none_of(words.begin() + other.first, words.begin() + other.last,
                       [&](const Word& word) { return IsIn(piece, word); })) {
        Add(piece, home.unit, &other);
        return;
      }
    }
  }

  bool IsIn(const Piece& piece, const Word& word) const {
    return std::any_of(claim_.words.begin() + piece.first,
                       claim_.words.begin() + piece.last,
                       [&](const Word& own) { return own.stem == word.stem; });
  }

  // Whether the same words follow, up to one that says something.
  bool IsFollowedAlike(uint32_t at, const Statement& source,
                       uint32_t place) const {
    constexpr uint32_t kFar = 4;
    for (uint32_t i = 0; i < kFar; ++i) {
      if (at + i >= claim_.words.size() || place + i >= source.words.size() ||
          claim_.words[at + i].word != source.words[place + i].word) {
        return false;
      }
      if (i > 0 && claim_.words[at + i].weight > 0) {
        return true;
      }
    }
    return false;
  }

  void AddDisagreement(const Piece& piece, const Alignment& home,
                       Bearing at_home, double best) {
    const Piece* other = FindCounterpart(piece, home, at_home);
    const bool is_missing = at_home == Bearing::kNone && best >= kLeastToMiss &&
                            piece.is_sure && !IsOrdinal(piece);
    if (other == nullptr && (!is_missing || IsBorneNextTo(piece, home))) {
      return;
    }
    Add(piece, home.unit, IsAbout(piece, home) ? other : nullptr);
  }

  // Whether a sentence has two words of the claim besides a piece, or all.
  bool IsAbout(const Piece& piece, const Alignment& home) const {
    constexpr int kEnough = 2;
    int shared = 0;
    int all = 0;
    for (uint32_t word = 0; word < claim_.words.size(); ++word) {
      if (claim_.words[word].weight > 0 &&
          (word < piece.first || word >= piece.last)) {
        ++all;
        shared += home.covered[word] > 0 ? 1 : 0;
      }
    }
    return shared >= std::min(all, kEnough);
  }

  // Whether the sentence before or behind one speaks of the claim and bears an
  // amount or date of it. (Names beside a sentence count as covered anyhow.)
  bool IsBorneNextTo(const Piece& piece, const Alignment& home) const {
    const std::vector<Alignment>& all = alignment_.candidates();
    return piece.kind != PieceKind::kName &&
           std::any_of(all.begin(), all.end(), [&](const Alignment& next) {
             return (next.unit == home.unit + 1 ||
                     next.unit + 1 == home.unit) &&
                    alignment_.unit_of(next).text ==
                        alignment_.unit_of(home).text &&
                    BearingOf(piece, next) == Bearing::kHere &&
                    alignment_.CoverageAround(next, piece.first, piece.last) >=
                        kLeastToContradict;
           });
  }

  void Add(const Piece& piece, uint32_t unit, const Piece* other) {
    Disagreement disagreement;
    disagreement.kind = KindOf(piece.kind);
    disagreement.start = piece.start;
    disagreement.end = piece.end;
    if (other != nullptr) {
      disagreement.source = {unit, other->start, other->end};
    }
    if (other != nullptr && piece.first > 0 &&
        AreBoundsOpposed(piece, *other)) {
      disagreement.start = claim_.words[piece.first - 1].start;
    }
    found_.push_back(disagreement);
  }

  // Returns the piece of a sentence that stands in the place of one of the
  // claim, or null.
  const Piece* FindCounterpart(const Piece& piece, const Alignment& home,
                               Bearing at_home) const {
    const int32_t expected = ExpectedPlace(piece, home);
    const Piece* nearest = nullptr;
    int32_t least = INT32_MAX;
    for (const Piece& other : PiecesOf(home)) {
      if (!MayReplace(piece, other, home) || IsClaimed(other, home)) {
        continue;
      }
      const int32_t distance =
          std::abs(static_cast<int32_t>(other.first) - expected) -
          (HasSameHead(piece, other, home) ? 4 : 0);
      if (distance < least) {
        least = distance;
        nearest = &other;
      }
    }
    if (nearest != nullptr && at_home == Bearing::kBeside &&
        (least > kSlotWords ||
         WordBefore(claim_, piece) != WordBefore(SourceOf(home), *nearest))) {
      return nullptr;
    }
    return nearest;
  }

  const Statement& SourceOf(const Alignment& candidate) const {
    return alignment_.unit_of(candidate).statement;
  }

  // Returns the word before a piece in its clause, "" where there is none.
  static std::string_view WordBefore(const Statement& statement,
                                     const Piece& piece) {
    if (piece.first == 0) {
      return "";
    }
    const Word& before = statement.words[piece.first - 1];
    return before.clause == statement.words[piece.first].clause
               ? std::string_view(before.word)
               : std::string_view();
  }

  bool MayReplace(const Piece& piece, const Piece& other,
                  const Alignment& home) const {
    if (piece.kind == PieceKind::kDate && other.kind == PieceKind::kDate) {
      return CompareDates(other.date, piece.date) == DateRelation::kOther;
    }
    if (MayCount(piece) && MayCount(other) && piece.kind != other.kind) {
      return HasSameHead(piece, other, home);
    }
    if (piece.kind == PieceKind::kName && !(piece.is_sure && other.is_sure)) {
      return MayReplaceUnsure(piece, other, home);
    }
    return piece.kind == other.kind && IsOrdinal(piece) == IsOrdinal(other) &&
           (!IsOrdinal(piece) || HasSameHead(piece, other, home));
  }

  // Words at the beginning of sentences that only may be names: where the same
  // word follows both, and neither has an ending of other words.
  bool MayReplaceUnsure(const Piece& piece, const Piece& other,
                        const Alignment& home) const {
    if (other.kind != PieceKind::kName) {
      return false;
    }
    const bool is_known =
        other.is_sure ||
        alignment_.evidence().is_name(SourceOf(home).words[other.first].word);
    const bool is_inflected =
        !other.is_sure && IsInflected(SourceOf(home).words[other.first].word);
    const bool is_followed = HasSameHead(piece, other, home);
    return is_followed ? !is_inflected : is_known && other.first == 0;
  }

  static bool IsInflected(std::string_view word) {
    return word.ends_with("ing") || word.ends_with("ed") ||
           word.ends_with("ly") || word.ends_with("s");
  }

  // Whether the claim has a piece of the sentence elsewhere.
  bool IsClaimed(const Piece& other, const Alignment& home) const {
    if (other.kind == PieceKind::kName) {
      return std::any_of(home.at.begin(), home.at.end(), [&](int32_t at) {
        return at >= static_cast<int32_t>(other.first) &&
               at < static_cast<int32_t>(other.last);
      });
    }
    return std::any_of(
        claim_.pieces.begin(), claim_.pieces.end(), [&](const Piece& piece) {
          return (other.kind == PieceKind::kDate &&
                  piece.kind == PieceKind::kDate && piece.date == other.date) ||
                 (IsSameAmount(piece, other) &&
                  !AreBoundsOpposed(piece, other));
        });
  }

  // Returns where a piece would stand in a sentence, by the words around it.
  int32_t ExpectedPlace(const Piece& piece, const Alignment& home) const {
    for (int32_t distance = 1;
         distance < static_cast<int32_t>(claim_.words.size()); ++distance) {
      const int32_t before = static_cast<int32_t>(piece.first) - distance;
      const int32_t after = static_cast<int32_t>(piece.last) - 1 + distance;
      if (after < static_cast<int32_t>(claim_.words.size()) &&
          IsAnchor(after, home)) {
        return home.at[static_cast<size_t>(after)] - distance;
      }
      if (before >= 0 && IsAnchor(before, home)) {
        return home.at[static_cast<size_t>(before)] + distance;
      }
    }
    return 0;
  }

  bool IsAnchor(int32_t word, const Alignment& home) const {
    const auto at = static_cast<size_t>(word);
    return claim_.words[at].weight > 0 && home.is_aligned(at);
  }

  // Whether the same word follows both.
  bool HasSameHead(const Piece& piece, const Piece& other,
                   const Alignment& home) const {
    const std::vector<Word>& words = SourceOf(home).words;
    if (piece.last >= claim_.words.size() || other.last >= words.size()) {
      return false;
    }
    const Word& next = claim_.words[piece.last];
    return next.word == words[other.last].word ||
           (next.weight > 0 &&
            home.at[piece.last] == static_cast<int32_t>(other.last));
  }

  const ClaimAlignment& alignment_;
  const Statement& claim_;
  std::vector<Disagreement> found_;
};

}  // namespace

std::vector<Disagreement> ComparePieces(const ClaimAlignment& alignment) {
  return PieceComparer(alignment).Compare();
}

}  // namespace footnote::grounding
