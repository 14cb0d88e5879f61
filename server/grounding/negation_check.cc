// Negation and opposites of a claim against those of a sentence.

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "server/grounding/claim_beside.h"
#include "server/grounding/cues.h"
#include "server/grounding/word_meanings.h"

namespace footnote::grounding {
namespace {

// What part of a cue's words must be found to compare what it says of them.
constexpr double kLeastOfReach = 0.5;
constexpr size_t kReachLooked = 6;

// How near to the same words opposites must stand.
constexpr int32_t kNearOpposite = 5;

constexpr uint16_t kNegative = kNegated | kOpposed;

bool Has(uint16_t mask, uint16_t bits) { return (mask & bits) != 0; }

class NegationComparer {
 public:
  explicit NegationComparer(const ClaimBeside& beside) : beside_(beside) {}

  std::optional<Disagreement> Compare() {
    CompareOpposites();
    if (!found_) {
      CompareAttributes();
    }
    if (!found_) {
      CompareNegation();
    }
    return found_;
  }

 private:
  // The words of a cue's reach that say something, nearest to it first.
  static std::vector<uint32_t> WordsOf(const Statement& statement,
                                       const CueAt& cue) {
    std::vector<uint32_t> words;
    const auto take = [&](uint32_t at) {
      if (statement.words[at].weight > 0 && !statement.words[at].is_cue &&
          words.size() < kReachLooked) {
        words.push_back(at);
      }
    };
    for (uint32_t at = cue.last; at < cue.reach_last; ++at) {
      take(at);
    }
    for (uint32_t at = cue.first; at > cue.reach_first; --at) {
      take(at - 1);
    }
    return words;
  }

  void CompareNegation() {
    for (const CueAt& cue : beside_.claim().cues) {
      if (Has(cue.meaning, kNegative) && !found_) {
        CompareClaimNegation(cue);
      }
    }
    if (HasNegation(beside_.claim())) {
      return;
    }
    for (const CueAt& cue : beside_.source().cues) {
      if (Has(cue.meaning, kNegative) && !found_) {
        CompareSourceNegation(cue);
      }
    }
  }

  static bool HasNegation(const Statement& statement) {
    return std::any_of(
        statement.cues.begin(), statement.cues.end(),
        [](const CueAt& cue) { return Has(cue.meaning, kNegative); });
  }

  // The claim says "not": so must the sentence, near the same words.
  void CompareClaimNegation(const CueAt& cue) {
    if (Has(cue.meaning, kOpposed) && cue.last == cue.first + 1 &&
        beside_.is_aligned(cue.first)) {
      return;  // "refused" for "declined"
    }
    if (cue.first > 0 && beside_.claim().words[cue.first - 1].word == "but") {
      return;  // "…, but not the ending": what it says of it is not here
    }
    const std::vector<uint32_t> words = WordsOf(beside_.claim(), cue);
    double all = 0;
    double aligned = 0;
    int32_t first = INT32_MAX;
    int32_t last = Alignment::kNowhere;
    for (const uint32_t word : words) {
      all += beside_.claim().words[word].weight;
      if (beside_.is_aligned(word)) {
        aligned += beside_.claim().words[word].weight;
        first = std::min(first, beside_.place_of(word));
        last = std::max(last, beside_.place_of(word));
      }
    }
    const auto head =
        std::find_if(words.begin(), words.end(),
                     [&](uint32_t word) { return beside_.is_aligned(word); });
    if (head == words.end() || head - words.begin() > 1 ||
        aligned < kLeastOfReach * all || IsNegatedNear(first, last) ||
        HasOppositeOf(words)) {
      return;
    }
    Add(beside_.WidenLeft(cue.first), std::max(cue.last, *head + 1),
        static_cast<uint32_t>(beside_.place_of(*head)),
        static_cast<uint32_t>(beside_.place_of(*head)) + 1);
  }

  // Whether the sentence has a negation that governs one of its words
  // [first, last], or stands among or next to them.
  bool IsNegatedNear(int32_t first, int32_t last) const {
    constexpr int32_t kNear = 4;
    return std::any_of(
        beside_.source().cues.begin(), beside_.source().cues.end(),
        [&](const CueAt& cue) {
          const uint16_t clause = beside_.source().words[cue.first].clause;
          const bool is_near =
              static_cast<int32_t>(cue.last) >= first - kNear &&
              static_cast<int32_t>(cue.first) <= last + kNear &&
              beside_.source().words[static_cast<size_t>(first)].clause <=
                  clause &&
              clause <=
                  beside_.source().words[static_cast<size_t>(last)].clause;
          const bool governs = static_cast<int32_t>(cue.reach_last) > first &&
                               static_cast<int32_t>(cue.reach_first) <= last;
          return Has(cue.meaning, kNegative) && (is_near || governs);
        });
  }

  // Whether the sentence says the opposite of one of the claim's words.
  bool HasOppositeOf(const std::vector<uint32_t>& words) const {
    return std::any_of(words.begin(), words.end(), [&](uint32_t word) {
      return std::any_of(beside_.source().words.begin(),
                         beside_.source().words.end(), [&](const Word& other) {
                           return AreOpposites(beside_.claim().words[word].stem,
                                               other.stem, beside_.language());
                         });
    });
  }

