#include "server/search/match.h"

#include <algorithm>
#include <string>

#include <xapian.h>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/passage_weight.h"
#include "server/search/ranking.h"

namespace footnote::search {
namespace {

using index::TermField;

struct ContextField {
  TermField field;
  double weight;
};

constexpr ContextField kContextFields[] = {
    {TermField::kTitle, kTitleWeight},
    {TermField::kHeading, kHeadingWeight},
    {TermField::kNeighbour, kNeighbourWeight},
};

// Builds the query of one segment from the terms that it has.
class QueryBuilder {
 public:
  explicit QueryBuilder(const Xapian::Database& database)
      : database_(database) {}

  // Adds a word. Whatever has it matches; where it stands around a passage it
  // only adds to the score.
  void Add(const QueryWord& word, double factor) {
    AddForms(FormsIn(TermField::kStem, word), factor, &own_);
    for (const ContextField& field : kContextFields) {
      AddForms(FormsIn(field.field, word), factor * field.weight, &context_);
    }
  }

  // Returns the query; an empty one matches nothing.
  Xapian::Query Finish() const {
    if (own_.empty()) {
      return {};
    }
    Xapian::Query own(Xapian::Query::OP_OR, own_.begin(), own_.end());
    if (context_.empty()) {
      return own;
    }
    return {
        Xapian::Query::OP_AND_MAYBE, own,
        Xapian::Query(Xapian::Query::OP_OR, context_.begin(), context_.end())};
  }

 private:
  std::vector<Xapian::Query> FormsIn(TermField field,
                                     const QueryWord& word) const {
    std::vector<Xapian::Query> forms;
    const auto add = [&](const std::string& term) {
      if (database_.term_exists(term)) {
        forms.emplace_back(term);
      }
    };
    for (const std::string& stem : word.stems) {
      add(MakeTerm(field, stem));
    }
    if (word.by_word && field == TermField::kStem) {
      add(MakeTerm(TermField::kWord, word.word));
    }
    return forms;
  }

  // Adds the forms of one word, which score as one: their frequencies add up,
  // and a passage, being in one language, has one stem of a word. (The best of
  // them, OP_MAX, crashes Xapian 1.4.22.)
  static void AddForms(const std::vector<Xapian::Query>& forms, double factor,
                       std::vector<Xapian::Query>* queries) {
    if (forms.empty()) {
      return;
    }
    const Xapian::Query any = forms.size() == 1
                                  ? forms.front()
                                  : Xapian::Query(Xapian::Query::OP_SYNONYM,
                                                  forms.begin(), forms.end());
    queries->emplace_back(Xapian::Query::OP_SCALE_WEIGHT, any, factor);
  }

  const Xapian::Database& database_;
  std::vector<Xapian::Query> own_;
  std::vector<Xapian::Query> context_;
};

// Returns what each word of a query weighs, by its place in it.
std::vector<double> WordWeights(const Query& query,
                                const Statistics& statistics) {
  std::vector<double> weights;
  for (size_t i = 0; i < query.words.size(); ++i) {
    weights.push_back(Idf(statistics.passages, statistics.frequencies[i]) *
                      query.words[i].count);
  }
  return weights;
}

// Returns the score that no passage can exceed.
double HighestPossible(const std::vector<double>& weights) {
  double most = kBm25K1 + 1;
  for (const ContextField& field : kContextFields) {
    most += field.weight;
  }
  double highest = 0;
  for (const double weight : weights) {
    highest += weight * most;
  }
  return highest;
}

absl::StatusOr<Xapian::Query> BuildQuery(const Xapian::Database& database,
                                         const Query& query,
                                         const std::vector<double>& weights,
                                         const Deadline& deadline) {
  QueryBuilder builder(database);
  for (size_t i = 0; i < query.words.size(); ++i) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    builder.Add(query.words[i], weights[i]);
  }
  return builder.Finish();
}

// Lets through the passages whose documents are not gone.
class LivePassages : public Xapian::MatchDecider {
 public:
  explicit LivePassages(const index::Tombstones& tombstones)
      : tombstones_(tombstones) {}
  bool operator()(const Xapian::Document& document) const override {
    return !tombstones_.passages.contains(document.get_docid() - 1);
  }

