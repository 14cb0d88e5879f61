#include "tests/search/brute_force.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "server/search/documents.h"
#include "tests/search/span_checks.h"

namespace footnote::search {
namespace {

using Tokens = std::vector<text::Token>;

constexpr size_t kBestLookedAtAgain = 44;
constexpr size_t kMostExpansions = 256;
constexpr size_t kMostWordsOfNeighbours = 255;

// A passage's contribution in steps of 2^-24.
double Rounded(double value) {
  return std::nearbyint(std::ldexp(value, 24)) / 16777216.0;
}

// The length that lengths of the same four leading bits share.
double RoundedLength(uint32_t length) {
  uint32_t step = 1;
  while (length / step >= 16) {
    step *= 2;
  }
  const uint32_t first = length / step * step;
  const uint32_t last = first + step - 1;
  return (first + last) / 2.0;
}

std::set<std::string> StemsOf(const Tokens& tokens) {
  std::set<std::string> stems;
  for (const text::Token& token : tokens) {
    stems.insert(token.stem);
  }
  return stems;
}

// The words of a sentence that are nearest to a passage after or before it.
Tokens LastWords(Tokens tokens) {
  if (tokens.size() > kMostWordsOfNeighbours) {
    tokens.erase(tokens.begin(),
                 tokens.end() - ptrdiff_t{kMostWordsOfNeighbours});
  }
  return tokens;
}
Tokens FirstWords(Tokens tokens) {
  tokens.resize(std::min(tokens.size(), kMostWordsOfNeighbours));
  return tokens;
}

bool IsBetter(const PlainHit& a, const PlainHit& b) {
  const auto key = [](const PlainHit& hit) {
    const Passage& passage = hit.passage->passage;
    return std::tuple(-hit.score, passage.document.document_id,
                      passage.provenance.ordinal);
  };
  return key(a) < key(b);
}

}  // namespace

BruteForce::BruteForce(const index::Generation& generation,
                       const Allows& reads) {
  std::string last;
  for (;;) {
    const auto documents = *ListDocuments(View(generation), last, 1000);
    for (const index::DocumentRecord& document : documents) {
      ReadDocument(generation, document, reads);
      last = document.document_id;
    }
    if (documents.empty()) {
      break;
    }
  }
  double words = 0;
  for (const PlainPassage& passage : passages_) {
    words += passage.length;
    for (const std::string& word : passage.words) {
      ++word_passages_[word];
    }
  }
  if (words > 0) {
    average_length_ = words / static_cast<double>(passages_.size());
    uint64_t documents = 0;
    for (const auto& [language, count] : languages_) {
      documents += count;
    }
    average_document_ = words / static_cast<double>(documents);
  }
}

void BruteForce::ReadDocument(const index::Generation& generation,
                              const index::DocumentRecord& document,
                              const Allows& reads) {
  const std::string& language = document.language;
  const size_t first = passages_.size();
  std::vector<std::pair<Tokens, Tokens>> ends;  // first and last sentences
  for (const std::string& id : PassageIds(generation, document.document_id)) {
    PlainPassage& plain = passages_.emplace_back();
    plain.passage = *GetPassage(View(generation), id, 0, 0);
    for (const TextBlock& block : plain.passage.blocks) {
      AddTokens(block.text, &plain);
    }
    if (reads && !reads(plain)) {
      passages_.resize(first);
      return;
    }
    AddTitle(document, &plain);
    for (const std::string& heading : plain.passage.provenance.heading_path) {
      plain.headings.merge(StemsOf(analyzer_.Analyze(heading, language)));
    }
    const auto& blocks = plain.passage.blocks;
    ends.emplace_back(analyzer_.Analyze(blocks.front().text, language),
                      analyzer_.Analyze(blocks.back().text, language));
  }
  for (size_t i = 0; i < ends.size(); ++i) {
    passages_[first + i].document_end = passages_.size();
    std::set<std::string>& around = passages_[first + i].around;
    if (i > 0) {
      around.merge(StemsOf(LastWords(ends[i - 1].second)));
    }
    if (i + 1 < ends.size()) {
      around.merge(StemsOf(FirstWords(ends[i + 1].first)));
    }
  }
  ++languages_[language];
}

void BruteForce::AddTitle(const index::DocumentRecord& document,
                          PlainPassage* passage) const {
  if (document.title == document.filename ||
      document.title == document.document_id) {
    return;
  }
  for (const text::Token& token :
       analyzer_.Analyze(document.title, document.language)) {
    passage->title.insert(token.stem);
    passage->title_words.emplace(token.word, token.stem);
  }
}

void BruteForce::AddTokens(const std::string& text,
                           PlainPassage* passage) const {
  for (const text::Token& token :
       analyzer_.Analyze(text, passage->passage.document.language)) {
    ++passage->length;
    passage->words.insert(token.word);
    ++passage->stems[token.stem];
    passage->tokens.push_back(token);
  }
}

std::string BruteForce::GuessLanguage(const Tokens& tokens) const {
  std::tuple<int64_t, uint64_t, std::string> best(-1, 0, "");
  for (const auto& [language, documents] : languages_) {
    int64_t stop_words = 0;
    for (const text::Token& token : tokens) {
      stop_words += text::IsStopWord(token.word, language) ? 1 : 0;
    }
    if (std::tuple(stop_words, documents) >
        std::tuple(std::get<0>(best), std::get<1>(best))) {
      best = {stop_words, documents, language};
    }
  }
  return std::get<2>(best);
}

std::vector<BruteForce::Word> BruteForce::ParseQuery(
    const std::string& query) const {
  const Tokens tokens = analyzer_.Analyze(query, "und");
  std::map<std::string, Tokens> stemmed;
  for (const auto& [language, documents] : languages_) {
    stemmed[language] = analyzer_.Analyze(query, language);
  }
  Tokens kept;
  std::vector<Word> words;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool ends_bigram =
        i > 0 && tokens[i - 1].joins_next && !tokens[i].joins_next;
    if (!ends_bigram) {
      const bool is_prefix =
          !tokens[i].is_character && query[tokens[i].end] == '*';
      kept.push_back(tokens[i]);
      words.push_back(WordOf(i, tokens[i], is_prefix, stemmed));
    }
  }
  const std::string language = GuessLanguage(kept);
  std::vector<Word> telling;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].is_prefix || !text::IsStopWord(kept[i].word, language)) {
      telling.push_back(words[i]);
    }
  }
  return Distinct(telling.empty() ? words : telling);
}

