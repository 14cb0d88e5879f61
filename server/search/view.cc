#include "server/search/view.h"

#include "indexer/index/segment.h"
#include "server/search/facet_values.h"
#include "server/search/postings.h"

namespace footnote::search {
namespace {

// Frequencies kept before all are forgotten: some tens of megabytes.
constexpr size_t kMaxKept = 200'000;

}  // namespace

View::View(const index::Generation& generation)
    : generation_(generation),
      passages_(generation.info().passages),
      words_(generation.info().total_words) {}

View::View(const index::Generation& generation,
           const std::vector<Roaring>& unreadable)
    : View(generation) {
  languages_ = generation.info().languages;
  const auto& segments = generation.segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    const index::Segment& segment = *segments[i];
    const index::Tombstones& gone = segment.tombstones();
    hidden_.push_back(gone.passages);
    for (const uint32_t document : unreadable[i] - gone.documents) {
      const index::DocumentPlace& place = segment.document_place(document);
      const uint32_t end = place.first_passage + place.passage_count;
      for (uint32_t k = place.first_passage; k < end; ++k) {
        words_ -= segment.passage_place(k).words;
      }
      passages_ -= place.passage_count;
      const auto language = languages_.find(std::string(
          FacetValueOf(segment, segment.document_facets(document).language)));
      if (language != languages_.end() && --language->second == 0) {
        languages_.erase(language);
      }
      hidden_.back().addRange(place.first_passage, end);
    }
    hidden_documents_.push_back(unreadable[i] | gone.documents);
  }
}

const Roaring& View::hidden(size_t segment) const {
  return is_restricted()
             ? hidden_[segment]
             : generation_.segments()[segment]->tombstones().passages;
}

const Roaring& View::hidden_documents(size_t segment) const {
  return is_restricted()
             ? hidden_documents_[segment]
             : generation_.segments()[segment]->tombstones().documents;
}

absl::StatusOr<uint64_t> View::Frequency(const std::string& term,
                                         const Deadline& deadline) const {
  uint64_t postings = 0;
  for (const auto& segment : generation_.segments()) {
    postings += segment->databases().Get()->get_termfreq(term);
  }
  return Frequency(term, postings, deadline);
}

absl::StatusOr<uint64_t> View::Frequency(const std::string& term,
                                         uint64_t postings,
                                         const Deadline& deadline) const {
  if (!is_restricted()) {
    for (const auto& segment : generation_.segments()) {
      const auto& gone = segment->tombstones().frequencies;
      if (const auto at = gone.find(term); at != gone.end()) {
        postings -= at->second;
      }
    }
    return postings;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto at = frequencies_.find(term); at != frequencies_.end()) {
      return at->second;
    }
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t frequency,
                            CountVisible(term, deadline));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (frequencies_.size() >= kMaxKept) {
    frequencies_.clear();
  }
  return frequencies_[term] = frequency;
}

absl::StatusOr<uint64_t> View::CountVisible(const std::string& term,
                                            const Deadline& deadline) const {
  uint64_t frequency = 0;
  for (size_t i = 0; i < generation_.segments().size(); ++i) {
    const index::Segment& segment = *generation_.segments()[i];
    PassageSet set(segment.passage_count());
    index::DatabasePool::Lease database = segment.databases().Get();
    FOOTNOTE_RETURN_IF_ERROR(
        AddPostings(segment, *database, term, deadline, &set));
    set.RemoveAll(hidden(i));
    frequency += set.Count();
  }
  return frequency;
}

}  // namespace footnote::search
