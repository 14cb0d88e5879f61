#include "server/search/match.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <xapian.h>

#include "indexer/index/segment.h"
#include "indexer/index/segment_group.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/passage_weight.h"
#include "server/search/postings.h"
#include "server/search/ranking.h"

namespace footnote::search {
namespace {

// Builds Xapian's query. Terms of one word score as one: a passage, being in
// one language, has one stem of a word. (The best of them, OP_MAX, crashes
// Xapian 1.4.22.)
Xapian::Query BuildQuery(const ScoredQuery& scored) {
  std::vector<Xapian::Query> words;
  for (size_t i = 0; i < scored.factors.size(); ++i) {
    const std::vector<std::string>& terms = scored.statistics.words[i].terms;
    if (terms.empty()) {
      continue;
    }
    const Xapian::Query any = terms.size() == 1
                                  ? Xapian::Query(terms.front())
                                  : Xapian::Query(Xapian::Query::OP_SYNONYM,
                                                  terms.begin(), terms.end());
    words.emplace_back(Xapian::Query::OP_SCALE_WEIGHT, any, scored.factors[i]);
  }
  return {Xapian::Query::OP_OR, words.begin(), words.end()};
}

// Sets of passages of segments, by the UUID of their postings: that is all that
// Xapian tells of the database at hand, where it searches several.
using SetsByUuid = std::map<std::string, PassageSet>;

// Gives the passages of sets to the matcher. A segment without a set has none.
class SetPostings : public Xapian::PostingSource {
 public:
  // `sets` must outlive it.
  explicit SetPostings(const SetsByUuid& sets) : sets_(sets) {}

  SetPostings* clone() const override {
    return new SetPostings(sets_);  // Xapian's to delete
  }
  void init(const Xapian::Database& database) override {
    const auto at = sets_.find(database.get_uuid());
    set_ = at == sets_.end() ? nullptr : &at->second;
    count_ = set_ == nullptr ? 0 : set_->Count();
    end_ = set_ == nullptr ? 0 : database.get_lastdocid();
    at_ = 0;
  }
  void next(double) override { GoFrom(at_); }
  void skip_to(Xapian::docid docid, double) override {
    if (docid > at_) {
      GoFrom(docid - 1);
    }
  }
  bool at_end() const override { return at_ > end_; }
  Xapian::docid get_docid() const override { return at_; }
  Xapian::doccount get_termfreq_min() const override { return count_; }
  Xapian::doccount get_termfreq_est() const override { return count_; }
  Xapian::doccount get_termfreq_max() const override { return count_; }
  std::string get_description() const override { return "SetPostings"; }

 private:
  void GoFrom(uint32_t passage) {
    at_ = set_ == nullptr ? end_ + 1 : set_->NextFrom(passage) + 1;
  }

  const SetsByUuid& sets_;
  const PassageSet* set_ = nullptr;
  Xapian::doccount count_ = 0;
  Xapian::docid end_ = 0;
  Xapian::docid at_ = 0;  // docids are passages + 1
};

// Searches groups of segments, one after the other.
class Matcher {
 public:
  // `allowed` is as in FindBest().
  Matcher(const View& view, const ScoredQuery& query,
          const std::vector<PassageSet>& allowed, uint32_t limit,
          const Deadline& deadline)
      : view_(view),
        allowed_(allowed),
        words_(BuildQuery(query)),
        match_(query.statistics.average_words, deadline),
        limit_(limit) {}

  // Searches a group. Throws what Xapian throws, and DeadlinePassed.
  absl::Status Match(const index::SegmentGroup& group) {
    index::DatabasePool::Lease database = group.databases().Get();
    const SetsByUuid sets =
        allowed_.empty() ? HiddenSets(group) : AllowedSets(group);
    Xapian::Enquire enquire(*database);
    if (allowed_.empty() && sets.empty()) {
      enquire.set_query(words_);
    } else {
      SetPostings postings(sets);
      enquire.set_query({allowed_.empty() ? Xapian::Query::OP_AND_NOT
                                          : Xapian::Query::OP_FILTER,
                         words_, Xapian::Query(&postings)});
    }
    return AddBest(group, &enquire);
  }

  std::vector<Candidate> Finish() {
    KeepBest(view_.generation(), limit_, &found_);
    return std::move(found_);
  }

 private:
  const index::Segment& SegmentAt(uint32_t i) const {
    return *view_.generation().segments()[i];
  }

  SetsByUuid HiddenSets(const index::SegmentGroup& group) const {
    SetsByUuid sets;
    for (uint32_t i = group.first(); i < group.end(); ++i) {
      if (!view_.hidden(i).isEmpty()) {
        PassageSet set(SegmentAt(i).passage_count());
        for (const uint32_t passage : view_.hidden(i)) {
          set.Add(passage);
        }
        sets.emplace(SegmentAt(i).postings_uuid(), std::move(set));
      }
    }
    return sets;
  }

