#include "server/grounding/evidence.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "indexer/text/code_points.h"
#include "indexer/text/sentences.h"
#include "server/grounding/word_meanings.h"

namespace footnote::grounding {
namespace {

// How well words that are not the same match.
constexpr double kSameMeaning = 0.85;
constexpr double kSameRoot = 0.8;

// Words of one root share so many bytes at least.
constexpr size_t kRootBytes = 4;
// So long a part of the longer one has to be shared.
constexpr double kRootShare = 0.6;

// Keys of entities begin with this, which no stem does.
constexpr char kEntityMark = '\x01';

std::string_view Trim(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool IsQuestion(std::string_view sentence) {
  return sentence.ends_with('?') || sentence.ends_with("\uFF1F");
}

// Whether two stems are likely of one root: "regulate" and "regulator".
bool ShareRoot(std::string_view a, std::string_view b) {
  const size_t longest = std::max(a.size(), b.size());
  const auto [end, unused] = std::mismatch(
      a.begin(),
      a.begin() + static_cast<ptrdiff_t>(std::min(a.size(), b.size())),
      b.begin());
  const auto shared = static_cast<size_t>(end - a.begin());
  constexpr size_t kMaxEnding = 5;
  return shared >= kRootBytes &&
         static_cast<double>(shared) >=
             kRootShare * static_cast<double>(longest) &&
         a.size() - shared <= kMaxEnding && b.size() - shared <= kMaxEnding &&
         // Either is the beginning of the other, or both lost an ending.
         (shared == std::min(a.size(), b.size()) ||
          shared + 2 >= std::min(a.size(), b.size()));
}

// Whether two stems are of one name: "iran" and "iranian".
bool IsInflected(std::string_view a, std::string_view b) {
  constexpr std::string_view kEndings[] = {"n",   "an", "ian", "ese", "ish",
                                           "ic",  "i",  "s",   "er",  "ns",
                                           "ans", "ia", "y",   "a",   ""};
  const std::string_view shorter = a.size() < b.size() ? a : b;
  const std::string_view longer = a.size() < b.size() ? b : a;
  return longer.starts_with(shorter) &&
         std::find(std::begin(kEndings), std::end(kEndings),
                   longer.substr(shorter.size())) != std::end(kEndings);
}

bool HasDigit(std::string_view word) {
  return std::any_of(word.begin(), word.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// Names that follow each other, small words between them included.
struct NameRun {
  uint32_t first = 0;  // word
  uint32_t last = 0;   // exclusive
  std::string initials;
};

bool IsSmall(std::string_view word) {
  constexpr std::string_view kSmall[] = {"of", "the", "and", "for", "de"};
  return std::find(std::begin(kSmall), std::end(kSmall), word) !=
         std::end(kSmall);
}

// Adds the runs that begin at a word: with the initials of small words and
// without.
void AddRunsAt(const std::vector<Word>& words, uint32_t first,
               std::vector<NameRun>* runs) {
  constexpr uint32_t kLongest = 8;
  const auto size = static_cast<uint32_t>(words.size());
  std::string all;
  std::string names;
  for (uint32_t at = first; at < std::min(size, first + kLongest); ++at) {
    const Word& word = words[at];
    if (word.clause != words[first].clause ||
        (!word.is_name && !IsSmall(word.word))) {
      return;
    }
    all += word.word[0];
    if (!word.is_name) {
      continue;
    }
    names += word.word[0];
    if (names.size() > 1) {
      runs->push_back({first, at + 1, names});
    }
    if (names.size() > 1 && all != names) {
      runs->push_back({first, at + 1, all});
    }
  }
}

std::vector<NameRun> FindRuns(const std::vector<Word>& words) {
  std::vector<NameRun> runs;
  for (uint32_t first = 0; first < words.size(); ++first) {
    if (words[first].is_name && (first == 0 || !words[first - 1].is_name)) {
      AddRunsAt(words, first, &runs);
    }
  }
  return runs;
}

bool BeginsWithCapital(std::string_view text, const Word& word) {
  const char first = text[word.start];
  return first >= 'A' && first <= 'Z';
}

}  // namespace

uint32_t Evidence::IdOf(const std::string& key) {
  const auto [found, is_new] =
      ids_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
  if (is_new) {
    keys_.push_back(key);
    postings_.emplace_back();
    if (key.size() >= kRootBytes && key[0] != kEntityMark) {
      by_prefix_[key.substr(0, kRootBytes)].push_back(found->second);
    }
    for (const bool is_name : {false, true}) {
      for (const uint16_t meaning : MeaningsOf(key, is_name, "en")) {
        by_meaning_[meaning].push_back(found->second);
      }
    }
  }
  return found->second;
}

absl::Status Evidence::Add(EvidenceText text,
                           const search::Deadline& deadline) {
  const auto number = static_cast<uint32_t>(texts_.size());
  texts_.push_back(std::move(text));
  const EvidenceText& added = texts_.back();
  std::vector<uint32_t>& context = contexts_.emplace_back();
  for (const Word& word : reader_.Read(added.context, added.language).words) {
    context.push_back(IdOf(word.stem));
  }
  std::sort(context.begin(), context.end());
  const std::string_view all = added.text;
  std::optional<uint32_t> question;
  for (const text::Sentence& sentence :
       text::SplitSentences(all, added.language)) {
    if (deadline.Passed()) {
      return search::DeadlineError();
    }
    const uint32_t start = question.value_or(sentence.start);
    const std::string_view said = Trim(all.substr(start, sentence.end - start));
    const bool waits = IsQuestion(said) && !question &&
                       sentence.after == text::BreakKind::kSentence;
    if (waits) {
      question = start;
      continue;
    }
    question.reset();
    AddUnit(number, start, start + static_cast<uint32_t>(said.size()));
  }
  if (question) {
    AddUnit(number, *question, static_cast<uint32_t>(Trim(all).size()));
  }
  return absl::OkStatus();
}

void Evidence::AddUnit(uint32_t text, uint32_t start, uint32_t end) {
  if (start >= end) {
    return;
  }
  const EvidenceText& of = texts_[text];
  const std::string_view said =
      std::string_view(of.text).substr(start, end - start);
  Unit unit;
  unit.text = text;
  unit.start = start;
  unit.end = end;
  unit.statement = reader_.Read(said, of.language);
  const std::vector<Word>& words = unit.statement.words;
  for (uint32_t at = 0; at < words.size(); ++at) {
    unit.ids.emplace_back(IdOf(words[at].stem), at);
  }
  NoteMentions(said, &unit);
  NoteAcronyms(unit);
  NoteLook(unit, said);
  units_.push_back(std::move(unit));
}

void Evidence::NoteMentions(std::string_view text, Unit* unit) {
  if (gazetteer_ == nullptr) {
    return;
  }
  const std::vector<Word>& words = unit->statement.words;
  for (const entities::Mention& mention : gazetteer_->Find(text)) {
    const entities::Entity& entity = gazetteer_->entities()[mention.entity];
    const auto first = std::partition_point(
        words.begin(), words.end(),
        [&](const Word& word) { return word.end <= mention.start; });
    if (first != words.end()) {
      unit->ids.emplace_back(IdOf(kEntityMark + entity.type + "/" + entity.id),
                             static_cast<uint32_t>(first - words.begin()));
    }
  }
}

void Evidence::NoteAcronyms(const Unit& unit) {
  for (const NameRun& run : FindRuns(unit.statement.words)) {
    std::vector<uint32_t> ids;
    for (uint32_t at = run.first; at < run.last; ++at) {
      ids.push_back(IdOf(unit.statement.words[at].stem));
    }
    acronyms_.try_emplace(run.initials, std::move(ids));
  }
}

void Evidence::NoteLook(const Unit& unit, std::string_view text) {
  const std::vector<Word>& words = unit.statement.words;
  for (uint32_t at = 0; at < words.size(); ++at) {
    Look& look = looks_[words[at].word];
    if (!BeginsWithCapital(text, words[at])) {
      look.small = true;
    } else if (words[at].is_name && at > 0) {
      look.capital = true;
    }
  }
}

bool Evidence::is_common(std::string_view word) const {
  const auto found = looks_.find(std::string(word));
  return found != looks_.end() && found->second.small;
}

bool Evidence::is_name(std::string_view word) const {
  const auto found = looks_.find(std::string(word));
  return found != looks_.end() && found->second.capital;
}

void Evidence::AddAcronyms(Unit* unit) {
  const std::vector<Word>& words = unit->statement.words;
  for (uint32_t at = 0; at < words.size(); ++at) {
    const auto found =
        words[at].is_acronym ? acronyms_.find(words[at].word) : acronyms_.end();
    if (found != acronyms_.end()) {
      for (const uint32_t id : found->second) {
        unit->ids.emplace_back(id, at);
      }
    }
  }
  for (const NameRun& run : FindRuns(words)) {
    unit->ids.emplace_back(IdOf(run.initials), run.first);
  }
}

void Evidence::Finish() {
  for (uint32_t number = 0; number < units_.size(); ++number) {
    Unit& unit = units_[number];
    AddAcronyms(&unit);
    std::sort(unit.ids.begin(), unit.ids.end());
    uint32_t last = UINT32_MAX;
    for (const auto& [id, at] : unit.ids) {
      if (id != last) {
        postings_[id].push_back(number);
      }
      last = id;
    }
  }
}

std::vector<std::vector<WordMatch>> Evidence::MatchWords(
    const Statement& claim, std::string_view text,
    std::string_view language) const {
  std::vector<std::vector<WordMatch>> matches;
  for (const Word& word : claim.words) {
    matches.push_back(MatchWord(word, language));
  }
  AddMentions(claim, text, &matches);
  for (std::vector<WordMatch>& of : matches) {
    std::stable_sort(of.begin(), of.end(),
                     [](const WordMatch& a, const WordMatch& b) {
                       return a.quality > b.quality;
                     });
  }
  return matches;
}

std::vector<WordMatch> Evidence::MatchWord(const Word& word,
                                           std::string_view language) const {
  std::vector<WordMatch> matches;
  if (const auto same = ids_.find(word.stem); same != ids_.end()) {
    matches.push_back({same->second, 1});
  }
  if (word.weight == 0 || word.is_amount) {
    return matches;
  }
  for (const uint16_t meaning : MeaningsOf(word.stem, word.is_name, language)) {
    if (const auto group = by_meaning_.find(meaning);
        group != by_meaning_.end()) {
      for (const uint32_t id : group->second) {
        matches.push_back({id, kSameMeaning});
      }
    }
  }
  AddRoots(word, &matches);
  return matches;
}

// Adds the words of the root of a word.
void Evidence::AddRoots(const Word& word,
                        std::vector<WordMatch>* matches) const {
  if (word.stem.size() < kRootBytes || HasDigit(word.stem)) {
    return;
  }
  const auto roots = by_prefix_.find(word.stem.substr(0, kRootBytes));
  if (roots == by_prefix_.end()) {
    return;
  }
  for (const uint32_t id : roots->second) {
    const std::string& other = keys_[id];
    const bool is_same = word.is_name ? IsInflected(word.stem, other)
                                      : ShareRoot(word.stem, other);
    if (is_same && !HasDigit(other)) {
      matches->push_back({id, kSameRoot});
    }
  }
}

// Adds the entities that a claim mentions.
void Evidence::AddMentions(const Statement& claim, std::string_view text,
                           std::vector<std::vector<WordMatch>>* matches) const {
  if (gazetteer_ == nullptr) {
    return;
  }
  for (const entities::Mention& mention : gazetteer_->Find(text)) {
    const entities::Entity& entity = gazetteer_->entities()[mention.entity];
    const auto id = ids_.find(kEntityMark + entity.type + "/" + entity.id);
    for (size_t at = 0; id != ids_.end() && at < claim.words.size(); ++at) {
      if (claim.words[at].start >= mention.start &&
          claim.words[at].end <= mention.end) {
        (*matches)[at].push_back({id->second, 1});
      }
    }
  }
}

}  // namespace footnote::grounding
