#include "server/search/evidence.h"

#include <algorithm>
#include <string>

#include "indexer/index/lexeme_table.h"
#include "server/search/ranking.h"

namespace footnote::search {
namespace {

// Adds contributions up, and notes them where asked to.
class Adder {
 public:
  explicit Adder(std::vector<Contribution>* parts) : parts_(parts) {}

  void Add(const std::string& word, const char* field, double value) {
    const double rounded = RoundContribution(value);
    sum_ += rounded;
    if (parts_ != nullptr) {
      parts_->push_back({Contribution::Stage::kRescore, word, field, rounded});
    }
  }

  double sum() const { return sum_; }

 private:
  double sum_ = 0;
  std::vector<Contribution>* parts_;
};

}  // namespace

Evidence::Evidence(const index::Segment& segment, const ScoredQuery& query,
                   const SegmentWords& words, const LengthNorms& norms)
    : segment_(segment),
      query_(query),
      words_(words),
      norms_(norms),
      tallies_(query.query.words.size()) {
  is_form_.reserve(words.by_stem().size());
  for (const auto& [lexeme, word] : words.by_stem()) {
    const QueryWord& asked = query.query.words[word];
    const std::string_view entry = segment.lexeme(lexeme);
    is_form_.push_back(index::WordOf(entry) == asked.word &&
                       index::SpellingOf(entry) == asked.spelling);
  }
}

double Evidence::Score(uint32_t passage, std::vector<Contribution>* parts) {
  document_words_ = 0;
  ScanTitle(segment_.passage_place(passage).document);
  ScanHeadings(passage);
  ScanOwn(passage);
  ScanDocument(passage);
  ScanKin(passage);
  const double sum = Sum(passage, parts);
  for (const uint32_t word : touched_) {
    tallies_[word] = {};
  }
  touched_.clear();
  return sum;
}

// Returns what is known of a word, which is told of from now on.
Evidence::Tally& Evidence::At(uint32_t word) {
  Tally& tally = tallies_[word];
  const bool is_new = tally.in_document == 0 && !tally.in_title &&
                      !tally.in_heading && !tally.has_kin;
  if (is_new) {
    touched_.push_back(word);
  }
  return tally;
}

void Evidence::ScanTitle(uint32_t document) {
  for (const uint32_t lexeme : segment_.ReadTitle(document)) {
    ++document_words_;
    words_.ForEachWordByStem(lexeme,
                             [&](uint32_t word) { At(word).in_title = true; });
  }
}

void Evidence::ScanHeadings(uint32_t passage) {
  for (const uint32_t lexeme : segment_.ReadHeadings(passage)) {
    words_.ForEachWordByStem(
        lexeme, [&](uint32_t word) { At(word).in_heading = true; });
  }
}

void Evidence::ScanOwn(uint32_t passage) {
  uint32_t at = 0;
  for (auto token = segment_.Lexemes(passage); token.Next(); ++at) {
    words_.ForEachByStem(token.lexeme(), [&](size_t place) {
      const uint32_t word = words_.by_stem()[place].second;
      Tally& tally = At(word);
      ++tally.in_document;
      tally.last_at = at;
      tally.has_form |= is_form_[place];
      if (word > 0 && tallies_[word - 1].last_at + 1 == at) {
        ++tallies_[word - 1].pairs;
      }
    });
  }
  document_words_ += at;
}

// Looks at the passages around one.
void Evidence::ScanDocument(uint32_t passage) {
  const index::PassagePlace& place = segment_.passage_place(passage);
  const index::DocumentPlace& document =
      segment_.document_place(place.document);
  const uint32_t before = std::min(place.ordinal, kDocumentReach);
  const uint32_t after =
      std::min(document.passage_count - 1 - place.ordinal, kDocumentReach);
  for (uint32_t other = passage - before; other <= passage + after; ++other) {
    if (other + 1 == passage) {
      ScanBefore(other);
    } else if (other != passage) {
      ScanOther(other, other == passage + 1
                           ? segment_.passage_place(other).first_words
                           : 0);
    }
  }
}

// Looks at the passage right before the one that is scored, whose last sentence
// is near to it.
void Evidence::ScanBefore(uint32_t other) {
  bool is_near = false;
  uint32_t words = 0;
  auto token = segment_.Lexemes(other);
  for (;; ++words) {
    is_near |= token.IsBeforeLastSentence();
    if (!token.Next()) {
      break;
    }
    NoteOther(token.lexeme(), is_near);
  }
  document_words_ += words;
}

// Looks at another passage of the document, whose first words are near to the
// one that is scored.
void Evidence::ScanOther(uint32_t other, uint32_t near_until) {
  uint32_t words = 0;
  for (auto token = segment_.Lexemes(other); token.Next(); ++words) {
    NoteOther(token.lexeme(), words < near_until);
  }
  document_words_ += words;
}

void Evidence::NoteOther(uint32_t lexeme, bool is_near) {
  words_.ForEachWordByStem(lexeme, [&](uint32_t word) {
    Tally& tally = At(word);
    ++tally.in_document;
    tally.is_near |= is_near;
  });
}

// Looks for the kin of words that are nowhere around; most often there are
// none.
void Evidence::ScanKin(uint32_t passage) {
  const auto end = tallies_.begin() + static_cast<ptrdiff_t>(std::min<size_t>(
                                          tallies_.size(), kKinMostWords));
  const bool has_all =
      std::all_of(tallies_.begin(), end,
                  [](const Tally& tally) { return tally.in_document > 0; });
  if (has_all) {
    return;
  }
  if (!kin_) {
    kin_.emplace(segment_, query_.query);
  }
  if (kin_->is_empty()) {
    return;
  }
  for (auto token = segment_.Lexemes(passage); token.Next();) {
    kin_->ForEachWord(token.lexeme(), [&](uint32_t word) {
      if (tallies_[word].in_document == 0) {
        At(word).has_kin = true;
      }
    });
  }
}

double Evidence::Sum(uint32_t passage, std::vector<Contribution>* parts) {
  const FieldBoosts& boosts = query_.options.boosts;
  const Statistics& statistics = query_.statistics;
  const double document_norm = kDocumentBm25.LengthNorm(
      document_words_,
      std::min(statistics.average_document_words,
               (2 * kDocumentReach + 1) * statistics.average_words));
  const double norm =
      norms_[index::LengthClassOf(segment_.passage_place(passage).words)];
  Adder adder(parts);
  for (const uint32_t word : touched_) {
    const Tally& tally = tallies_[word];
    const std::string& text = query_.query.words[word].word;
    const double factor = query_.factors[word];
    const auto add_if = [&](bool is_so, const char* field, double weight) {
      if (is_so) {
        adder.Add(text, field, factor * weight);
      }
    };
    add_if(tally.in_title, "title", kTitleWeight * boosts.title);
    add_if(tally.in_heading, "heading", kHeadingWeight * boosts.heading);
    add_if(tally.is_near, "neighbours", kNeighbourWeight * boosts.neighbours);
    add_if(tally.has_form, "text", kFormWeight * boosts.text);
    add_if(tally.has_kin, "kin", kKinWeight * boosts.text);
    const uint32_t in_document = tally.in_document + (tally.in_title ? 1 : 0);
    add_if(in_document > 0, "document",
           kDocumentWeight * boosts.document *
               kDocumentBm25.FrequencyPart(in_document, document_norm));
    if (tally.pairs > 0) {
      const double mean = (factor + query_.factors[word + 1]) / 2;
      adder.Add(parts == nullptr
                    ? text
                    : text + " " + query_.query.words[word + 1].word,
                "text",
                mean * kPairWeight * boosts.text *
                    kPassageBm25.FrequencyPart(tally.pairs, norm));
    }
  }
  return adder.sum();
}

}  // namespace footnote::search
