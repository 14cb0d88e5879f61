#include "server/grounding/alignment.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace footnote::grounding {
namespace {

// How much less a word counts that stands beside the sentence only.
constexpr double kBeside = 0.55;
constexpr double kNameBeside = 0.8;
// Likewise where the sentence has a pronoun that may stand for it.
constexpr double kPronounBeside = 0.8;

// A heading names things and says nothing of them.
constexpr double kHeading = 0.7;

// How far around a sentence is looked.
constexpr uint32_t kUnitsBefore = 3;
constexpr uint32_t kUnitsAfter = 1;

// What is elsewhere than in the clause of a piece counts less for it.
constexpr double kOtherClause = 0.5;
constexpr double kNearWords = 8;

using Ids = std::vector<std::pair<uint32_t, uint32_t>>;

Ids::const_iterator FirstOf(const Ids& ids, uint32_t id) {
  return std::lower_bound(ids.begin(), ids.end(),
                          std::pair<uint32_t, uint32_t>(id, 0));
}

bool HasPronoun(const Statement& statement) {
  constexpr std::string_view kPronouns[] = {
      "it",  "its", "they", "them", "their", "he",    "his",
      "him", "she", "her",  "this", "these", "those", "there"};
  return std::any_of(
      statement.words.begin(), statement.words.end(), [&](const Word& word) {
        return std::find(std::begin(kPronouns), std::end(kPronouns),
                         word.word) != std::end(kPronouns);
      });
}

bool HasId(const Unit& unit, uint32_t id) {
  const auto at = FirstOf(unit.ids, id);
  return at != unit.ids.end() && at->first == id;
}

}  // namespace

ClaimAlignment::ClaimAlignment(const Evidence& evidence, const Statement& claim,
                               std::string_view text, std::string_view language,
                               const std::vector<bool>& allowed)
    : evidence_(evidence),
      claim_(claim),
      text_(text),
      language_(language),
      matches_(evidence.MatchWords(claim, text, language)) {
  std::unordered_map<uint32_t, double> sums;
  for (size_t word = 0; word < claim.words.size(); ++word) {
    if (claim.words[word].weight > 0) {
      AddMatches(word, allowed, &sums);
    }
  }
  std::vector<std::pair<double, uint32_t>> order;
  order.reserve(sums.size());
  for (const auto& [unit, sum] : sums) {
    order.emplace_back(-sum, unit);
  }
  const size_t count = std::min(order.size(), kMaxCandidates);
  std::partial_sort(order.begin(),
                    order.begin() + static_cast<ptrdiff_t>(count), order.end());
  for (size_t i = 0; i < count; ++i) {
    candidates_.push_back(Align(order[i].second));
  }
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Alignment& a, const Alignment& b) {
                     return a.coverage > b.coverage;
                   });
}

// Adds to the sum of each unit how well it has a word.
void ClaimAlignment::AddMatches(
    size_t word, const std::vector<bool>& allowed,
    std::unordered_map<uint32_t, double>* sums) const {
  std::unordered_map<uint32_t, double> best;
  for (const WordMatch& match : matches_[word]) {
    for (const uint32_t unit : evidence_.units_with(match.id)) {
      if (allowed.empty() || allowed[evidence_.units()[unit].text]) {
        best.try_emplace(unit, match.quality);
      }
    }
  }
  for (const auto& [unit, quality] : best) {
    (*sums)[unit] += quality * claim_.words[word].weight;
  }
}

double ClaimAlignment::BestIn(size_t word, const Unit& unit, int32_t expected,
                              int32_t* at) const {
  for (const WordMatch& match : matches_[word]) {
    auto found = FirstOf(unit.ids, match.id);
    if (found == unit.ids.end() || found->first != match.id) {
      continue;
    }
    auto nearest = static_cast<int32_t>(found->second);
    for (; found != unit.ids.end() && found->first == match.id; ++found) {
      const auto place = static_cast<int32_t>(found->second);
      if (std::abs(place - expected) < std::abs(nearest - expected)) {
        nearest = place;
      }
    }
    *at = nearest;
    return match.quality;
  }
  return 0;
}