// Returns the word of the token at `i`.
BruteForce::Word BruteForce::WordOf(
    size_t i, const text::Token& token, bool is_prefix,
    const std::map<std::string, Tokens>& stemmed) {
  Word word;
  word.is_prefix = is_prefix;
  word.form = token.word;
  word.spelling = token.spelling;
  if (is_prefix) {
    word.text = token.word;
    return word;
  }
  if (token.is_character && !token.joins_next) {
    word.text = token.word;
  }
  for (const auto& [language, in_language] : stemmed) {
    word.stems[language] = in_language[i].stem;
  }
  return word;
}

// Joins equal words into one that counts them.
std::vector<BruteForce::Word> BruteForce::Distinct(
    const std::vector<Word>& words) const {
  std::vector<Word> distinct;
  for (const Word& word : words) {
    const auto same =
        std::find_if(distinct.begin(), distinct.end(), [&](const Word& other) {
          return std::tie(word.stems, word.text, word.is_prefix) ==
                 std::tie(other.stems, other.text, other.is_prefix);
        });
    if (same == distinct.end()) {
      distinct.push_back(word);
      Weigh(&distinct.back());
    } else {
      ++same->count;
    }
  }
  for (Word& word : distinct) {
    word.worth *= std::pow(word.count, 0.7);
  }
  return distinct;
}

