// The texts that claims are checked against, made ready.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/entities/gazetteer.h"
#include "server/grounding/statement.h"
#include "server/search/deadline.h"

namespace footnote::grounding {

// A text to check against.
struct EvidenceText {
  std::string text;      // valid UTF-8
  std::string language;  // BCP 47 primary subtag
  std::string context;   // what stands over it: title, headings, attributes
  uint32_t source = 0;   // texts of one document have the same
};

// A sentence of such a text; a question together with the sentence after it,
// which answers it.
struct Unit {
  uint32_t text = 0;   // by the order in which they were added
  uint32_t start = 0;  // bytes of the text
  uint32_t end = 0;    // exclusive; without the white space at its end
  Statement statement;
  // What the words are, with their places, sorted: ids of stems, of words that
  // abbreviations stand for, of entities.
  std::vector<std::pair<uint32_t, uint32_t>> ids;
};

// What a word of a claim may be in the evidence.
struct WordMatch {
  uint32_t id = 0;
  double quality = 0;  // (0, 1]: 1 is the same word
};

// Sentences and an index of their words. Filled once, then read by many
// threads.
class Evidence {
 public:
  // `gazetteer`, which may be null and must outlive it, tells which names are
  // one thing.
  explicit Evidence(const entities::Gazetteer* gazetteer)
      : gazetteer_(gazetteer) {}

  // Adds a text. Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
  absl::Status Add(EvidenceText text, const search::Deadline& deadline);

  // Has abbreviations stand for the names that they abbreviate. Call once,
  // after the last text.
  void Finish();

  const std::vector<EvidenceText>& texts() const { return texts_; }
  const std::vector<Unit>& units() const { return units_; }

  // Returns the ids of what stands over a text, sorted.
  const std::vector<uint32_t>& context_of(uint32_t text) const {
    return contexts_[text];
  }

  // Returns the units that have an id, ascending.
  const std::vector<uint32_t>& units_with(uint32_t id) const {
    return postings_[id];
  }

  // Returns what each word of a claim may be here, best first.
  std::vector<std::vector<WordMatch>> MatchWords(
      const Statement& claim, std::string_view text,
      std::string_view language) const;

  // Returns whether a folded word stands here with a small first letter, and
  // whether with a capital that no beginning of a sentence explains.
  bool is_common(std::string_view word) const;
  bool is_name(std::string_view word) const;

 private:
  uint32_t IdOf(const std::string& key);
  void AddUnit(uint32_t text, uint32_t start, uint32_t end);
  void NoteMentions(std::string_view text, Unit* unit);
  void NoteAcronyms(const Unit& unit);
  void NoteLook(const Unit& unit, std::string_view text);
  void AddAcronyms(Unit* unit);
  std::vector<WordMatch> MatchWord(const Word& word,
                                   std::string_view language) const;
  void AddRoots(const Word& word, std::vector<WordMatch>* matches) const;
  void AddMentions(const Statement& claim, std::string_view text,
                   std::vector<std::vector<WordMatch>>* matches) const;

  const entities::Gazetteer* gazetteer_;
  StatementReader reader_;
  std::vector<EvidenceText> texts_;
  std::vector<std::vector<uint32_t>> contexts_;
  std::vector<Unit> units_;
  std::vector<std::vector<uint32_t>> postings_;  // by id
  std::unordered_map<std::string, uint32_t> ids_;
  std::vector<std::string> keys_;  // by id
  std::unordered_map<uint16_t, std::vector<uint32_t>> by_meaning_;
  std::unordered_map<std::string, std::vector<uint32_t>> by_prefix_;
  // Names by their initials, as ids of their words.
  std::unordered_map<std::string, std::vector<uint32_t>> acronyms_;
  struct Look {
    bool small = false;
    bool capital = false;
  };
  std::unordered_map<std::string, Look> looks_;
};

}  // namespace footnote::grounding
