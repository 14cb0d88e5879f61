#include "server/search/statistics.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <xapian.h>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/expansion.h"

namespace footnote::search {
namespace {

using index::TermField;

// Reads the statistics of one query over one view.
class StatisticsReader {
 public:
  StatisticsReader(const View& view, const Query& query,
                   const Deadline& deadline)
      : view_(view), deadline_(deadline) {
    const auto expanded = static_cast<uint32_t>(
        std::count_if(query.words.begin(), query.words.end(), IsExpanded) +
        std::count_if(query.others.begin(), query.others.end(), IsExpanded));
    statistics_.max_expansions = std::clamp(
        kMaxAllExpansions / std::max(expanded, 1U), 1U, kMaxExpansions);
  }

  absl::Status AddWord(const QueryWord& word) {
    return FindTerms(word, &statistics_.words.emplace_back());
  }
  absl::Status AddOther(const QueryWord& word) {
    return FindTerms(word, &statistics_.others.emplace_back());
  }

  Statistics Finish() {
    statistics_.passages = view_.passages();
    if (view_.passages() > 0 && view_.words() > 0) {
      const auto words = static_cast<double>(view_.words());
      statistics_.average_words = words / static_cast<double>(view_.passages());
      statistics_.average_document_words =
          words / static_cast<double>(view_.documents());
    }
    return std::move(statistics_);
  }

 private:
  static bool IsExpanded(const QueryWord& word) {
    return (word.is_prefix || word.edits > 0) && !word.of_fields;
  }

  absl::Status FindTerms(const QueryWord& word, WordTerms* found) {
    if (word.of_fields) {
      return absl::OkStatus();  // not a word of passages
    }
    if (IsExpanded(word)) {
      return Expand(word, found);
    }
    for (const std::string& key : word.quantities) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          AddTerm(MakeTerm(TermField::kQuantity, key), found));
      found->frequency += frequency;
    }
    for (const std::string& stem : word.stems) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          AddTerm(MakeTerm(TermField::kStem, stem), found));
      found->frequency += frequency;
    }
    if (word.by_word) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          AddTerm(MakeTerm(TermField::kWord, word.word), found));
      found->frequency = std::max(found->frequency, frequency);
    }
    return absl::OkStatus();
  }

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

  // Finds the words that a prefix or a fuzzy word stands for.
  absl::Status Expand(const QueryWord& word, WordTerms* found) {
    const uint32_t limit = statistics_.max_expansions;
    FOOTNOTE_ASSIGN_OR_RETURN(
        Expansion expansion,
        word.is_prefix
            ? ExpandPrefix(view_, word.word, limit, deadline_)
            : ExpandFuzzy(view_, word.word, word.edits, limit, deadline_));
    statistics_.expansion_cut |= expansion.is_cut;
    found->frequency = expansion.frequency;
    found->terms = std::move(expansion.terms);
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
  for (const QueryWord& word : query.words) {
    const absl::Status read =
        index::CatchXapian([&] { return reader.AddWord(word); });
    FOOTNOTE_RETURN_IF_ERROR(read);
  }
  for (const QueryWord& word : query.others) {
    const absl::Status read =
        index::CatchXapian([&] { return reader.AddOther(word); });
    FOOTNOTE_RETURN_IF_ERROR(read);
  }
  return reader.Finish();
}

}  // namespace footnote::search
