#include "indexer/text/analyzer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include <unicode/uversion.h>

#include "indexer/text/code_points.h"
#include "indexer/text/fold.h"
#include "indexer/text/stemmer.h"
#include "indexer/text/utf8.h"
#include "indexer/text/word_breaks.h"

namespace footnote::text {
namespace {

constexpr int kVersion = 1;  // raise it with any change of what comes out
constexpr size_t kMaxCachedBytes = 64;
constexpr size_t kMinSlots = 256;
constexpr size_t kMaxSlots = 32768;
constexpr size_t kMaxLanguages = 16;

// Cuts a word to kMaxWordBytes.
void Cut(std::string* word) {
  if (word->size() > kMaxWordBytes) {
    const size_t cut = FloorToGrapheme(*word, kMaxWordBytes);
    word->resize(cut > 0 ? cut : FloorToCodePoint(*word, kMaxWordBytes));
  }
}

// What one spelling becomes.
struct Forms {
  std::string surface;
  std::string word;  // empty: no token
  std::string stem;
};

// The forms of the words of one language, the frequent ones remembered.
class Vocabulary {
 public:
  explicit Vocabulary(std::string_view language)
      : stemmer_(language),
        rules_(language == "tr" ? CaseRules::kTurkish : CaseRules::kDefault),
        slots_(kMinSlots) {}

  // Returns the forms of a token; they hold until the next call.
  const Forms& Find(std::string_view surface, SegmentKind kind) {
    if (surface.size() > kMaxCachedBytes) {
      Fill(surface, kind, &uncached_);
      return uncached_;
    }
    Forms& slot = SlotOf(surface);
    if (slot.surface == surface) {
      return slot;
    }
    if (++misses_ > slots_.size() && slots_.size() < kMaxSlots) {
      Grow();
      Forms& grown = SlotOf(surface);
      Fill(surface, kind, &grown);
      return grown;
    }
    Fill(surface, kind, &slot);
    return slot;
  }

 private:
  Forms& SlotOf(std::string_view surface) {
    const size_t hash = std::hash<std::string_view>{}(surface);
    return slots_[hash & (slots_.size() - 1)];
  }

  void Grow() {
    std::vector<Forms> old(slots_.size() * 4);
    old.swap(slots_);
    for (Forms& forms : old) {
      if (!forms.surface.empty()) {
        SlotOf(forms.surface) = std::move(forms);
      }
    }
    misses_ = 0;
  }

  void Fill(std::string_view surface, SegmentKind kind, Forms* forms) {
    forms->surface = surface;
    if (kind == SegmentKind::kEmoji) {
      forms->word = FoldEmoji(surface);
      forms->stem = forms->word;
    } else {
      FillWord(surface, forms);
    }
    Cut(&forms->word);
    Cut(&forms->stem);
  }

  void FillWord(std::string_view surface, Forms* forms) {
    const std::string folded = FoldCase(surface, CaseRules::kDefault);
    forms->word = StripAccents(folded);
    if (!stemmer_.has_algorithm()) {
      forms->stem = folded;
      return;
    }
    forms->stem = StripAccents(stemmer_.Stem(
        rules_ == CaseRules::kDefault ? folded : FoldCase(surface, rules_)));
    if (forms->stem.empty()) {
      forms->stem = forms->word;
    }
  }

