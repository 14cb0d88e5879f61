#include "server/search/statistics.h"

#include <algorithm>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::search {
namespace {

using index::TermField;

// Returns how many live passages of a segment have a term.
uint64_t LiveFrequency(const index::Segment& segment,
                       const Xapian::Database& database,
                       const std::string& term) {
  const auto& gone = segment.tombstones().frequencies;
  const auto at = gone.find(term);
  return database.get_termfreq(term) - (at == gone.end() ? 0 : at->second);
}

void AddFrequencies(const index::Segment& segment, const Query& query,
                    std::vector<uint64_t>* by_stem,
                    std::vector<uint64_t>* by_word) {
  index::Segment::DatabaseLease database = segment.LeaseDatabase();
  for (size_t i = 0; i < query.words.size(); ++i) {
    const QueryWord& word = query.words[i];
    for (const std::string& stem : word.stems) {
      (*by_stem)[i] +=
          LiveFrequency(segment, *database, MakeTerm(TermField::kStem, stem));
    }
    if (word.by_word) {
      (*by_word)[i] += LiveFrequency(segment, *database,
                                     MakeTerm(TermField::kWord, word.word));
    }
  }
}

}  // namespace

absl::StatusOr<Statistics> ReadStatistics(const index::Generation& generation,
                                          const Query& query) {
  Statistics statistics;
  statistics.passages = generation.info().passages;
  if (statistics.passages > 0 && generation.info().total_words > 0) {
    statistics.average_words =
        static_cast<double>(generation.info().total_words) /
        static_cast<double>(statistics.passages);
  }
  std::vector<uint64_t> by_word(query.words.size());
  statistics.frequencies.resize(query.words.size());
  for (const auto& segment : generation.segments()) {
    FOOTNOTE_RETURN_IF_ERROR(index::CatchXapian([&]() -> absl::Status {
      AddFrequencies(*segment, query, &statistics.frequencies, &by_word);
      return absl::OkStatus();
    }));
  }
  for (size_t i = 0; i < by_word.size(); ++i) {
    statistics.frequencies[i] = std::max(statistics.frequencies[i], by_word[i]);
  }
  return statistics;
}

}  // namespace footnote::search
