#include "server/search/passage_scorer.h"

#include <string>
#include <utility>

#include "indexer/index/lexeme_table.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "server/search/ranking.h"

namespace footnote::search {

PassageScorer::PassageScorer(const index::Generation& generation,
                             const ScoredQuery& query)
    : generation_(generation),
      query_(query),
      norms_(MakeLengthNorms(query.statistics.average_words)),
      forms_(generation.segments().size()) {}

const PassageScorer::Forms& PassageScorer::FormsIn(uint32_t segment) {
  std::unique_ptr<Forms>& forms = forms_[segment];
  if (forms) {
    return *forms;
  }
  forms = std::make_unique<Forms>();
  for (uint32_t i = 0; i < query_.statistics.words.size(); ++i) {
    const std::vector<std::string>& terms = query_.statistics.words[i].terms;
    const auto size = static_cast<uint32_t>(terms.size());
    for (uint32_t j = 0; j < size; ++j) {
      // Forms with a frequency count before those without.
      AddTerm(segment, terms[j], {i, j}, {i, size + j}, forms.get());
    }
  }
  return *forms;
}

// Adds a term of a word: `counted` where it has a frequency, else `constant`.
void PassageScorer::AddTerm(uint32_t segment, std::string_view term,
                            const Form& counted, const Form& constant,
                            Forms* forms) const {
  const auto stem_prefix = index::PrefixOf(index::TermField::kStem);
  const auto quantity_prefix = index::PrefixOf(index::TermField::kQuantity);
  if (term.starts_with(stem_prefix)) {
    for (const uint32_t lexeme : generation_.segments()[segment]->LexemesOfStem(
             term.substr(stem_prefix.size()))) {
      forms->by_lexeme.emplace(lexeme, counted);
    }
  } else if (term.starts_with(quantity_prefix)) {
    forms->by_quantity.emplace(term.substr(quantity_prefix.size()), constant);
  } else {
    forms->by_text.emplace(term, constant);
  }
}

// Takes note of a form that a passage has, so often.
void PassageScorer::Add(const Form& form, uint32_t frequency,
                        FoundWords* words) {
  const auto [at, is_first] = words->try_emplace(form.word, Found{form, 0});
  if (form.rank < at->second.form.rank) {
    at->second = {form, 0};
  }
  if (form.rank == at->second.form.rank) {
    at->second.frequency += frequency;
  }
}

PassageScorer::FoundWords PassageScorer::FindWords(uint32_t segment,
                                                   uint32_t passage) {
  const index::Segment& in = *generation_.segments()[segment];
  const Forms& forms = FormsIn(segment);
  FoundWords words;
  for (index::TokenReader token = in.Lexemes(passage); token.Next();) {
    const auto stems = forms.by_lexeme.equal_range(token.lexeme());
    for (auto at = stems.first; at != stems.second; ++at) {
      Add(at->second, 1, &words);
    }
    if (!forms.by_text.empty()) {
      const auto texts =
          forms.by_text.equal_range(index::WordOf(in.lexeme(token.lexeme())));
      for (auto at = texts.first; at != texts.second; ++at) {
        Add(at->second, 0, &words);
      }
    }
  }
  if (!forms.by_quantity.empty()) {
    for (const index::PassageQuantity& mark : in.ReadQuantities(passage)) {
      const auto keys =
          forms.by_quantity.equal_range(in.quantity(mark.quantity));
      for (auto at = keys.first; at != keys.second; ++at) {
        Add(at->second, 0, &words);
      }
    }
  }
  return words;
}

std::vector<Contribution> PassageScorer::Explain(uint32_t segment,
                                                 uint32_t passage) {
  const uint32_t length_class = index::LengthClassOf(
      generation_.segments()[segment]->passage_place(passage).words);
  std::vector<Contribution> contributions;
  for (const auto& [word, found] : FindWords(segment, passage)) {
    const WordScorer scorer(query_.match_factors[word], norms_);
    const double value =
        found.frequency == 0
            ? scorer.constant()
            : scorer.ScoreOf(
                  index::Occurrence{found.frequency, length_class}.Encode());
    contributions.push_back({Contribution::Stage::kMatch,
                             query_.query.words[word].word, "text", value});
  }
  return contributions;
}

Candidate PassageScorer::Score(uint32_t segment, uint32_t passage) {
  Candidate candidate{segment, passage};
  for (const Contribution& part : Explain(segment, passage)) {
    candidate.unaged += part.value;
  }
  query_.Age(*generation_.segments()[segment], &candidate);
  return candidate;
}

}  // namespace footnote::search
