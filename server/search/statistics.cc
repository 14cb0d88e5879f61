#include "server/search/statistics.h"

#include <algorithm>
#include <utility>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::search {
namespace {

using index::TermField;

constexpr uint32_t kTermsPerLook = 1024;

// Reads the statistics of one query over one view.
class StatisticsReader {
 public:
  StatisticsReader(const View& view, const Query& query,
                   const Deadline& deadline)
      : view_(view), deadline_(deadline) {
    const auto prefixes = static_cast<uint32_t>(
        std::count_if(query.words.begin(), query.words.end(),
                      [](const QueryWord& word) { return word.is_prefix; }));
    statistics_.max_expansions = std::clamp(
        kMaxAllExpansions / std::max(prefixes, 1U), 1U, kMaxExpansions);
  }

  absl::Status AddWord(const QueryWord& word) {
    WordTerms& found = statistics_.words.emplace_back();
    if (word.is_prefix) {
      return Expand(word.word, &found);
    }
    for (const std::string& stem : word.stems) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          AddTerm(MakeTerm(TermField::kStem, stem), &found));
      found.frequency += frequency;
    }
    if (word.by_word) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          AddTerm(MakeTerm(TermField::kWord, word.word), &found));
      found.frequency = std::max(found.frequency, frequency);
    }
    return absl::OkStatus();
  }

  Statistics Finish() {
    statistics_.passages = view_.passages();
    if (view_.passages() > 0 && view_.words() > 0) {
      statistics_.average_words = static_cast<double>(view_.words()) /
                                  static_cast<double>(view_.passages());
    }
    return std::move(statistics_);
  }

 private:
  // Adds a term where it occurs; returns its frequency.
  absl::StatusOr<uint64_t> AddTerm(std::string term, WordTerms* found) {
    if (deadline_.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t frequency,
                              view_.Frequency(term, deadline_));
    if (frequency > 0) {
      found->terms.push_back(std::move(term));
    }
    return frequency;
  }

  struct Expansion {
    std::string term;
    uint64_t frequency = 0;
  };

  // Returns the words of the index that begin with a term, each once, with the
  // number of their postings.
  absl::StatusOr<std::vector<Expansion>> TermsFrom(const std::string& begin) {
    std::vector<Expansion> terms;
    for (const auto& segment : view_.generation().segments()) {
      index::DatabasePool::Lease database = segment->databases().Get();
      for (auto term = database->allterms_begin(begin);
           term != database->allterms_end(begin); ++term) {
        terms.push_back({*term, term.get_termfreq()});
        if (terms.size() % kTermsPerLook == 0 && deadline_.Passed()) {
          return DeadlineError();
        }
      }
    }
    if (view_.generation().segments().size() == 1) {
      return terms;  // in order, each once
    }
    std::sort(
        terms.begin(), terms.end(),
        [](const Expansion& a, const Expansion& b) { return a.term < b.term; });
    std::vector<Expansion> merged;
    for (Expansion& term : terms) {
      if (!merged.empty() && merged.back().term == term.term) {
        merged.back().frequency += term.frequency;
      } else {
        merged.push_back(std::move(term));
      }
    }
    return merged;
  }

  absl::Status Expand(const std::string& prefix, WordTerms* found) {
    FOOTNOTE_ASSIGN_OR_RETURN(std::vector<Expansion> expansions,
                              TermsFrom(MakeTerm(TermField::kWord, prefix)));
    uint32_t seen = 0;
    for (Expansion& expansion : expansions) {
      if (++seen % kTermsPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      FOOTNOTE_ASSIGN_OR_RETURN(
          expansion.frequency,
          view_.Frequency(expansion.term, expansion.frequency, deadline_));
    }
    std::erase_if(expansions, [](const Expansion& expansion) {
      return expansion.frequency == 0;
    });
    const size_t kept =
        std::min<size_t>(expansions.size(), statistics_.max_expansions);
    statistics_.expansion_cut |= kept < expansions.size();
    std::partial_sort(
        expansions.begin(), expansions.begin() + static_cast<ptrdiff_t>(kept),
        expansions.end(), [](const Expansion& a, const Expansion& b) {
          return a.frequency != b.frequency ? a.frequency > b.frequency
                                            : a.term < b.term;
        });
    expansions.resize(kept);
    for (Expansion& expansion : expansions) {
      found->frequency = std::max(found->frequency, expansion.frequency);
      found->terms.push_back(std::move(expansion.term));
    }
    return absl::OkStatus();
  }

  const View& view_;
  const Deadline& deadline_;
  Statistics statistics_;
};

}  // namespace

absl::StatusOr<Statistics> ReadStatistics(const View& view, const Query& query,
                                          const Deadline& deadline) {
  StatisticsReader reader(view, query, deadline);
  const absl::Status read = index::CatchXapian([&]() -> absl::Status {
    for (const QueryWord& word : query.words) {
      FOOTNOTE_RETURN_IF_ERROR(reader.AddWord(word));
    }
    return absl::OkStatus();
  });
  FOOTNOTE_RETURN_IF_ERROR(read);
  return reader.Finish();
}

}  // namespace footnote::search
