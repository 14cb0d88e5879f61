// A search by the book: looks at every passage, knows no index.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "indexer/index/generation.h"
#include "indexer/text/analyzer.h"
#include "server/search/result.h"

namespace footnote::search {

// A passage with what it and its surroundings say.
struct PlainPassage {
  Passage passage;
  std::set<std::string> words;            // folded
  std::map<std::string, uint32_t> stems;  // how often, in its language
  uint32_t length = 0;                    // in tokens
  std::vector<text::Token> tokens;
  size_t document_end = 0;  // of its document's passages, among all
  // Stems of the title, of the headings above, of the sentences next to it.
  std::set<std::string> title;
  std::set<std::pair<std::string, std::string>> title_words;  // word and stem
  std::set<std::string> headings;
  std::set<std::string> around;
};

struct PlainHit {
  const PlainPassage* passage = nullptr;
  double score = 0;
};

// Scores passages by formulas and numbers of its own, written from what the
// documentation promises. The analyzer alone is shared with the engine. Not
// thread-safe.
class BruteForce {
 public:
  using Allows = std::function<bool(const PlainPassage& passage)>;

  // Reads the passages of a generation whose documents `reads` allows: others
  // count as not there. Titles that repeat the file's name are none.
  explicit BruteForce(const index::Generation& generation,
                      const Allows& reads = nullptr);

  const std::vector<PlainPassage>& passages() const { return passages_; }

  // Returns all that matches `query` and is allowed, best first.
  std::vector<PlainHit> Search(const std::string& query,
                               const Allows& allows = nullptr) const;

  // Returns the words that begin with `prefix`, the most frequent first, with
  // the number of passages that have them.
  std::vector<std::pair<std::string, uint64_t>> WordsFrom(
      const std::string& prefix) const;

 private:
  // A word of a query.
  struct Word {
    std::map<std::string, std::string> stems;  // by language; not of prefixes
    std::string text;  // of prefixes and lone characters, else ""
    bool is_prefix = false;
    uint32_t count = 1;                // how often the query has it
    std::set<std::string> expansions;  // of a prefix
    std::string form;                  // folded, as the query has it
    std::string spelling;              // with its accents
    double worth = 0;                  // its IDF, as often as it stands
  };
  // A word that the best passages share.
  struct SharedWord {
    std::string language;
    std::string stem;
    double probability = 0;
    int passages = 0;
    double idf = 0;
    double worth = 0;
  };

  void ReadDocument(const index::Generation& generation,
                    const index::DocumentRecord& document, const Allows& reads);
  void AddTitle(const index::DocumentRecord& document,
                PlainPassage* passage) const;
  void AddTokens(const std::string& text, PlainPassage* passage) const;
  std::vector<Word> ParseQuery(const std::string& query) const;
  static Word WordOf(
      size_t i, const text::Token& token, bool is_prefix,
      const std::map<std::string, std::vector<text::Token>>& stemmed);
  std::vector<Word> Distinct(const std::vector<Word>& words) const;
  std::string GuessLanguage(const std::vector<text::Token>& tokens) const;
  void Weigh(Word* word) const;
  static bool StandsIn(const std::set<std::string>& stems,
                       const std::string& language, const Word& word);
  std::vector<PlainHit> FindHits(const std::vector<Word>& words,
                                 const Allows& allows) const;
  std::vector<PlainHit> AddEvidence(const std::vector<Word>& words,
                                    const std::vector<PlainHit>& hits) const;
  // Returns the score of a passage by its own words; negative without any.
  double ScoreOwn(const std::vector<Word>& words,
                  const PlainPassage& passage) const;
  static double ScoreContext(const std::vector<Word>& words,
                             const PlainPassage& passage);
  static bool HasKin(const PlainPassage& passage, const Word& word);
  double ScoreDocument(const std::vector<Word>& words, size_t passage) const;
  double ScorePairs(const std::vector<Word>& words,
                    const PlainPassage& passage) const;
  double Idf(uint64_t passages) const;
  double Norm(double k1, double length, double average) const;
  static std::vector<SharedWord> WordsOfBest(const std::vector<PlainHit>& best);
  double RarityOf(const SharedWord& word) const;
  std::vector<SharedWord> SharedWords(const std::vector<PlainHit>& best,
                                      double query_length) const;
  double ScoreShared(const std::vector<SharedWord>& shared,
                     const PlainPassage& passage) const;

  mutable text::Analyzer analyzer_;
  std::vector<PlainPassage> passages_;
  std::map<std::string, uint64_t> languages_;  // documents
  std::map<std::string, uint64_t> word_passages_;
  double average_length_ = 1;
  double average_document_ = 1;
};

}  // namespace footnote::search