 private:
  const index::Tombstones& tombstones_;
};

// Adds the best `limit` passages of one segment and all that score as the last
// of them: Xapian cuts ties by docid, we by a key that all segments share.
absl::Status MatchSegment(const index::Segment& segment, uint32_t number,
                          Xapian::Enquire* enquire, uint32_t limit,
                          std::vector<Candidate>* found) {
  const LivePassages live(segment.tombstones());
  const LivePassages* decider =
      segment.tombstones().passages.isEmpty() ? nullptr : &live;
  try {
    Xapian::MSet matches = enquire->get_mset(0, limit + 1, 0, nullptr, decider);
    if (matches.size() > limit) {
      const double last = matches[limit - 1].get_weight();
      if (matches[limit].get_weight() == last) {
        enquire->set_cutoff(0, last);
        matches =
            enquire->get_mset(0, segment.passage_count(), 0, nullptr, decider);
      }
    }
    for (auto match = matches.begin(); match != matches.end(); ++match) {
      if (*match > segment.passage_count()) {
        return DamagedPostingsError();
      }
      found->push_back({number, *match - 1, match.get_weight()});
    }
  } catch (const DeadlinePassed&) {
    return DeadlineError();
  }
  return absl::OkStatus();
}

// Orders by score, then by the key that does not depend on segments.
class ByRank {
 public:
  explicit ByRank(const index::Generation& generation)
      : segments_(generation.segments()) {}

  bool operator()(const Candidate& a, const Candidate& b) const {
    if (a.score != b.score) {
      return a.score > b.score;
    }
    const index::PassagePlace& a_place =
        segments_[a.segment]->passage_place(a.passage);
    const index::PassagePlace& b_place =
        segments_[b.segment]->passage_place(b.passage);
    const int order =
        segments_[a.segment]
            ->document_id(a_place.document)
            .compare(segments_[b.segment]->document_id(b_place.document));
    return order != 0 ? order < 0 : a_place.ordinal < b_place.ordinal;
  }

 private:
  const std::vector<std::unique_ptr<const index::Segment>>& segments_;
};

}  // namespace

absl::Status DeadlineError() {
  return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                   "the search did not end before its deadline");
}

absl::Status DamagedPostingsError() {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   "the postings name a passage that is not there");
}

absl::StatusOr<Candidates> FindBest(const index::Generation& generation,
                                    const Query& query,
                                    const Statistics& statistics,
                                    uint32_t limit, const Deadline& deadline) {
  Candidates candidates;
  if (query.words.empty()) {
    return candidates;
  }
  const std::vector<double> weights = WordWeights(query, statistics);
  candidates.highest_possible = HighestPossible(weights);
  uint32_t scores = 0;
  const auto match = [&](uint32_t number) -> absl::Status {
    const index::Segment& segment = *generation.segments()[number];
    index::Segment::DatabaseLease database = segment.LeaseDatabase();
    FOOTNOTE_ASSIGN_OR_RETURN(const Xapian::Query words,
                              BuildQuery(*database, query, weights, deadline));
    Xapian::Enquire enquire(*database);
    enquire.set_query(words);
    enquire.set_weighting_scheme(
        PassageWeight(statistics.average_words, deadline, &scores));
    return MatchSegment(segment, number, &enquire, limit, &candidates.best);
  };
  for (uint32_t i = 0; i < generation.segments().size(); ++i) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_RETURN_IF_ERROR(index::CatchXapian([&] { return match(i); }));
  }
  const size_t count = std::min<size_t>(candidates.best.size(), limit);
  std::partial_sort(candidates.best.begin(),
                    candidates.best.begin() + static_cast<ptrdiff_t>(count),
                    candidates.best.end(), ByRank(generation));
  candidates.best.resize(count);
  return candidates;
}

}  // namespace footnote::search
