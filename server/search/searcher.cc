#include "server/search/searcher.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "indexer/index/xapian_errors.h"
#include "server/search/constraint.h"
#include "server/search/counting.h"
#include "server/search/counts.h"
#include "server/search/document_counts.h"
#include "server/search/drill_down.h"
#include "server/search/facets.h"
#include "server/search/match.h"
#include "server/search/memory_budget.h"
#include "server/search/memory_estimates.h"
#include "server/search/metadata_condition.h"
#include "server/search/page.h"
#include "server/search/query.h"
#include "server/search/ranker.h"
#include "server/search/ranking.h"
#include "server/search/read_query.h"
#include "server/search/result_ids.h"
#include "server/search/segment_words.h"
#include "server/search/spelling.h"
#include "server/search/statistics.h"
#include "server/search/unscored.h"

namespace footnote::search {
namespace {

absl::Status CheckOptions(const SearchOptions& options) {
  FOOTNOTE_RETURN_IF_ERROR(CheckDepth(options));
  for (const FacetSpec& spec : options.facets) {
    FOOTNOTE_RETURN_IF_ERROR(FacetCounter::Create(spec).status());
  }
  return options.filter ? CheckFilter(*options.filter) : absl::OkStatus();
}

// The page is put together until so long after the time limit: what takes as
// long as usual is whole, and the worker is free soon.
constexpr std::chrono::milliseconds kPageTime{5};

// Returns `time` and `duration` after it, at most the last there is.
std::chrono::steady_clock::time_point After(
    std::chrono::steady_clock::time_point time,
    std::chrono::steady_clock::duration duration) {
  constexpr auto kLast = std::chrono::steady_clock::time_point::max();
  return time < kLast - duration ? time + duration : kLast;
}

// One search, step by step.
class Searcher {
 public:
  Searcher(const View& view, const SearchOptions& options,
           const Deadline& deadline, const RunAside& run_aside)
      : view_(view),
        options_(options),
        deadline_(deadline),
        run_aside_(run_aside),
        limit_(deadline),
        memory_(options.memory_bytes),
        counting_({view, statistics_, allowed_, options, memory_,
                   is_constrained_, drill_downs_},
                  limit_) {
    limit_.time = std::min(deadline.time, options.time_limit);
    page_limit_ = limit_;
    if (limit_.time < deadline.time) {
      page_limit_.time = std::min(deadline.time, After(limit_.time, kPageTime));
    }
  }

  // Leaves the passages of the page as they are ranked, in `ranked`, which
  // outlives it.
  void KeepRanked(std::vector<RankedPassage>* ranked) { ranked_ = ranked; }

  absl::StatusOr<SearchResult> Run() {
    FOOTNOTE_RETURN_IF_ERROR(WithinLimit([this] { return Parse(); }));
    FOOTNOTE_RETURN_IF_ERROR(WithinLimit([this] { return Find(); }));
    FOOTNOTE_RETURN_IF_ERROR(AddPassages());
    if (!result_.truncated) {
      FOOTNOTE_RETURN_IF_ERROR(WithinLimit([this] { return AddCounts(); }));
    }
    if (!result_.truncated && options_.ranking.hides()) {
      result_.hidden = ranker_->hidden();
    }
    if (result_.truncated) {
      result_.warnings.push_back(
          {"TRUNCATED",
           "the time limit passed: better passages and highlights may be "
           "missing, the page may be shorter than asked for, and counts and "
           "facets that were not complete are left out"});
    }
    return std::move(result_);
  }

 private:
  // Runs a step. Where just the time limit of the search has passed, notes
  // that, and is content.
  template <typename Step>
  absl::Status WithinLimit(Step&& step) {
    absl::Status status = step();
    if (absl::IsDeadlineExceeded(status) && !deadline_.Passed()) {
      result_.truncated = true;
      return absl::OkStatus();
    }
    return status;
  }

  absl::Status Parse() {
    FOOTNOTE_ASSIGN_OR_RETURN(query_, ReadQuery(view_, options_, limit_));
    is_constrained_ = query_.constraint.has_value();
    FOOTNOTE_RETURN_IF_ERROR(
        memory_.Take(MemoryOf(query_), "the words of the query"));
    result_.executed_query = ToString(query_);
    if (query_.words.empty() && !is_constrained_) {
      result_.warnings.push_back(
          {"NO_WORDS", "the query has no word to search for"});
    }
    return absl::OkStatus();
  }

