#include "server/search/searcher.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "indexer/index/segment.h"
#include "server/search/assemble.h"
#include "server/search/counts.h"
#include "server/search/documents.h"
#include "server/search/facets.h"
#include "server/search/highlights.h"
#include "server/search/match.h"
#include "server/search/query.h"
#include "server/search/ranking.h"
#include "server/search/rescore.h"
#include "server/search/statistics.h"

namespace footnote::search {
namespace {

absl::Status CheckOptions(const SearchOptions& options) {
  if (uint64_t{options.offset} + options.limit > kMaxResults) {
    return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOO_DEEP",
                     "only the first " + std::to_string(kMaxResults) +
                         " results of a query can be paged through",
                     {{"limit", std::to_string(kMaxResults)}});
  }
  for (const FacetSpec& spec : options.facets) {
    FOOTNOTE_RETURN_IF_ERROR(FacetCounter::Create(spec).status());
  }
  return options.filter ? CheckFilter(*options.filter) : absl::OkStatus();
}

// Returns about how many bytes a passage takes in an answer: its text stands
// there whole and in blocks, the document's id by itself and in its name.
uint64_t AnswerBytes(const Passage& passage) {
  const index::DocumentRecord& document = passage.document;
  uint64_t bytes = 2 * passage.text.size() + document.metadata_json.size() +
                   2 * document.document_id.size() + document.title.size() +
                   document.uri.size() + document.filename.size();
  for (const auto* neighbours : {&passage.previous, &passage.next}) {
    for (const Passage& neighbour : *neighbours) {
      bytes += 2 * neighbour.text.size();
    }
  }
  return bytes;
}

// One search, step by step.
class Searcher {
 public:
  Searcher(const View& view, const SearchOptions& options,
           const Deadline& deadline)
      : view_(view), options_(options), deadline_(deadline), limit_(deadline) {
    limit_.time = std::min(deadline.time, options.time_limit);
  }

  absl::StatusOr<SearchResult> Run() {
    FOOTNOTE_RETURN_IF_ERROR(WithinLimit([this] { return Parse(); }));
    FOOTNOTE_RETURN_IF_ERROR(WithinLimit([this] { return Find(); }));
    FOOTNOTE_RETURN_IF_ERROR(AddPassages());
    if (result_.truncated) {
      result_.warnings.push_back(
          {"TRUNCATED",
           "the time limit passed: better passages may be missing, and counts "
           "and facets that were not complete are left out"});
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
    FOOTNOTE_ASSIGN_OR_RETURN(
        query_, ParseQuery(options_.query, view_.languages(), limit_));
    result_.executed_query = ToString(query_);
    if (query_.words.empty()) {
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
          {"PREFIX_CUT", "a prefix has more than " +
                             std::to_string(statistics_.max_expansions) +
                             " words; the most frequent were searched for"});
    }
    std::vector<PassageSet> allowed;
    if (options_.filter) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          allowed, ApplyFilter(view_.generation(), *options_.filter, limit_));
    }
    FOOTNOTE_RETURN_IF_ERROR(Rank(allowed));
    FOOTNOTE_ASSIGN_OR_RETURN(
        Counts counts,
        CountMatches(view_, statistics_, allowed, options_, limit_));
    result_.count = counts.count;
    result_.facets = std::move(counts.facets);
    return absl::OkStatus();
  }

  absl::Status Rank(const std::vector<PassageSet>& allowed) {
    const ScoredQuery scored(query_, statistics_);
    highest_possible_ = scored.HighestPossible();
    const uint32_t wanted =
        std::max(options_.offset + options_.limit + 1, kCandidateDepth);
    FOOTNOTE_ASSIGN_OR_RETURN(Matches matches,
                              FindBest(view_, scored, allowed, wanted, limit_));
    best_ = std::move(matches.best);
    FOOTNOTE_RETURN_IF_ERROR(
        Rescore(view_.generation(), scored, limit_, &best_));
    return matches.cut_short ? DeadlineError() : absl::OkStatus();
  }

  // Puts the page together. A page of very long passages ends early.
  absl::Status AddPassages() {
    std::vector<std::unique_ptr<Highlighter>> highlighters(
        view_.generation().segments().size());
    uint64_t bytes = 0;
    const size_t end =
        std::min<size_t>(best_.size(), options_.offset + options_.limit);
    for (size_t i = options_.offset; i < end && bytes < kMaxTextBytes; ++i) {
      if (deadline_.Passed()) {
        return DeadlineError();
      }
      const Candidate& candidate = best_[i];
      const index::Segment& segment =
          *view_.generation().segments()[candidate.segment];
      FOOTNOTE_ASSIGN_OR_RETURN(Passage passage,
                                AssemblePassage(segment, candidate.passage));
      FOOTNOTE_RETURN_IF_ERROR(AddNeighbours(segment, candidate.passage,
                                             options_.previous_count,
                                             options_.next_count, &passage));
      passage.rank = static_cast<uint32_t>(i + 1);
      passage.score = candidate.score;
      passage.relevance = candidate.score / highest_possible_;
      auto& highlighter = highlighters[candidate.segment];
      if (!highlighter) {
        highlighter = std::make_unique<Highlighter>(segment, query_, deadline_);
      }
      passage.highlights = highlighter->Find(candidate.passage, passage.text);
      bytes += AnswerBytes(passage);
      result_.passages.push_back(std::move(passage));
    }
    const size_t next = options_.offset + result_.passages.size();
    result_.has_more = best_.size() > next && next < kMaxResults;
    return absl::OkStatus();
  }

  const View& view_;
  const SearchOptions& options_;
  const Deadline& deadline_;
  Deadline limit_;  // the deadline, or the time limit where it comes first
  Query query_;
  Statistics statistics_;
  std::vector<Candidate> best_;
  double highest_possible_ = 0;
  SearchResult result_;
};

}  // namespace

std::string RankerId() { return kRankerId; }

absl::StatusOr<SearchResult> Search(const View& view,
                                    const SearchOptions& options,
                                    const Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckOptions(options));
  return Searcher(view, options, deadline).Run();
}

}  // namespace footnote::search
