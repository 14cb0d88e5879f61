#include "indexer/text/analyzer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include <unicode/uversion.h>

#include "indexer/text/char_class.h"
#include "indexer/text/code_points.h"
#include "indexer/text/fold.h"
#include "indexer/text/stemmer.h"
#include "indexer/text/utf8.h"
#include "indexer/text/word_breaks.h"

namespace footnote::text {
namespace {

constexpr int kVersion = 3;  // raise it with any change of what comes out
constexpr size_t kMaxCachedBytes = 64;
constexpr size_t kMinSlots = 256;
constexpr size_t kMaxSlots = 32768;
constexpr size_t kMaxLanguages = 32;  // as many as have a stemmer

// Cuts a word to kMaxWordBytes.
void Cut(std::string* word) {
  if (word->size() > kMaxWordBytes) {
    const size_t cut = FloorToGrapheme(*word, kMaxWordBytes);
    word->resize(cut > 0 ? cut : FloorToCodePoint(*word, kMaxWordBytes));
  }
}

// Returns the Turkish case-folded form; endings of proper names stand after an
// apostrophe and are no part of the stem.
std::string FoldTurkish(std::string_view surface) {
  std::string folded = FoldCase(surface, CaseRules::kTurkish);
  const size_t apostrophe = folded.find('\'');
  if (apostrophe != std::string::npos && apostrophe > 0) {
    folded.resize(apostrophe);
  }
  return folded;
}

// Whether a word, at least two letters, is written in capitals or with full
// stops between single letters.
bool IsAcronym(std::string_view surface) {
  for (const std::string_view possessive : {"'s", "\u2019s"}) {
    if (surface.ends_with(possessive)) {
      surface.remove_suffix(possessive.size());
    }
  }
  size_t capitals = 0;
  size_t others = 0;
  size_t since_stop = 0;  // letters
  bool is_dotted = false;
  bool all_single = true;
  for (const char c : surface) {
    if (c == '.') {
      is_dotted = true;
      since_stop = 0;
      continue;
    }
    if (c >= '0' && c <= '9') {
      return false;
    }
    ++(c >= 'A' && c <= 'Z' ? capitals : others);
    all_single &= ++since_stop == 1;
  }
  return (is_dotted && all_single && capitals + others >= 2) ||
         (!is_dotted && others == 0 && capitals >= 2);
}

// What one spelling becomes.
struct Forms {
  std::string surface;
  std::string word;      // empty: no token
  std::string spelling;  // see Token
  std::string stem;
  bool is_acronym = false;
};

// The forms of the words of one language, the frequent ones remembered.
class Vocabulary {
 public:
  explicit Vocabulary(std::string_view language)
      : language_(language),
        stemmer_(language),
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
    forms->is_acronym = kind == SegmentKind::kWord && IsAcronym(surface);
    if (kind == SegmentKind::kEmoji) {
      forms->word = FoldEmoji(surface);
      forms->spelling.clear();
      forms->stem = forms->word;
    } else {
      FillWord(surface, forms);
    }
    Cut(&forms->word);
    Cut(&forms->spelling);
    Cut(&forms->stem);
  }

  void FillWord(std::string_view surface, Forms* forms) {
    const std::string folded = FoldCase(surface, CaseRules::kDefault);
    forms->word = StripAccents(folded);
    forms->spelling = folded == forms->word ? "" : folded;
    if (forms->is_acronym && IsStopWord(forms->word, language_)) {
      forms->stem = forms->word + '.';
      return;
    }
    if (!stemmer_.has_algorithm()) {
      forms->stem = language_ == "vi" ? folded : forms->word;
      return;
    }
    forms->stem = StripAccents(stemmer_.Stem(StemmedOf(surface, *forms)));
    if (forms->stem.empty()) {
      forms->stem = forms->word;
    }
  }

  // Returns what is given to the stemmer: that of English has no letters with
  // accents, and would stem "résumé" and "resume" apart.
  std::string StemmedOf(std::string_view surface, const Forms& forms) const {
    if (rules_ == CaseRules::kTurkish) {
      return FoldTurkish(surface);
    }
    return language_ == "en" || forms.spelling.empty() ? forms.word
                                                       : forms.spelling;
  }