  absl::Status Find() {
    if (limit_.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(statistics_,
                              ReadStatistics(view_, query_, limit_));
    if (statistics_.expansion_cut) {
      result_.warnings.push_back(
          {"PREFIX_CUT",
           "a prefix or a fuzzy word stands for more than " +
               std::to_string(statistics_.max_expansions) +
               " words; the most frequent, or nearest, were searched for"});
    }
    FOOTNOTE_RETURN_IF_ERROR(memory_.Take(
        MemoryOf(statistics_), "the words that the query stands for"));
    FOOTNOTE_RETURN_IF_ERROR(Respell());
    FOOTNOTE_RETURN_IF_ERROR(WarnOfFields());
    FOOTNOTE_RETURN_IF_ERROR(FindAllowed());
    counting_.Begin(run_aside_);
    return Rank();
  }

  absl::Status FindAllowed() {
    if (is_constrained_) {
      FOOTNOTE_RETURN_IF_ERROR(
          memory_.Take(MemoryOf(*query_.constraint, view_.generation()),
                       "what passages must have"));
      FOOTNOTE_ASSIGN_OR_RETURN(
          allowed_, ApplyConstraint(view_, query_, statistics_, {}, limit_));
    }
    if (!is_filtered()) {
      return absl::OkStatus();
    }
    FOOTNOTE_RETURN_IF_ERROR(
        memory_.Take(MemoryOf(Filter(), view_.generation()), "the filter"));
    unfiltered_ = allowed_;
    if (options_.filter) {
      FOOTNOTE_RETURN_IF_ERROR(memory_.Take(
          MemoryOf(*options_.filter, view_.generation()), "the filter"));
      FOOTNOTE_ASSIGN_OR_RETURN(
          std::vector<PassageSet> filtered,
          ApplyFilter(view_.generation(), *options_.filter, limit_));
      for (size_t i = 0; i < allowed_.size(); ++i) {
        filtered[i].Intersect(allowed_[i]);
      }
      allowed_ = std::move(filtered);
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        drill_downs_,
        FindDrillDowns(view_, options_, unfiltered_, limit_, &memory_));
    return ExcludeIds();
  }

  bool is_filtered() const {
    return options_.filter || !options_.ranking.excluded.empty();
  }

  // Warns of fields of metadata that nothing has: they are misspelt, perhaps.
  absl::Status WarnOfFields() {
    std::vector<std::string> fields;
    if (options_.filter) {
      fields = MetadataFieldsOf(*options_.filter);
    }
    const auto add = [&](const std::string& field) {
      if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
        fields.push_back(field);
      }
    };
    for (const FacetSpec& facet : options_.facets) {
      if (!IsBuiltInField(facet.field)) {
        add(facet.field);
      }
    }
    if (!options_.ranking.order.field.empty()) {
      add(options_.ranking.order.field);
    }
    for (const std::string& field : fields) {
      FOOTNOTE_ASSIGN_OR_RETURN(const bool is_seen,
                                IsFieldSeen(view_, field, limit_));
      if (!is_seen) {
        result_.warnings.push_back(
            {"FIELD_MISSING", "no document has the field \"" + field + "\""});
      }
    }
    return absl::OkStatus();
  }

  // Proposes other spellings where a word of the query is in no passage.
  absl::Status Respell() {
    bool is_missing = false;
    for (size_t i = 0; i < query_.words.size(); ++i) {
      is_missing |= statistics_.words[i].terms.empty() &&
                    query_.words[i].quantities.empty();
    }
    if (!is_missing) {
      return absl::OkStatus();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(result_.spelling, index::CatchXapian([&] {
                                return ProposeSpelling(view_, options_.query,
                                                       limit_);
                              }));
    if (result_.spelling) {
      result_.warnings.push_back(
          {"SPELLING",
           "no passage has a word of the query as it is spelt; did "
           "you mean: " +
               result_.spelling->text});
    }
    return absl::OkStatus();
  }

  absl::Status ExcludeIds() {
    const std::vector<ResultId>& excluded = options_.ranking.excluded;
    if (!excluded.empty() && allowed_.empty()) {
      FOOTNOTE_RETURN_IF_ERROR(memory_.Take(
          MemoryOf(Filter(), view_.generation()), "the excluded results"));
    }
    return Exclude(view_, excluded, limit_, &allowed_);
  }

  absl::Status Rank() {
    words_.emplace(view_.generation(), query_, statistics_, page_limit_);
    scored_.emplace(view_, query_, statistics_, options_.ranking);
    ranker_.emplace(
        RankRequest{view_, *scored_, allowed_, is_constrained_,
                    is_filtered() ? &unfiltered_ : nullptr, *words_, memory_},
        limit_);
    return ranker_->Rank(options_.offset + options_.limit + 1);
  }

  absl::Status AddPassages() {
    if (!ranker_) {
      return absl::OkStatus();
    }
    AddUnknownIds();
    std::vector<RankedPassage> ranked =
        ranker_->Page(options_.offset, options_.limit);
    if (ranked_ != nullptr) {
      *ranked_ = std::move(ranked);
      return absl::OkStatus();
    }
    if (ranked.empty()) {
      return absl::OkStatus();
    }
    PageBuilder page(view_.generation(), options_, &*words_);
    FOOTNOTE_RETURN_IF_ERROR(memory_.Take(kMemoryOfPage, "the page"));
    FOOTNOTE_RETURN_IF_ERROR(page.Build(ranked, deadline_, page_limit_));
    result_.passages = page.Take();
    result_.truncated |= page.cut_short();
    if (options_.ranking.max_passages_per_document > 0) {
      FOOTNOTE_RETURN_IF_ERROR(
          WithinLimit([&] { return AddDocumentMatches(ranked); }));
    }
    const size_t next = options_.offset + result_.passages.size();
    result_.has_more = ranker_->size() > next && next < kMaxResults;
    return absl::OkStatus();
  }

  // Says of each passage how many of its document match.
  absl::Status AddDocumentMatches(const std::vector<RankedPassage>& ranked) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        const std::vector<uint32_t> counts,
        CountInDocuments({view_, statistics_, allowed_, options_, memory_,
                          is_constrained_, drill_downs_},
                         ranked, limit_));
    for (size_t i = 0; i < result_.passages.size(); ++i) {
      result_.passages[i].document_matches = counts[i];
    }
    return absl::OkStatus();
  }