  // The sentence says "not" of what the claim says.
  void CompareSourceNegation(const CueAt& cue) {
    const std::vector<uint32_t> words = WordsOf(beside_.source(), cue);
    constexpr size_t kHeads = 2;
    double all = 0;
    double claimed = 0;
    for (const uint32_t word : words) {
      all += beside_.source().words[word].weight;
      claimed +=
          beside_.is_claimed(word) ? beside_.source().words[word].weight : 0;
    }
    const auto head =
        std::find_if(words.begin(), words.end(),
                     [&](uint32_t word) { return beside_.is_claimed(word); });
    if (head == words.end() ||
        static_cast<size_t>(head - words.begin()) >= kHeads ||
        claimed < kLeastOfReach * all ||
        beside_.source().words[*head].is_name) {
      return;
    }
    const auto claim_head = beside_.claimed_as(*head);
    Add(beside_.WidenLeft(claim_head), EndOfPredicate(words, claim_head),
        cue.first, std::max(cue.last, *head + 1));
  }

  // Returns the end of what the claim says of the words of a cue's reach, a few
  // words from the first of them.
  uint32_t EndOfPredicate(const std::vector<uint32_t>& words,
                          uint32_t head) const {
    constexpr uint32_t kFar = 4;
    uint32_t last = head;
    for (const uint32_t word : words) {
      const uint32_t at =
          beside_.is_claimed(word) ? beside_.claimed_as(word) : head;
      last = at > last && at <= head + kFar ? at : last;
    }
    return last + 1;
  }

  void CompareOpposites() {
    for (uint32_t word = 0; word < beside_.claim().words.size(); ++word) {
      const Word& said = beside_.claim().words[word];
      if (said.is_name || said.is_amount || IsInItsPlace(word)) {
        continue;
      }
      if (IsBound(word)) {
        continue;
      }
      for (uint32_t at = 0; at < beside_.source().words.size(); ++at) {
        const Word& other = beside_.source().words[at];
        const bool is_turned =
            Has(said.meaning, kNegated) != Has(other.meaning, kNegated);
        if (!beside_.is_claimed(at) && !is_turned &&
            AreOpposites(said.stem, other.stem, beside_.language()) &&
            AreInOnePlace(word, at, kNearOpposite)) {
          Add(word, word + 1, at, at + 1);
          return;
        }
      }
    }
  }

  // Whether a word of the claim is in the sentence: itself, or one that means
  // the same right next to the same words.
  bool IsInItsPlace(uint32_t word) const {
    constexpr int32_t kNext = 2;
    return beside_.is_aligned(word) &&
           (beside_.quality_of(word) == 1 ||
            AreInOnePlace(word, static_cast<uint32_t>(beside_.place_of(word)),
                          kNext));
  }

  // Whether a word says on which side of an amount something lies, which is
  // compared with the amount.
  bool IsBound(uint32_t word) const {
    const std::vector<Word>& words = beside_.claim().words;
    const std::string_view next =
        word + 1 < words.size() ? words[word + 1].word : std::string_view();
    const std::string& said = words[word].word;
    constexpr std::string_view kBounds[] = {"least", "most", "below", "above",
                                            "beyond"};
    const bool is_measure =
        word + 1 < words.size() && words[word + 1].is_amount &&
        (words[word].weight == 0 ||
         std::find(std::begin(kBounds), std::end(kBounds), said) !=
             std::end(kBounds));
    return is_measure || (next == "than" && (said == "more" || said == "less" ||
                                             said == "fewer"));
  }

  // Finds a word before one that both have which is the opposite of the word
  // before it there: "lower throughput" for "higher throughput".
  void CompareAttributes() {
    const std::vector<Word>& words = beside_.claim().words;
    for (uint32_t word = 0; word + 1 < words.size(); ++word) {
      if (words[word + 1].weight == 0 || !beside_.is_aligned(word + 1) ||
          beside_.place_of(word + 1) < 1 || IsBound(word)) {
        continue;
      }
      const auto at = static_cast<uint32_t>(beside_.place_of(word + 1)) - 1;
      const Word& other = beside_.source().words[at];
      if (other.word != words[word].word &&
          Has(words[word].meaning, kNegated) == Has(other.meaning, kNegated) &&
          AreOpposites(words[word].stem, other.stem, beside_.language())) {
        Add(word, word + 1, at, at + 1);
        return;
      }
    }
  }

  // Whether words next to a word of the claim stand next to one of the
  // sentence.
  bool AreInOnePlace(uint32_t word, uint32_t at, int32_t near_source) const {
    // A function word has to stand before the same word.
    const bool is_function = beside_.claim().words[word].weight == 0;
    const int32_t near_claim = is_function ? 2 : 4;
    const auto size = static_cast<int32_t>(beside_.claim().words.size());
    for (int32_t distance = is_function ? 1 : -near_claim;
         distance <= near_claim; ++distance) {
      const int32_t other = static_cast<int32_t>(word) + distance;
      if (distance == 0 || other < 0 || other >= size ||
          beside_.claim().words[static_cast<size_t>(other)].weight == 0 ||
          !beside_.is_aligned(static_cast<size_t>(other))) {
        continue;
      }
      const int32_t away = beside_.place_of(static_cast<size_t>(other)) -
                           static_cast<int32_t>(at);
      if (is_function ? away == distance : std::abs(away) <= near_source) {
        return true;
      }
    }
    return false;
  }

  void Add(uint32_t first, uint32_t last, uint32_t source_first,
           uint32_t source_last) {
    found_ = beside_.Differ(DisagreementKind::kNegation, {first, last},
                            {source_first, source_last});
  }

  const ClaimBeside& beside_;
  std::optional<Disagreement> found_;
};

}  // namespace

std::optional<Disagreement> CompareNegation(const ClaimBeside& beside) {
  return NegationComparer(beside).Compare();
}

}  // namespace footnote::grounding
