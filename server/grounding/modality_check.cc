// Modality of a claim against that of a sentence.

#include <algorithm>

#include "server/grounding/claim_beside.h"
#include "server/grounding/cues.h"

namespace footnote::grounding {
namespace {

// What part of the words that both have must differ in what governs them.
constexpr double kLeastClashing = 0.5;  // of those that a cue governs
constexpr double kLeastOfAll = 0.2;

constexpr uint16_t kUnsure = kPossible | kLikely;
constexpr uint16_t kModal =
    kUnsure | kAble | kRequired | kFuture | kIntended | kCertain | kDone;

bool Has(uint16_t mask, uint16_t bits) { return (mask & bits) != 0; }

// What the claim and the sentence say differently: the bits of the claim's cue
// and the sentence's which disagree; 0 where they agree.
struct Clash {
  uint16_t claim = 0;
  uint16_t source = 0;
};

// Compares the meanings that govern a word in each; `anywhere` are those that
// the sentence has for any of its words.
Clash ClashOf(uint16_t claim, uint16_t source, uint16_t anywhere) {
  const bool is_soft = Has(claim, kUnsure | kAble | kIntended);
  if (Has(source, kUnsure) && !is_soft) {
    return {kFuture | kCertain | kDone | kRequired, kUnsure};
  }
  if (Has(source, kAble) && !is_soft &&
      Has(claim, kFuture | kCertain | kDone)) {
    return {kFuture | kCertain | kDone, kAble};
  }
  if (Has(source, kRequired) && !Has(source, kUnsure) &&
      Has(claim, kUnsure | kAble) && !Has(claim, kRequired)) {
    return {kUnsure | kAble, kRequired};
  }
  if (Has(claim, kRequired) && !Has(anywhere, kRequired)) {
    return {kRequired, UINT16_MAX};
  }
  if (Has(claim, kUnsure) &&
      !Has(anywhere, kUnsure | kAble | kIntended | kRequired | kFuture)) {
    return {kUnsure, UINT16_MAX};
  }
  if (Has(claim, kDone) && !Has(source, kDone) &&
      Has(source, kFuture | kIntended | kRequired) && !Has(claim, kIntended)) {
    return {kDone, kFuture | kIntended | kRequired};
  }
  return {};
}

class ModalityComparer {
 public:
  explicit ModalityComparer(const ClaimBeside& beside) : beside_(beside) {}

  std::optional<Disagreement> Compare() {
    CompareModality();
    return found_;
  }

 private:
  void CompareModality() {
    double all = 0;
    double modal = 0;
    double clashing = 0;
    std::vector<uint32_t> words;
    Clash clash;
    for (uint32_t word = 0; word < beside_.claim().words.size(); ++word) {
      const Word& said = beside_.claim().words[word];
      if (said.weight == 0 || said.is_name || said.is_cue ||
          !beside_.is_aligned(word)) {
        continue;
      }
      all += said.weight;
      const bool is_modal = Has(said.meaning | SourceMeaning(word), kModal);
      modal += is_modal ? said.weight : 0;
      const Clash here = ClashOf(MeaningOf(said), SourceMeaning(word),
                                 MeaningsOf(beside_.source()));
      if (here.source != 0) {
        clashing += said.weight;
        clash = words.empty() ? here : clash;
        words.push_back(word);
      }
    }
    if (clashing > 0 && clashing >= kLeastClashing * modal &&
        clashing >= kLeastOfAll * all) {
      AddModality(words, clash);
    }
  }

  // What governs a word of the claim, or others of its clause: how far a cue
  // reaches is a matter of wording.
  uint16_t MeaningOf(const Word& word) const {
    uint16_t meaning = word.meaning;
    for (const CueAt& cue : beside_.claim().cues) {
      if (beside_.claim().words[cue.first].clause == word.clause &&
          Has(cue.meaning, kUnsure | kAble)) {
        meaning |= cue.meaning;
      }
    }
    return meaning;
  }

  static uint16_t MeaningsOf(const Statement& statement) {
    uint16_t meaning = 0;
    for (const CueAt& cue : statement.cues) {
      meaning |= cue.meaning;
    }
    return meaning;
  }

  uint16_t SourceMeaning(uint32_t word) const {
    return beside_.source()
        .words[static_cast<size_t>(beside_.place_of(word))]
        .meaning;
  }

  static bool Governs(const CueAt& cue, uint32_t word) {
    return cue.reach_first <= word && word < cue.reach_last;
  }

  // Names the cue of the claim, or its verb, and that of the sentence, for
  // words of the claim that clash.
  void AddModality(const std::vector<uint32_t>& words, const Clash& clash) {
    uint32_t first = beside_.WidenLeft(words.front());
    uint32_t last = words.front() + 1;
    uint32_t word = words.front();
    const auto governs_one = [&](const CueAt& cue) {
      const auto governed =
          std::find_if(words.begin(), words.end(),
                       [&](uint32_t each) { return Governs(cue, each); });
      word = governed == words.end() ? word : *governed;
      return Has(cue.meaning, clash.claim) && governed != words.end();
    };
    const auto cue = std::find_if(beside_.claim().cues.begin(),
                                  beside_.claim().cues.end(), governs_one);
    if (cue != beside_.claim().cues.end()) {
      first = beside_.WidenLeft(cue->first);
      last = std::max(cue->last, std::min(word + 1, cue->last + 2));
    } else {
      TakeVerb(words, &first, &last);
      word = words.front();
    }
    const auto at = static_cast<uint32_t>(beside_.place_of(word));
    uint32_t source_first = at;
    uint32_t source_last = at + 1;
    for (const CueAt& source : beside_.source().cues) {
      if (clash.source != UINT16_MAX && Has(source.meaning, clash.source) &&
          Governs(source, at)) {
        source_first = source.first;
        source_last = source.last;
      }
    }
    found_ = beside_.Differ(DisagreementKind::kModality, {first, last},
                            {source_first, source_last});
  }

  // Takes the first auxiliary before the last of some words, with the word
  // after it, where there is one.
  void TakeVerb(const std::vector<uint32_t>& words, uint32_t* first,
                uint32_t* last) const {
    for (uint32_t at = 0; at < words.back(); ++at) {
      if (IsAuxiliary(beside_.claim().words[at].word)) {
        *first = at;
        *last = at + 2;
        return;
      }
    }
  }

  const ClaimBeside& beside_;
  std::optional<Disagreement> found_;
};

}  // namespace

std::optional<Disagreement> CompareModality(const ClaimBeside& beside) {
  return ModalityComparer(beside).Compare();
}

}  // namespace footnote::grounding
