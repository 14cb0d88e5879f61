#include "server/search/document_counts.h"

#include <map>
#include <string>
#include <utility>

#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/postings.h"

namespace footnote::search {
namespace {

// Adds what of `within` has a word. Throws what Xapian throws.
absl::Status AddWord(const index::Segment& segment, const WordTerms& word,
                     const PassageSet& within, const Deadline& deadline,
                     PassageSet* set) {
  index::DatabasePool::Lease database = segment.databases().Get();
  for (const std::string& term : word.terms) {
    FOOTNOTE_RETURN_IF_ERROR(
        AddPostingsWithin(segment, *database, term, within, deadline, set));
  }
  return absl::OkStatus();
}

// Returns what matches of `within`, passages of a segment.
absl::StatusOr<PassageSet> FindWithin(const CountRequest& request,
                                      uint32_t number, PassageSet within,
                                      const Deadline& deadline) {
  const index::Segment& segment = *request.view.generation().segments()[number];
  within.RemoveAll(request.view.hidden(number));
  if (!request.allowed.empty()) {
    within.Intersect(request.allowed[number]);
  }
  if (request.all_allowed) {
    return within;
  }
  PassageSet set(segment.passage_count());
  for (const WordTerms& word : request.statistics.words) {
    FOOTNOTE_RETURN_IF_ERROR(index::CatchXapian(
        [&] { return AddWord(segment, word, within, deadline, &set); }));
  }
  return set;
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> CountInDocuments(
    const CountRequest& request, const std::vector<RankedPassage>& ranked,
    const Deadline& deadline) {
  const auto place_of = [&](const RankedPassage& passage) {
    const index::Segment& segment =
        *request.view.generation().segments()[passage.segment];
    return segment.document_place(
        segment.passage_place(passage.passage).document);
  };
  std::map<uint32_t, PassageSet> sets;  // by segment
  MemoryUse memory(request.memory);
  for (const RankedPassage& passage : ranked) {
    const uint32_t passages =
        request.view.generation().segments()[passage.segment]->passage_count();
    const auto [set, is_new] = sets.try_emplace(passage.segment, passages);
    FOOTNOTE_RETURN_IF_ERROR(memory.Take(
        is_new ? 2 * PassageSet::BytesOf(passages) : 0, "counting"));
    const index::DocumentPlace place = place_of(passage);
    set->second.AddRange(place.first_passage,
                         place.first_passage + place.passage_count);
  }
  for (auto& [number, set] : sets) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        set, FindWithin(request, number, std::move(set), deadline));
  }
  std::vector<uint32_t> counts;
  counts.reserve(ranked.size());
  for (const RankedPassage& passage : ranked) {
    const index::DocumentPlace place = place_of(passage);
    counts.push_back(
        sets.at(passage.segment)
            .CountRange(place.first_passage,
                        place.first_passage + place.passage_count));
  }
  return counts;
}

}  // namespace footnote::search