  SetsByUuid AllowedSets(const index::SegmentGroup& group) const {
    SetsByUuid sets;
    for (uint32_t i = group.first(); i < group.end(); ++i) {
      PassageSet set = allowed_[i];
      set.RemoveAll(view_.hidden(i));
      sets.emplace(SegmentAt(i).postings_uuid(), std::move(set));
    }
    return sets;
  }

  // Adds the best passages of a group and all that score as the last of them:
  // Xapian cuts ties by docid, we by a key that all segments share.
  absl::Status AddBest(const index::SegmentGroup& group,
                       Xapian::Enquire* enquire) {
    enquire->set_weighting_scheme(PassageWeight(&match_));
    enquire->set_cutoff(0, threshold_);
    Xapian::MSet matches = enquire->get_mset(0, limit_ + 1);
    if (matches.size() > limit_ &&
        matches[limit_].get_weight() == matches[limit_ - 1].get_weight()) {
      enquire->set_cutoff(0, matches[limit_].get_weight());
      matches = enquire->get_mset(0, Everything());
    }
    for (auto match = matches.begin(); match != matches.end(); ++match) {
      const auto place = group.Locate(*match);
      if (place.passage >=
          view_.generation().segments()[place.segment]->passage_count()) {
        return DamagedPostingsError();
      }
      found_.push_back({place.segment, place.passage, match.get_weight()});
    }
    if (found_.size() >= limit_) {
      KeepBest(view_.generation(), limit_, &found_);
      threshold_ = found_.back().score;
    }
    return absl::OkStatus();
  }

  // A number of passages that no group exceeds.
  Xapian::doccount Everything() const {
    uint64_t passages = 0;
    for (const auto& segment : view_.generation().segments()) {
      passages += segment->passage_count();
    }
    return static_cast<Xapian::doccount>(passages);
  }

  const View& view_;
  const std::vector<PassageSet>& allowed_;
  Xapian::Query words_;
  PassageWeight::Match match_;
  uint32_t limit_;
  double threshold_ = 0;  // what scores less is not among the best
  std::vector<Candidate> found_;
};

}  // namespace

ScoredQuery::ScoredQuery(const Query& asked, const Statistics& read)
    : query(asked), statistics(read) {
  for (size_t i = 0; i < asked.words.size(); ++i) {
    factors.push_back(Idf(read.passages, read.words[i].frequency) *
                      asked.words[i].count);
  }
}

double ScoredQuery::HighestPossible() const {
  double highest = 0;
  for (const double factor : factors) {
    highest += factor *
               (kBm25K1 + 1 + kTitleWeight + kHeadingWeight + kNeighbourWeight);
  }
  return highest;
}

absl::StatusOr<Matches> FindBest(const View& view, const ScoredQuery& query,
                                 const std::vector<PassageSet>& allowed,
                                 uint32_t limit, const Deadline& deadline) {
  Matcher matcher(view, query, allowed, limit, deadline);
  Matches matches;
  for (const index::SegmentGroup& group : view.generation().groups()) {
    try {
      FOOTNOTE_RETURN_IF_ERROR(
          index::CatchXapian([&] { return matcher.Match(group); }));
      matches.cut_short = deadline.Passed();
    } catch (const DeadlinePassed&) {
      matches.cut_short = true;
    }
    if (matches.cut_short) {
      break;
    }
  }
  matches.best = matcher.Finish();
  return matches;
}

absl::StatusOr<PassageSet> FindAll(const View& view, uint32_t segment,
                                   const Statistics& statistics,
                                   const Deadline& deadline) {
  const index::Segment& searched = *view.generation().segments()[segment];
  PassageSet set(searched.passage_count());
  const absl::Status read = index::CatchXapian([&]() -> absl::Status {
    index::DatabasePool::Lease database = searched.databases().Get();
    for (const WordTerms& word : statistics.words) {
      for (const std::string& term : word.terms) {
        FOOTNOTE_RETURN_IF_ERROR(
            AddPostings(searched, *database, term, deadline, &set));
      }
    }
    return absl::OkStatus();
  });
  FOOTNOTE_RETURN_IF_ERROR(read);
  set.RemoveAll(view.hidden(segment));
  return set;
}

void KeepBest(const index::Generation& generation, size_t count,
              std::vector<Candidate>* candidates) {
  const auto& segments = generation.segments();
  const auto is_better = [&](const Candidate& a, const Candidate& b) {
    if (a.score != b.score) {
      return a.score > b.score;
    }
    const index::PassagePlace& a_place =
        segments[a.segment]->passage_place(a.passage);
    const index::PassagePlace& b_place =
        segments[b.segment]->passage_place(b.passage);
    const int order =
        segments[a.segment]
            ->document_id(a_place.document)
            .compare(segments[b.segment]->document_id(b_place.document));
    return order != 0 ? order < 0 : a_place.ordinal < b_place.ordinal;
  };
  count = std::min(count, candidates->size());
  std::partial_sort(candidates->begin(),
                    candidates->begin() + static_cast<ptrdiff_t>(count),
                    candidates->end(), is_better);
  candidates->resize(count);
}

}  // namespace footnote::search