  const std::string language_;
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

bool IsApostrophe(char32_t c) {
  return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x2BC || c == 0xFF07;
}

// Whether an apostrophe's UTF-8 may start with `byte`.
bool MayStartApostrophe(char byte) {
  return byte == '\'' || byte == '\xE2' || byte == '\xCA' || byte == '\xEF';
}

bool IsLetter(char32_t c) {
  return ClassOf(c).letter_or_digit && (c < '0' || c > '9');
}

// A place in a token where it comes apart: both 0 where it does not.
struct Elision {
  size_t end = 0;    // of the elided word
  size_t start = 0;  // of the word after the apostrophe
};

Elision FindElision(std::string_view token) {
  if (std::none_of(token.begin(), token.end(), MayStartApostrophe)) {
    return {};
  }
  constexpr size_t kLongest = 7;
  std::string prefix;
  CodePoint read;
  size_t at = 0;
  for (; at < token.size() && prefix.size() <= kLongest; at = read.end) {
    read = DecodeAt(token, at);
    if (IsApostrophe(read.value)) {
      break;
    }
    if (!ClassOf(read.value).ignorable) {
      AppendCodePoint(read.value | 0x20, &prefix);
    }
  }
  if (at >= token.size() || !IsApostrophe(read.value) ||
      std::find(std::begin(kElided), std::end(kElided), prefix) ==
          std::end(kElided)) {
    return {};
  }
  size_t start = read.end;
  while (start < token.size() &&
         ClassOf(DecodeAt(token, start).value).ignorable) {
    start = DecodeAt(token, start).end;
  }
  const std::string_view rest = token.substr(start);
  const bool is_ending =
      rest == "s" || rest == "S" || rest == "t" || rest == "T";
  if (rest.empty() || is_ending || !IsLetter(DecodeAt(rest, 0).value) ||
      !IsGraphemeBoundary(token, start)) {
    return {};
  }
  return {at, start};
}

}  // namespace

struct Analyzer::State {
  std::map<std::string, Vocabulary, std::less<>> vocabularies;

  Vocabulary& VocabularyOf(std::string_view language) {
    if (!Stemmer::Knows(language) && language != "vi") {
      language = "und";  // all of them alike
    }
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

  void AddSegment(Segment segment) {
    if (segment.kind == SegmentKind::kWord) {
      TrimUnderscores(&segment);
      for (Elision elision = FindElision(SurfaceOf(segment)); elision.end > 0;
           elision = FindElision(SurfaceOf(segment))) {
        Add({segment.start, segment.start + elision.end, segment.kind});
        segment.start += elision.start;
      }
    }
    Add(segment);
  }

  std::vector<Token> Take() { return std::move(tokens_); }

 private:
  std::string_view SurfaceOf(const Segment& segment) const {
    return text_.substr(segment.start, segment.end - segment.start);
  }

  // Emphasis of Markdown, "_word_", is no part of the word.
  void TrimUnderscores(Segment* segment) const {
    while (segment->start + 1 < segment->end && text_[segment->start] == '_' &&
           IsGraphemeBoundary(text_, segment->start + 1)) {
      ++segment->start;
    }
    while (segment->start + 1 < segment->end &&
           text_[segment->end - 1] == '_' &&
           IsGraphemeBoundary(text_, segment->end - 1)) {
      --segment->end;
    }
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
      token.spelling = forms.spelling;
      token.is_character = is_character;
      token.is_acronym = forms.is_acronym;
      token.is_emoji = segment.kind == SegmentKind::kEmoji;
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
  return *Analyze(text, language, [] { return false; });
}

std::optional<std::vector<Token>> Analyzer::Analyze(
    std::string_view text, std::string_view language,
    const std::function<bool()>& stops) {
  constexpr size_t kSegmentsPerLook = 1024;  // less than a millisecond
  TokenList tokens(text, &state_->VocabularyOf(language));
  WordBreaks breaks(text);
  size_t seen = 0;
  while (const std::optional<Segment> segment = breaks.Next()) {
    if (++seen % kSegmentsPerLook == 0 && stops()) {
      return std::nullopt;
    }
    if (segment->kind != SegmentKind::kOther) {
      tokens.AddSegment(*segment);
    }
  }
  return tokens.Take();
}

std::vector<std::string> Analyzer::Stems(std::string_view text,
                                         const std::vector<Token>& tokens,
                                         std::string_view language) {
  Vocabulary& vocabulary = state_->VocabularyOf(language);
  std::vector<std::string> stems;
  stems.reserve(tokens.size());
  for (const Token& token : tokens) {
    if (token.is_character || token.is_emoji) {
      stems.push_back(token.stem);
      continue;
    }
    const std::string_view surface =
        text.substr(token.start, token.end - token.start);
    stems.push_back(vocabulary.Find(surface, SegmentKind::kWord).stem);
  }
  return stems;
}

std::string Analyzer::Stamp() {
  return "footnote-" + std::to_string(kVersion) +
         " icu-" U_ICU_VERSION " snowball-2.2.0";
}

}  // namespace footnote::text