double ClaimAlignment::Around(size_t word, uint32_t number) const {
  const std::vector<Unit>& units = evidence_.units();
  const uint32_t text = units[number].text;
  const uint32_t first = number - std::min(number, kUnitsBefore);
  const uint32_t last =
      std::min(number + kUnitsAfter, static_cast<uint32_t>(units.size()) - 1);
  const double share = claim_.words[word].is_name            ? kNameBeside
                       : HasPronoun(units[number].statement) ? kPronounBeside
                                                             : kBeside;
  const std::vector<uint32_t>& context = evidence_.context_of(text);
  for (const WordMatch& match : matches_[word]) {
    if (std::binary_search(context.begin(), context.end(), match.id)) {
      return share * match.quality;
    }
    for (uint32_t unit = first; unit <= last; ++unit) {
      if (unit != number && units[unit].text == text &&
          HasId(units[unit], match.id)) {
        return share * match.quality;
      }
    }
  }
  return 0;
}

Alignment ClaimAlignment::Align(uint32_t number) const {
  const Unit& unit = evidence_.units()[number];
  Alignment made;
  made.unit = number;
  AlignWords(unit, &made);
  DropWeaker(&made);
  for (const Piece& piece : claim_.pieces) {
    if (piece.kind != PieceKind::kName) {
      AlignAmount(piece, unit, &made);
    }
  }
  double sum = 0;
  for (size_t word = 0; word < claim_.words.size(); ++word) {
    sum += claim_.words[word].weight * made.covered[word];
  }
  const bool is_heading =
      evidence_.texts()[unit.text].text.substr(unit.start, 1) == "#";
  made.coverage = claim_.weight > 0 ? sum / claim_.weight : 0;
  made.coverage *= is_heading ? kHeading : 1;
  return made;
}

void ClaimAlignment::AlignWords(const Unit& unit, Alignment* made) const {
  const size_t count = claim_.words.size();
  made->at.assign(count, Alignment::kNowhere);
  made->direct.assign(count, 0);
  made->covered.assign(count, 0);
  int32_t expected = 0;
  for (size_t word = 0; word < count; ++word) {
    made->direct[word] = BestIn(word, unit, expected, &made->at[word]);
    made->covered[word] = made->direct[word];
    const bool says_something = claim_.words[word].weight > 0;
    if (says_something && made->is_aligned(word)) {
      expected = made->at[word] + 1;
    } else if (says_something && !claim_.words[word].is_amount) {
      made->covered[word] = Around(word, made->unit);
    }
  }
}

// A word of the unit that is one word of the claim is not another one besides,
// only because that looks or means nearly the same.
void ClaimAlignment::DropWeaker(Alignment* made) {
  std::unordered_map<int32_t, double> best;  // by word of the unit
  for (size_t word = 0; word < made->at.size(); ++word) {
    double& quality = best[made->at[word]];
    quality = std::max(quality, made->direct[word]);
  }
  for (size_t word = 0; word < made->at.size(); ++word) {
    if (made->is_aligned(word) && made->direct[word] < best[made->at[word]]) {
      made->at[word] = Alignment::kNowhere;
      made->direct[word] = 0;
      made->covered[word] *= kBeside;
    }
  }
}

// The words of an amount or a date may be written otherwise.
void ClaimAlignment::AlignAmount(const Piece& piece, const Unit& unit,
                                 Alignment* made) {
  const auto& pieces = unit.statement.pieces;
  const auto same =
      std::find_if(pieces.begin(), pieces.end(), [&](const Piece& other) {
        return IsSameAmount(piece, other) ||
               (piece.kind == PieceKind::kDate &&
                other.kind == PieceKind::kDate &&
                CompareDates(other.date, piece.date) == DateRelation::kSame);
      });
  for (uint32_t word = piece.first; same != pieces.end() && word < piece.last;
       ++word) {
    made->at[word] = static_cast<int32_t>(same->first);
    made->direct[word] = 1;
    made->covered[word] = 1;
  }
}

double ClaimAlignment::CoverageAround(const Alignment& alignment,
                                      uint32_t first, uint32_t last) const {
  double sum = 0;
  double all = 0;
  const uint16_t clause = claim_.words[first].clause;
  for (uint32_t word = 0; word < claim_.words.size(); ++word) {
    if (word >= first && word < last) {
      continue;
    }
    const uint32_t distance = word < first ? first - word : word - last + 1;
    const double weight =
        claim_.words[word].weight /
        (1 + static_cast<double>(distance) / kNearWords) *
        (claim_.words[word].clause == clause ? 1 : kOtherClause);
    sum += weight * alignment.covered[word];
    all += weight;
  }
  return all > 0 ? sum / all : 0;
}

}  // namespace footnote::grounding
