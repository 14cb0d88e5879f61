#include "server/search/fused_lists.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "server/search/highlights.h"
#include "server/search/match.h"
#include "server/search/memory_budget.h"
#include "server/search/memory_estimates.h"
#include "server/search/page.h"
#include "server/search/ranking.h"
#include "server/search/read_query.h"
#include "server/search/segment_words.h"
#include "server/search/statistics.h"

namespace footnote::search {
namespace {

constexpr double kRankConstant = 60;  // Cormack and others

// Fuses once.
class ListFuser {
 public:
  ListFuser(const View& view, const std::vector<FusedList>& lists,
            const SearchOptions& page, const Deadline& deadline)
      : view_(view),
        lists_(lists),
        page_(page),
        deadline_(deadline),
        memory_(page.memory_bytes) {}

  absl::StatusOr<FusedPage> Run() {
    Fuse();
    FOOTNOTE_RETURN_IF_ERROR(MakePage());
    for (size_t i = 0; i < lists_.size(); ++i) {
      FOOTNOTE_RETURN_IF_ERROR(AddHighlights(i));
    }
    return std::move(result_);
  }

 private:
  using Place = std::pair<uint32_t, uint32_t>;  // segment, passage

  // What a list gives a passage.
  struct Part {
    size_t list = 0;
    double value = 0;
  };
  struct Entry {
    double relevance = 0;
    std::vector<Part> parts;  // by list
  };

  void Fuse() {
    for (size_t i = 0; i < lists_.size(); ++i) {
      for (size_t k = 0; k < lists_[i].ranked.size(); ++k) {
        const RankedPassage& ranked = lists_[i].ranked[k];
        Entry& entry = entries_[{ranked.segment, ranked.passage}];
        entry.relevance = std::max(entry.relevance, ranked.relevance);
        entry.parts.push_back(
            {i,
             RoundContribution(lists_[i].weight /
                               (kRankConstant + static_cast<double>(k) + 1))});
      }
    }
  }

  absl::Status MakePage() {
    std::vector<Candidate> order;
    for (const auto& [place, entry] : entries_) {
      Candidate& candidate = order.emplace_back();
      candidate.segment = place.first;
      candidate.passage = place.second;
      for (const Part& part : entry.parts) {
        candidate.score += part.value;
      }
    }
    KeepBest(view_.generation(), order.size(), &order);
    const size_t end =
        std::min<size_t>(order.size(), size_t{page_.offset} + page_.limit);
    for (size_t i = page_.offset; i < end; ++i) {
      on_page_.push_back(Show(order[i]));
    }
    FOOTNOTE_RETURN_IF_ERROR(memory_.Take(kMemoryOfPage, "the page"));
    PageBuilder builder(view_.generation(), page_, nullptr);
    FOOTNOTE_RETURN_IF_ERROR(builder.Build(on_page_, deadline_, deadline_));
    result_.passages = builder.Take();
    on_page_.resize(result_.passages.size());
    const size_t next = page_.offset + on_page_.size();
    result_.has_more = order.size() > next && next < kMaxResults;
    return absl::OkStatus();
  }

  RankedPassage Show(const Candidate& candidate) const {
    const Entry& entry = entries_.at({candidate.segment, candidate.passage});
    RankedPassage shown;
    shown.segment = candidate.segment;
    shown.passage = candidate.passage;
    shown.score = candidate.score;
    shown.relevance = entry.relevance;
    shown.kind = ScoreKind::kFused;
    if (page_.ranking.explain) {
      for (const Part& part : entry.parts) {
        shown.contributions.push_back(
            {Contribution::Stage::kFusion, "",
             "requests[" + std::to_string(part.list) + "]", part.value});
      }
    }
    return shown;
  }

  bool IsFoundBy(size_t list, const RankedPassage& ranked) const {
    const std::vector<Part>& parts =
        entries_.at({ranked.segment, ranked.passage}).parts;
    return std::any_of(parts.begin(), parts.end(),
                       [&](const Part& part) { return part.list == list; });
  }

  // Marks what a query matches in those passages of the page that it found.
  absl::Status AddHighlights(size_t list) {
    const auto is_found = [&](const RankedPassage& ranked) {
      return IsFoundBy(list, ranked);
    };
    if (std::none_of(on_page_.begin(), on_page_.end(), is_found)) {
      return absl::OkStatus();
    }
    MemoryUse memory(memory_);
    FOOTNOTE_ASSIGN_OR_RETURN(
        const Query query, ReadQuery(view_, lists_[list].options, deadline_));
    FOOTNOTE_RETURN_IF_ERROR(
        memory.Take(MemoryOf(query), "the words of a query"));
    FOOTNOTE_ASSIGN_OR_RETURN(const Statistics statistics,
                              ReadStatistics(view_, query, deadline_));
    FOOTNOTE_RETURN_IF_ERROR(
        memory.Take(MemoryOf(statistics), "the words that a query stands for"));
    GenerationWords words(view_.generation(), query, statistics, deadline_);
    for (size_t i = 0; i < on_page_.size(); ++i) {
      if (is_found(on_page_[i])) {
        AddHighlights(on_page_[i], &words, &result_.passages[i]);
      }
    }
    return deadline_.Passed() ? DeadlineError() : absl::OkStatus();
  }

  void AddHighlights(const RankedPassage& ranked, GenerationWords* words,
                     Passage* passage) const {
    const index::Segment& segment =
        *view_.generation().segments()[ranked.segment];
    JoinHighlights(FindHighlights(segment, ranked.passage, passage->text,
                                  words->query(), &words->Find(ranked.segment)),
                   &passage->highlights);
  }

  const View& view_;
  const std::vector<FusedList>& lists_;
  const SearchOptions& page_;
  const Deadline& deadline_;
  MemoryBudget memory_;
  std::map<Place, Entry> entries_;
  std::vector<RankedPassage> on_page_;
  FusedPage result_;
};

}  // namespace

absl::StatusOr<FusedPage> FuseLists(const View& view,
                                    const std::vector<FusedList>& lists,
                                    const SearchOptions& page,
                                    const Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckDepth(page));
  return ListFuser(view, lists, page, deadline).Run();
}

void JoinHighlights(std::vector<Highlight> more,
                    std::vector<Highlight>* highlights) {
  std::vector<Highlight> all = std::move(*highlights);
  std::move(more.begin(), more.end(), std::back_inserter(all));
  std::stable_sort(all.begin(), all.end(),
                   [](const Highlight& a, const Highlight& b) {
                     return a.span.start.bytes != b.span.start.bytes
                                ? a.span.start.bytes < b.span.start.bytes
                                : a.span.end.bytes > b.span.end.bytes;
                   });
  highlights->clear();
  for (Highlight& highlight : all) {
    if (highlights->empty() ||
        highlight.span.start.bytes >= highlights->back().span.end.bytes) {
      highlights->push_back(std::move(highlight));
      continue;
    }
    TextOffset& end = highlights->back().span.end;
    if (highlight.span.end.bytes > end.bytes) {
      end = highlight.span.end;
    }
  }
}

}  // namespace footnote::search