  Stemmer stemmer_;
  CaseRules rules_;
  std::vector<Forms> slots_;  // by hash, one each
  size_t misses_ = 0;         // since the table grew
  Forms uncached_;
};

constexpr std::string_view kElided[] = {
    "all",   "anch",   "c",      "coll",   "d",  "dall",   "degl",
    "dell",  "gl",     "j",      "jusqu",  "l",  "lorsqu", "m",
    "n",     "nell",   "presqu", "puisqu", "qu", "quand",  "quell",
    "quest", "quoiqu", "s",      "sull",   "t",  "un",     "v"};

// Returns the bytes of an apostrophe at `at`, or 0.
size_t ApostropheAt(std::string_view text, size_t at) {
  if (text[at] == '\'') {
    return 1;
  }
  return text.substr(at).starts_with("\xE2\x80\x99") ? 3 : 0;
}

// A place in a token where it comes apart: both 0 where it does not.
struct Elision {
  size_t end = 0;    // of the elided word
  size_t start = 0;  // of the word after the apostrophe
};

Elision FindElision(std::string_view token) {
  constexpr size_t kLongest = 6;
  size_t at = 0;
  std::string prefix;
  while (at < token.size() && at <= kLongest && ApostropheAt(token, at) == 0) {
    prefix += static_cast<char>(token[at] | 0x20);
    ++at;
  }
  if (at == 0 || at >= token.size() || at > kLongest ||
      std::find(std::begin(kElided), std::end(kElided), prefix) ==
          std::end(kElided)) {
    return {};
  }
  const size_t start = at + ApostropheAt(token, at);
  const std::string_view rest = token.substr(start);
  const bool is_possessive = rest == "s" || rest == "S";
  const bool is_contraction = rest == "t" || rest == "T";
  if (rest.empty() || is_possessive || is_contraction ||
      (rest[0] >= '0' && rest[0] <= '9')) {
    return {};
  }
  return {at, start};
}

}  // namespace

struct Analyzer::State {
  std::map<std::string, Vocabulary, std::less<>> vocabularies;

  Vocabulary& VocabularyOf(std::string_view language) {
    auto found = vocabularies.find(language);
    if (found == vocabularies.end()) {
      if (vocabularies.size() >= kMaxLanguages) {
        vocabularies.clear();
      }
      found = vocabularies.try_emplace(std::string(language), language).first;
    }
    return found->second;
  }
};

Analyzer::Analyzer() : state_(std::make_unique<State>()) {}
Analyzer::~Analyzer() = default;

namespace {

// Builds the tokens of one text.
class TokenList {
 public:
  TokenList(std::string_view text, Vocabulary* vocabulary)
      : text_(text), vocabulary_(*vocabulary) {
    constexpr size_t kBytesPerToken = 6;
    tokens_.reserve(text.size() / kBytesPerToken + 1);
  }

  void AddSegment(const Segment& segment) {
    if (segment.kind == SegmentKind::kWord) {
      const std::string_view token = SurfaceOf(segment);
      const Elision elision = FindElision(token);
      if (elision.end > 0) {
        Add({segment.start, segment.start + elision.end, segment.kind});
        Add({segment.start + elision.start, segment.end, segment.kind});
        return;
      }
    }
    Add(segment);
  }

  std::vector<Token> Take() { return std::move(tokens_); }

 private:
  std::string_view SurfaceOf(const Segment& segment) const {
    return text_.substr(segment.start, segment.end - segment.start);
  }

  void Add(const Segment& segment) {
    const Forms& forms = vocabulary_.Find(SurfaceOf(segment), segment.kind);
    const bool is_character = segment.kind == SegmentKind::kCharacter;
    if (!forms.word.empty()) {
      if (is_character && in_run_ && tokens_.back().end == segment.start) {
        tokens_.back().stem = tokens_.back().word + forms.word;
        tokens_.back().joins_next = true;
      }
      Token& token = tokens_.emplace_back();
      token.start = static_cast<uint32_t>(segment.start);
      token.end = static_cast<uint32_t>(segment.end);
      token.word = forms.word;
      token.stem = is_character ? forms.word : forms.stem;
    }
    in_run_ = is_character && !forms.word.empty();
  }

  std::string_view text_;
  Vocabulary& vocabulary_;
  std::vector<Token> tokens_;
  bool in_run_ = false;  // the last token is a character of a run
};

}  // namespace

std::vector<Token> Analyzer::Analyze(std::string_view text,
                                     std::string_view language) {
  TokenList tokens(text, &state_->VocabularyOf(language));
  WordBreaks breaks(text);
  while (const std::optional<Segment> segment = breaks.Next()) {
    if (segment->kind != SegmentKind::kOther) {
      tokens.AddSegment(*segment);
    }
  }
  return tokens.Take();
}

std::string Analyzer::Stamp() {
  return "footnote-" + std::to_string(kVersion) +
         " icu-" U_ICU_VERSION " snowball-2.2.0";
}

}  // namespace footnote::text
