#include "server/search/phrase.h"

#include <algorithm>
#include <map>
#include <set>

namespace footnote::search {
namespace {

void ForEachExactPlace(const QueryPhrase& phrase, uint32_t tokens,
                       const IsSlotAt& is_at,
                       const std::function<bool(const PhrasePlace&)>& found) {
  const std::vector<PhraseSlot>& slots = phrase.slots;
  const uint32_t last = slots.back().position;
  PhrasePlace place(slots.size());
  for (uint32_t start = 0; start + last < tokens; ++start) {
    size_t i = 0;
    while (i < slots.size() && is_at(i, start + slots[i].position)) {
      place[i] = start + slots[i].position;
      ++i;
    }
    if (i == slots.size() && !found(place)) {
      return;
    }
  }
}

// The places of a phrase with slop. Moved back by their positions in the
// phrase, its tokens stand within a stretch of slop + 1.
class LoosePhrase {
 public:
  LoosePhrase(const QueryPhrase& phrase, uint32_t tokens, const IsSlotAt& is_at)
      : phrase_(phrase), tokens_(phrase.slots.size()), slot_of_(tokens) {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      const int64_t position = phrase.slots[i].position;
      for (uint32_t token = 0; token < tokens; ++token) {
        if (is_at(i, token)) {
          tokens_[i].push_back(token);
          starts_.insert(int64_t{token} - position);
        }
      }
    }
  }

  // Where a stretch may begin.
  const std::set<int64_t>& starts() const { return starts_; }

  // Finds tokens in the stretch from `start` on, a different one for each slot.
  bool FindFrom(int64_t start, PhrasePlace* place) {
    slot_of_.assign(slot_of_.size(), kFree);
    for (size_t i = 0; i < tokens_.size(); ++i) {
      std::vector<bool> tried(tokens_.size());
      if (!Assign(i, start, &tried)) {
        return false;
      }
    }
    place->resize(tokens_.size());
    for (uint32_t token = 0; token < slot_of_.size(); ++token) {
      if (slot_of_[token] != kFree) {
        (*place)[slot_of_[token]] = token;
      }
    }
    return true;
  }

 private:
  static constexpr size_t kFree = SIZE_MAX;

  // Gives a slot a token, a free one or one whose slot can have another (Kuhn's
  // matching).
  // NOLINTNEXTLINE(misc-no-recursion): at most as deep as there are slots.
  bool Assign(size_t slot, int64_t start, std::vector<bool>* tried) {
    const int64_t first = start + phrase_.slots[slot].position;
    const std::vector<uint32_t>& all = tokens_[slot];
    const auto begin =
        std::lower_bound(all.begin(), all.end(), std::max<int64_t>(first, 0));
    const auto end = std::upper_bound(begin, all.end(), first + phrase_.slop);
    (*tried)[slot] = true;
    auto token = std::find_if(
        begin, end, [&](uint32_t at) { return slot_of_[at] == kFree; });
    for (auto at = begin; token == end && at != end; ++at) {
      const size_t holder = slot_of_[*at];
      if (!(*tried)[holder] && Assign(holder, start, tried)) {
        token = at;
      }
    }
    if (token == end) {
      return false;
    }
    slot_of_[*token] = slot;
    return true;
  }

  const QueryPhrase& phrase_;
  std::vector<std::vector<uint32_t>> tokens_;  // of each slot, ascending
  std::set<int64_t> starts_;
  std::vector<size_t> slot_of_;  // by token
};

}  // namespace

void ForEachPlace(const QueryPhrase& phrase, uint32_t tokens,
                  const IsSlotAt& is_at,
                  const std::function<bool(const PhrasePlace&)>& found) {
  if (phrase.slots.size() > tokens) {
    return;
  }
  if (phrase.slop == 0 || phrase.slots.size() == 1) {
    ForEachExactPlace(phrase, tokens, is_at, found);
    return;
  }
  LoosePhrase loose(phrase, tokens, is_at);
  PhrasePlace place;
  for (const int64_t start : loose.starts()) {
    if (loose.FindFrom(start, &place) && !found(place)) {
      return;
    }
  }
}

bool HasPhrase(const QueryPhrase& phrase, uint32_t tokens,
               const IsSlotAt& is_at) {
  bool has = false;
  ForEachPlace(phrase, tokens, is_at, [&](const PhrasePlace&) {
    has = true;
    return false;
  });
  return has;
}

PhraseInSegment::PhraseInSegment(const index::Segment& segment,
                                 const Query& query,
                                 const Statistics& statistics,
                                 const QueryPhrase& phrase)
    : segment_(segment), phrase_(phrase) {
  std::map<uint32_t, size_t> places;
  for (const PhraseSlot& slot : phrase.slots) {
    const auto [at, inserted] = places.try_emplace(slot.word, words_.size());
    if (inserted) {
      words_.emplace_back(segment, query.WordAt(slot.word),
                          statistics.TermsAt(slot.word));
    }
    word_of_slot_.push_back(at->second);
  }
}

bool PhraseInSegment::IsIn(uint32_t passage) {
  lexemes_.clear();
  for (index::TokenReader tokens = segment_.Lexemes(passage); tokens.Next();) {
    lexemes_.push_back(tokens.lexeme());
  }
  bool is_in = false;
  ForEachPlaceAmong(lexemes_, [&](const PhrasePlace&) {
    is_in = true;
    return false;
  });
  return is_in;
}

void PhraseInSegment::ForEachPlaceAmong(
    const std::vector<uint32_t>& lexemes,
    const std::function<bool(const PhrasePlace&)>& found) {
  ForEachPlace(
      phrase_, static_cast<uint32_t>(lexemes.size()),
      [&](size_t slot, uint32_t token) {
        return words_[word_of_slot_[slot]].Has(lexemes[token]);
      },
      found);
}

}  // namespace footnote::search