  // Tells of ids of the request that the view does not show.
  void AddUnknownIds() {
    constexpr size_t kMostNamed = 10;
    const std::vector<ResultId>& unknown = ranker_->unknown_ids();
    if (unknown.empty()) {
      return;
    }
    std::string message = std::to_string(unknown.size()) +
                          " of the given results are not in the collection:";
    for (size_t i = 0; i < std::min(unknown.size(), kMostNamed); ++i) {
      message += (i == 0 ? " " : ", ") + unknown[i].id;
    }
    message += unknown.size() > kMostNamed ? ", …" : "";
    result_.warnings.push_back({"RESULTS_UNKNOWN", std::move(message)});
  }

  absl::Status AddCounts() {
    FOOTNOTE_ASSIGN_OR_RETURN(Counts counts, counting_.Finish());
    result_.count = counts.count;
    result_.facets = std::move(counts.facets);
    return absl::OkStatus();
  }

  const View& view_;
  const SearchOptions& options_;
  const Deadline& deadline_;
  const RunAside& run_aside_;
  Deadline limit_;       // the deadline, or the time limit where it comes first
  Deadline page_limit_;  // likewise, of putting the page together
  Query query_;
  Statistics statistics_;
  bool is_constrained_ =
      false;  // by the query itself: allowed_ is what matches
  // By segment, where there is a filter or a constraint.
  // Where a filter does: what the query itself allows.
  std::vector<PassageSet> unfiltered_;
  std::vector<PassageSet> allowed_;
  std::vector<DrillDown> drill_downs_;
  // Once the words are known.
  std::optional<GenerationWords> words_;
  std::optional<ScoredQuery> scored_;
  std::optional<Ranker> ranker_;
  std::vector<RankedPassage>* ranked_ = nullptr;  // null: a page is made
  SearchResult result_;
  MemoryBudget memory_;
  Counting counting_;  // ends before all that it uses
};

}  // namespace

std::string RankerId() { return kRankerId; }

absl::Status CheckDepth(const SearchOptions& options) {
  if (uint64_t{options.offset} + options.limit <= kMaxResults) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOO_DEEP",
                   "only the first " + std::to_string(kMaxResults) +
                       " results of a query can be paged through",
                   {{"limit", std::to_string(kMaxResults)}});
}

absl::StatusOr<SearchResult> Search(const View& view,
                                    const SearchOptions& options,
                                    const Deadline& deadline,
                                    const RunAside& run_aside) {
  FOOTNOTE_RETURN_IF_ERROR(CheckOptions(options));
  return Searcher(view, options, deadline, run_aside).Run();
}

absl::StatusOr<SearchResult> RankPassages(const View& view,
                                          const SearchOptions& options,
                                          const Deadline& deadline,
                                          const RunAside& run_aside,
                                          std::vector<RankedPassage>* ranked) {
  FOOTNOTE_RETURN_IF_ERROR(CheckOptions(options));
  Searcher searcher(view, options, deadline, run_aside);
  searcher.KeepRanked(ranked);
  return searcher.Run();
}

}  // namespace footnote::search
