#include "server/search/field_words.h"

#include <algorithm>
#include <string>
#include <vector>

#include "indexer/index/document_record.h"
#include "indexer/index/schema.h"
#include "indexer/text/analyzer.h"
#include "server/search/assemble.h"
#include "server/search/phrase.h"
#include "server/search/word_lexemes.h"

namespace footnote::search {
namespace {

constexpr uint32_t kLooksPerClock = 1024;  // less than a millisecond

text::Analyzer& AnalyzerOfThread() {
  thread_local text::Analyzer analyzer;
  return analyzer;
}

class FieldFinder {
 public:
  FieldFinder(const index::Segment& segment, const Query& query,
              const QueryPhrase& phrase)
      : segment_(segment), query_(query), phrase_(phrase) {
    static const WordTerms kNone;  // words of fields stand for no terms
    for (const PhraseSlot& slot : phrase.slots) {
      words_.emplace_back(segment, query.WordAt(slot.word), kNone);
    }
  }

  // Whether every word of the phrase is among the lexemes.
  bool HasAll(const std::vector<uint32_t>& lexemes) {
    return std::all_of(words_.begin(), words_.end(), [&](WordLexemes& word) {
      return std::any_of(lexemes.begin(), lexemes.end(),
                         [&](uint32_t lexeme) { return word.Has(lexeme); });
    });
  }

  absl::StatusOr<bool> IsInTitle(uint32_t document) {
    if (!HasAll(segment_.ReadTitle(document))) {
      return false;
    }
    if (words_.size() == 1) {
      return true;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const index::DocumentRecord record,
                              segment_.ReadDocument(document));
    return IsIn(record.title, record.language);
  }

  absl::StatusOr<bool> IsInHeadings(uint32_t passage) {
    if (!HasAll(segment_.ReadHeadings(passage))) {
      return false;
    }
    if (words_.size() == 1) {
      return true;
    }
    const index::PassagePlace& place = segment_.passage_place(passage);
    FOOTNOTE_ASSIGN_OR_RETURN(const index::DocumentRecord record,
                              segment_.ReadDocument(place.document));
    const std::vector<std::string> path = HeadingPathAt(record, place.start);
    return std::any_of(path.begin(), path.end(),
                       [&](const std::string& heading) {
                         return IsIn(heading, record.language);
                       });
  }

 private:
  // Whether the phrase stands in a text.
  bool IsIn(const std::string& text, const std::string& language) const {
    const std::vector<text::Token> tokens =
        AnalyzerOfThread().Analyze(text, language);
    return HasPhrase(phrase_, static_cast<uint32_t>(tokens.size()),
                     [&](size_t slot, uint32_t token) {
                       return IsWordOf(
                           query_.WordAt(phrase_.slots[slot].word),
                           tokens[token].word,
                           index::StemKey(language, tokens[token].stem));
                     });
  }

  const index::Segment& segment_;
  const Query& query_;
  const QueryPhrase& phrase_;
  std::vector<WordLexemes> words_;  // of each slot
};

}  // namespace

absl::StatusOr<PassageSet> FindInFields(const index::Segment& segment,
                                        const Query& query, Scope scope,
                                        const QueryPhrase& phrase,
                                        const PassageSet& within,
                                        const Deadline& deadline) {
  FieldFinder finder(segment, query, phrase);
  const uint32_t passages = segment.passage_count();
  PassageSet found(passages);
  uint32_t looks = 0;
  for (uint32_t at = within.NextFrom(0); at < passages;) {
    if (++looks % kLooksPerClock == 0 && deadline.Passed()) {
      return DeadlineError();
    }
    uint32_t end = at + 1;
    bool is_there = false;
    if (scope == Scope::kTitle) {
      const uint32_t document = segment.passage_place(at).document;
      const index::DocumentPlace& place = segment.document_place(document);
      end = place.first_passage + place.passage_count;
      FOOTNOTE_ASSIGN_OR_RETURN(is_there, finder.IsInTitle(document));
    } else {
      FOOTNOTE_ASSIGN_OR_RETURN(is_there, finder.IsInHeadings(at));
    }
    if (is_there) {
      found.AddRange(at, end);
    }
    at = within.NextFrom(end);
  }
  found.Intersect(within);
  return found;
}

}  // namespace footnote::search