// Finds the expansions of a word and the worth of one of it.
void BruteForce::Weigh(Word* word) const {
  uint64_t frequency = 0;
  if (word->is_prefix) {
    for (auto& [expansion, passages] : WordsFrom(word->text)) {
      if (word->expansions.size() < kMostExpansions) {
        frequency = std::max(frequency, passages);
        word->expansions.insert(expansion);
      }
    }
  } else {
    for (const PlainPassage& passage : passages_) {
      const std::string& language = passage.passage.document.language;
      frequency += passage.stems.count(word->stems.at(language));
    }
    if (const auto at = word_passages_.find(word->text);
        at != word_passages_.end()) {
      frequency = std::max(frequency, at->second);
    }
  }
  word->worth = Idf(std::max<uint64_t>(frequency, 1));
}

double BruteForce::Idf(uint64_t passages) const {
  const auto n = static_cast<double>(passages_.size());
  const auto df = static_cast<double>(passages);
  return std::log1p((n - df + 0.5) / (df + 0.5));
}

double BruteForce::Norm(double k1, double length, double average) const {
  return k1 * (1 - 0.75 + 0.75 * length / average);
}

std::vector<std::pair<std::string, uint64_t>> BruteForce::WordsFrom(
    const std::string& prefix) const {
  std::vector<std::pair<std::string, uint64_t>> words;
  for (const auto& [word, passages] : word_passages_) {
    if (word.compare(0, prefix.size(), prefix) == 0) {
      words.emplace_back(word, passages);
    }
  }
  std::stable_sort(
      words.begin(), words.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  return words;
}

double BruteForce::ScoreOwn(const std::vector<Word>& words,
                            const PlainPassage& passage) const {
  const double norm = Norm(0.8, RoundedLength(passage.length), average_length_);
  double score = -1;
  for (const Word& word : words) {
    double frequency = 0;
    bool is_there = false;
    if (word.is_prefix) {
      is_there = std::any_of(word.expansions.begin(), word.expansions.end(),
                             [&](const std::string& text) {
                               return passage.words.contains(text);
                             });
    } else {
      const auto stem =
          passage.stems.find(word.stems.at(passage.passage.document.language));
      frequency = stem == passage.stems.end() ? 0 : stem->second;
      is_there = frequency > 0 || passage.words.contains(word.text);
    }
    if (is_there) {
      const double part =
          frequency > 0 ? frequency * 1.8 / (frequency + norm) : 1;
      score = std::max(score, 0.0) + Rounded(word.worth * part);
    }
  }
  return score;
}

bool BruteForce::StandsIn(const std::set<std::string>& stems,
                          const std::string& language, const Word& word) {
  return !word.is_prefix && stems.contains(word.stems.at(language));
}

double BruteForce::ScoreContext(const std::vector<Word>& words,
                                const PlainPassage& passage) {
  const std::string& language = passage.passage.document.language;
  double score = 0;
  for (const Word& word : words) {
    const bool has_form =
        std::any_of(passage.tokens.begin(), passage.tokens.end(),
                    [&](const text::Token& token) {
                      return !word.is_prefix && token.word == word.form &&
                             token.spelling == word.spelling &&
                             token.stem == word.stems.at(language);
                    });
    score += has_form ? Rounded(word.worth * 0.3) : 0;
    for (const auto& [stems, weight] :
         {std::pair(&passage.title, 0.3), std::pair(&passage.headings, 0.3),
          std::pair(&passage.around, 0.15)}) {
      if (StandsIn(*stems, language, word)) {
        score += Rounded(word.worth * weight);
      }
    }
  }
  return score;
}

// Whether a stem of the passage begins with the same 60 % of the letters, at
// least five of them, as that of a word of four letters or more, all of which
// it may have.
bool BruteForce::HasKin(const PlainPassage& passage, const Word& word) {
  if (word.is_prefix) {
    return false;
  }
  const std::string& stem = word.stems.at(passage.passage.document.language);
  std::vector<size_t> letters;  // where they begin
  for (size_t i = 0; i < stem.size(); ++i) {
    if ((stem[i] & 0xC0) != 0x80) {
      letters.push_back(i);
    }
  }
  if (letters.size() < 4) {
    return false;
  }
  letters.push_back(stem.size());
  const size_t kept = std::max<size_t>(4, letters.size() / 2);
  const std::string start =
      stem.substr(0, letters[std::min(kept, letters.size() - 1)]);
  return std::any_of(
      passage.stems.begin(), passage.stems.end(), [&](const auto& other) {
        return other.first.starts_with(start) && other.first != stem;
      });
}

// BM25 over the passage, two on either side of it, and the title.
double BruteForce::ScoreDocument(const std::vector<Word>& words,
                                 size_t passage) const {
  const PlainPassage& scored = passages_[passage];
  const std::string& language = scored.passage.document.language;
  const uint32_t ordinal = scored.passage.provenance.ordinal;
  const size_t first = passage - std::min(ordinal, 1U);
  const size_t end = std::min(passage + 2, scored.document_end);
  auto length = static_cast<double>(scored.title_words.size());
  for (size_t i = first; i < end; ++i) {
    length += passages_[i].length;
  }
  const double norm =
      Norm(1.2, length, std::min(average_document_, 3 * average_length_));
  double score = 0;
  for (const Word& word : words) {
    double frequency = 0;
    for (size_t i = first; i < end && !word.is_prefix; ++i) {
      const auto stem = passages_[i].stems.find(word.stems.at(language));
      frequency += stem == passages_[i].stems.end() ? 0 : stem->second;
    }
    if (frequency == 0 && words.size() > 1 && HasKin(scored, word)) {
      score += Rounded(word.worth * 0.8);
    }
    frequency += StandsIn(scored.title, language, word) ? 1 : 0;
    if (frequency > 0) {
      score += Rounded(word.worth * (frequency * 2.2 / (frequency + norm)));
    }
  }
  return score;
}

// Words that follow each other as they do in the query.
double BruteForce::ScorePairs(const std::vector<Word>& words,
                              const PlainPassage& passage) const {
  const std::string& language = passage.passage.document.language;
  const double norm = Norm(0.8, RoundedLength(passage.length), average_length_);
  const auto is = [&](const text::Token& token, const Word& word) {
    return !word.is_prefix && token.stem == word.stems.at(language);
  };
  double score = 0;
  for (size_t i = 1; i < words.size(); ++i) {
    double pairs = 0;
    for (size_t at = 1; at < passage.tokens.size(); ++at) {
      pairs += is(passage.tokens[at - 1], words[i - 1]) &&
                       is(passage.tokens[at], words[i])
                   ? 1
                   : 0;
    }
    if (pairs > 0) {
      const double mean = (words[i - 1].worth + words[i].worth) / 2;
      score += Rounded(mean * 0.3 * (pairs * 1.8 / (pairs + norm)));
    }
  }
  return score;
}

// The words that two of the ten best share, as probable as they are there.
std::vector<BruteForce::SharedWord> BruteForce::WordsOfBest(
    const std::vector<PlainHit>& best) {
  const double top = best[0].score;
  std::map<std::pair<std::string, std::string>, SharedWord> found;
  for (size_t i = 0; i < std::min<size_t>(best.size(), 10); ++i) {
    const PlainPassage& passage = *best[i].passage;
    std::map<std::string, int> counts = {passage.stems.begin(),
                                         passage.stems.end()};
    for (const auto& [word, stem] : passage.title_words) {
      ++counts[stem];
    }
    const double weight =
        std::exp((best[i].score - top) / top * 15) /
        static_cast<double>(passage.length + passage.title_words.size());
    const std::string& language = passage.passage.document.language;
    for (const auto& [stem, count] : counts) {
      SharedWord& word = found[{language, stem}];
      word.language = language;
      word.stem = stem;
      word.probability += weight * count;
      ++word.passages;
    }
  }
  std::vector<SharedWord> shared;
  for (const auto& [key, word] : found) {
    if (word.passages > 1) {
      shared.push_back(word);
    }
  }
  return shared;
}

// How rare a word is; 0 where it is too common to tell anything.
double BruteForce::RarityOf(const SharedWord& word) const {
  uint64_t frequency = 0;
  for (const PlainPassage& passage : passages_) {
    frequency += passage.passage.document.language == word.language
                     ? passage.stems.count(word.stem)
                     : 0;
  }
  const bool is_common = static_cast<double>(frequency) >
                         static_cast<double>(passages_.size()) * 0.1;
  return is_common ? 0 : Idf(frequency);
}

// The words that the ten best share, with what they are worth.
std::vector<BruteForce::SharedWord> BruteForce::SharedWords(
    const std::vector<PlainHit>& best, double query_length) const {
  const double top = best.empty() ? 0 : best[0].score;
  if (top <= 0 || query_length < 4 || passages_.size() < 300) {
    return {};
  }
  const double fall = best.size() < 20 ? 0 : best[19].score / top;
  const double trust = std::clamp((0.8 - fall) / (0.8 - 0.3), 0.0, 1.0);
  std::vector<SharedWord> shared = WordsOfBest(best);
  const auto keep_best = [&](size_t count) {
    std::sort(shared.begin(), shared.end(),
              [](const SharedWord& a, const SharedWord& b) {
                return std::tuple(-a.probability, a.language + ":" + a.stem) <
                       std::tuple(-b.probability, b.language + ":" + b.stem);
              });
    shared.resize(std::min(shared.size(), count));
  };
  keep_best(30);
  for (SharedWord& word : shared) {
    word.idf = RarityOf(word);
    word.probability *= word.idf;
  }
  keep_best(20);
  double sum = 0;
  for (const SharedWord& word : shared) {
    sum += word.probability;
  }
  for (SharedWord& word : shared) {
    word.worth = sum > 0 ? word.idf * (query_length * (2.0 / 3) * trust *
                                       word.probability / sum)
                         : 0;
  }
  return shared;
}

double BruteForce::ScoreShared(const std::vector<SharedWord>& shared,
                               const PlainPassage& passage) const {
  const double norm = Norm(0.8, RoundedLength(passage.length), average_length_);
  double score = 0;
  for (const SharedWord& word : shared) {
    const auto stem = passage.stems.find(word.stem);
    if (stem != passage.stems.end() &&
        passage.passage.document.language == word.language) {
      const double frequency = stem->second;
      score += Rounded(word.worth * (frequency * 1.8 / (frequency + norm)));
    }
  }
  return score;
}

std::vector<PlainHit> BruteForce::Search(const std::string& query,
                                         const Allows& allows) const {
  const std::vector<Word> words = ParseQuery(query);
  double query_length = 0;
  for (const Word& word : words) {
    query_length += word.count;
  }
  // What the best share is told without regard to what is allowed.
  const std::vector<PlainHit> all = FindHits(words, nullptr);
  const std::vector<SharedWord> shared =
      SharedWords(AddEvidence(words, all), query_length);
  std::vector<PlainHit> hits = FindHits(words, allows);
  std::vector<PlainHit> best = AddEvidence(words, hits);
  for (PlainHit& hit : best) {
    hit.score += ScoreShared(shared, *hit.passage);
  }
  std::sort(best.begin(), best.end(), IsBetter);
  std::copy(best.begin(), best.end(), hits.begin());
  return hits;
}

// Returns what matches and is allowed, by its own words alone.
std::vector<PlainHit> BruteForce::FindHits(const std::vector<Word>& words,
                                           const Allows& allows) const {
  std::vector<PlainHit> hits;
  for (const PlainPassage& passage : passages_) {
    const double score = ScoreOwn(words, passage);
    if (score >= 0 && (!allows || allows(passage))) {
      hits.push_back({&passage, score});
    }
  }
  std::sort(hits.begin(), hits.end(), IsBetter);
  return hits;
}

// Returns the best of `hits`, in order, with what else speaks for them.
std::vector<PlainHit> BruteForce::AddEvidence(
    const std::vector<Word>& words, const std::vector<PlainHit>& hits) const {
  std::vector<PlainHit> best(
      hits.begin(), hits.begin() + static_cast<ptrdiff_t>(std::min(
                                       kBestLookedAtAgain, hits.size())));
  for (PlainHit& hit : best) {
    hit.score += ScoreContext(words, *hit.passage) +
                 ScoreDocument(words, static_cast<size_t>(hit.passage -
                                                          passages_.data())) +
                 ScorePairs(words, *hit.passage);
  }
  std::sort(best.begin(), best.end(), IsBetter);
  return best;
}

}  // namespace footnote::search
