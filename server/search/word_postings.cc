#include "server/search/word_postings.h"

#include <algorithm>
#include <string>
#include <utility>

#include "indexer/index/schema.h"
#include "server/search/ranking.h"

namespace footnote::search {
namespace {

bool HasOccurrences(const std::string& term) {
  return term.starts_with(index::PrefixOf(index::TermField::kStem));
}

}  // namespace

LengthNorms MakeLengthNorms(double average_words) {
  LengthNorms norms;
  for (uint32_t i = 0; i < norms.size(); ++i) {
    norms[i] = kPassageBm25.LengthNorm(index::LengthOfClass(i), average_words);
  }
  return norms;
}

void ScoreWindow::Begin(uint32_t first, uint32_t passages) {
  start = first;
  end = std::min(first + kWindowPassages, passages);
  std::fill_n(scores.begin(), end - start, 0.0);
  touched.fill(0);
}

WordScorer::WordScorer(double factor, const LengthNorms& norms)
    : norms_(&norms),
      factor_(factor),
      constant_(RoundContribution(factor)),
      most_(RoundContribution(factor * kPassageBm25.Most())) {
  for (uint32_t code = 0; code < usual_.size(); ++code) {
    usual_[code] = Compute(code);
  }
}

double WordScorer::Compute(uint32_t occurrence) const {
  const auto decoded = index::Occurrence::Decode(occurrence);
  return RoundContribution(
      factor_ * kPassageBm25.FrequencyPart(decoded.frequency,
                                           (*norms_)[decoded.length_class]));
}

WordPostings::WordPostings(const index::Segment& segment,
                           const Xapian::Database& database,
                           const WordTerms& word, const WordScorer& scorer)
    : scorer_(scorer) {
  for (const std::string& term : word.terms) {
    List list{database.postlist_begin(term), database.postlist_end(term),
              segment.frequent_terms().Find(term), HasOccurrences(term)};
    if (list.at != list.end) {
      lists_.push_back(std::move(list));
    }
  }
  std::stable_partition(lists_.begin(), lists_.end(),
                        [](const List& list) { return list.has_occurrences; });
}

uint32_t WordPostings::AddTo(ScoreWindow* window) {
  return lists_.size() > 1 ? AddTogether(window)
         : lists_.empty()  ? 0
                           : AddList(&lists_.front(), window);
}

uint32_t WordPostings::AddList(List* list, ScoreWindow* window) const {
  uint32_t count = 0;
  if (list->at != list->end && *list->at <= window->start) {
    list->at.skip_to(window->start + 1);
  }
  for (; list->at != list->end && *list->at <= window->end; ++list->at) {
    window->Add(*list->at - 1, ScoreOfPosting(*list));
    ++count;
  }
  return count;
}

uint32_t WordPostings::AddTogether(ScoreWindow* window) {
  PassageSet seen(window->end - window->start);
  uint32_t count = 0;
  for (List& list : lists_) {
    if (list.at != list.end && *list.at <= window->start) {
      list.at.skip_to(window->start + 1);
    }
    for (; list.at != list.end && *list.at <= window->end; ++list.at) {
      const uint32_t passage = *list.at - 1;
      ++count;
      if (!seen.Has(passage - window->start)) {
        seen.Add(passage - window->start);
        window->Add(passage, ScoreOfPosting(list));
      }
    }
  }
  return count;
}

double WordPostings::ScoreOf(uint32_t passage) {
  for (List& list : lists_) {
    const bool may_have = list.set == nullptr ||
                          (list.set[passage / 64] >> (passage % 64) & 1) != 0;
    if (!may_have || list.at == list.end) {
      continue;
    }
    if (*list.at <= passage) {
      list.at.skip_to(passage + 1);
    }
    if (list.at != list.end && *list.at == passage + 1) {
      return ScoreOfPosting(list);
    }
  }
  return 0;
}

}  // namespace footnote::search
