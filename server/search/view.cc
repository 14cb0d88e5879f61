#include "server/search/view.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "indexer/index/segment.h"
#include "server/search/facet_values.h"
#include "server/search/postings.h"

namespace footnote::search {
namespace {

// Frequencies kept before all are forgotten: some tens of megabytes.
constexpr size_t kMaxKept = 200'000;

using Parts = std::vector<std::shared_ptr<const View>>;

Parts ByCollection(Parts parts) {
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a->generation().info().collection <
           b->generation().info().collection;
  });
  return parts;
}

std::shared_ptr<const index::Generation> JoinGenerations(const Parts& parts) {
  std::vector<const index::Generation*> generations;
  generations.reserve(parts.size());
  for (const auto& part : parts) {
    generations.push_back(&part->generation());
  }
  return index::Generation::Join(generations);
}

}  // namespace

View::View(const index::Generation& generation)
    : generation_(generation),
      documents_(generation.info().documents),
      passages_(generation.info().passages),
      text_bytes_(generation.info().text_bytes),
      words_(generation.info().total_words) {
  HideGone();
}

View::View(const index::Generation& generation,
           const std::vector<Roaring>& unreadable)
    : View(generation) {
  Hide(unreadable);
}

View::View(std::shared_ptr<const index::Generation> generation,
           const std::vector<Roaring>& unreadable)
    : owned_(std::move(generation)),
      generation_(*owned_),
      documents_(generation_.info().documents),
      passages_(generation_.info().passages),
      text_bytes_(generation_.info().text_bytes),
      words_(generation_.info().total_words) {
  HideGone();
  Hide(unreadable);
}

View::View(Parts parts)
    : parts_(ByCollection(std::move(parts))),
      owned_(JoinGenerations(parts_)),
      generation_(*owned_) {
  for (const auto& part : parts_) {
    documents_ += part->documents();
    passages_ += part->passages();
    text_bytes_ += part->text_bytes();
    words_ += part->words();
    for (const auto& [language, documents] : part->languages()) {
      languages_[language] += documents;
    }
    is_restricted_ |= part->is_restricted_;
    hidden_.insert(hidden_.end(), part->hidden_.begin(), part->hidden_.end());
    hidden_documents_.insert(hidden_documents_.end(),
                             part->hidden_documents_.begin(),
                             part->hidden_documents_.end());
  }
}

void View::HideGone() {
  for (const auto& segment : generation_.segments()) {
    hidden_.push_back(&segment->tombstones().passages);
    hidden_documents_.push_back(&segment->tombstones().documents);
  }
}

void View::Hide(const std::vector<Roaring>& unreadable) {
  static std::atomic<uint64_t> last_epoch = 0;
  if (!unreadable.empty() || !generation_.missing().empty()) {
    epoch_ = ++last_epoch;
  }
  if (unreadable.empty()) {
    return;
  }
  is_restricted_ = true;
  languages_ = generation_.info().languages;
  for (size_t i = 0; i < generation_.segments().size(); ++i) {
    const index::Segment& segment = *generation_.segments()[i];
    const index::Tombstones& gone = segment.tombstones();
    Roaring& passages = own_sets_.emplace_back(gone.passages);
    for (const uint32_t document : unreadable[i] - gone.documents) {
      HideDocument(segment, document, &passages);
    }
    hidden_[i] = &passages;
    hidden_documents_[i] =
        &own_sets_.emplace_back(unreadable[i] | gone.documents);
  }
}

// Takes a live document of a segment out, whose passages `hidden` gets.
void View::HideDocument(const index::Segment& segment, uint32_t document,
                        Roaring* hidden) {
  const index::DocumentPlace& place = segment.document_place(document);
  const uint32_t end = place.first_passage + place.passage_count;
  for (uint32_t k = place.first_passage; k < end; ++k) {
    words_ -= segment.passage_place(k).words;
  }
  --documents_;
  passages_ -= place.passage_count;
  text_bytes_ -= place.text_bytes;
  const auto language = languages_.find(std::string(
      FacetValueOf(segment, segment.document_facets(document).language)));
  if (language != languages_.end() && --language->second == 0) {
    languages_.erase(language);
  }
  hidden->addRange(place.first_passage, end);
}

const Synonyms& View::synonyms() const {
  std::call_once(synonyms_once_, [this] {
    synonyms_ = std::make_unique<const Synonyms>(generation_.synonyms());
  });
  return *synonyms_;
}

absl::StatusOr<uint64_t> View::Frequency(const std::string& term,
                                         const Deadline& deadline) const {
  if (parts_.empty()) {
    return FrequencyAlone(term, deadline);
  }
  uint64_t frequency = 0;
  for (const auto& part : parts_) {
    FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t in_part,
                              part->FrequencyAlone(term, deadline));
    frequency += in_part;
  }
  return frequency;
}

absl::StatusOr<uint64_t> View::Frequency(const std::string& term,
                                         uint64_t postings,
                                         const Deadline& deadline) const {
  return is_restricted_ ? Frequency(term, deadline)
                        : absl::StatusOr<uint64_t>(WithoutGone(term, postings));
}

// Returns how many of the postings of a term the tombstones leave.
uint64_t View::WithoutGone(const std::string& term, uint64_t postings) const {
  for (const auto& segment : generation_.segments()) {
    const auto& gone = segment->tombstones().frequencies;
    if (const auto at = gone.find(term); at != gone.end()) {
      postings -= at->second;
    }
  }
  return postings;
}

// Returns the frequency of a term in a view that joins no others.
absl::StatusOr<uint64_t> View::FrequencyAlone(const std::string& term,
                                              const Deadline& deadline) const {
  if (!is_restricted_) {
    uint64_t postings = 0;
    for (const auto& segment : generation_.segments()) {
      postings += segment->databases().Get()->get_termfreq(term);
    }
    return WithoutGone(term, postings);
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
