// What one principal sees of a generation.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <xapian.h>
#include <roaring/roaring.hh>

#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "server/search/deadline.h"
#include "server/search/synonyms.h"

namespace footnote::search {

// The passages of a generation that are live and may be read, with the
// statistics over just these: nothing else takes part in a search, so that
// nothing else can be learnt from one. Thread-safe.
class View {
 public:
  // Every live passage. Costs nothing to make. `generation` must outlive it.
  explicit View(const index::Generation& generation);

  // Every live passage but those of documents that a set of access labels may
  // not read: `unreadable` has, for each segment, indices of documents. Costs a
  // walk over these; make it once for a set of labels and keep it.
  View(const index::Generation& generation,
       const std::vector<Roaring>& unreadable);

  // Likewise, of a generation that lives as long as the view; every live
  // passage where `unreadable` has no segments.
  explicit View(std::shared_ptr<const index::Generation> generation,
                const std::vector<Roaring>& unreadable = {});

  // What several views of different collections show, as one: statistics,
  // counts and synonyms are those of all of them. Costs next to nothing. The
  // order in which they are given does not matter.
  explicit View(std::vector<std::shared_ptr<const View>> parts);

  View(const View&) = delete;
  View& operator=(const View&) = delete;

  const index::Generation& generation() const { return generation_; }

  // The views that it joins, by the names of their collections; none where it
  // is one itself.
  const std::vector<std::shared_ptr<const View>>& parts() const {
    return parts_;
  }

  // Tells, within this process, what is hidden of a generation: 0 where only
  // its tombstones hide and no segment is missing, else a number that no other
  // view has; of a joined one its parts tell.
  uint64_t epoch() const { return epoch_; }

  // How many documents and passages are seen, and the bytes of text and the
  // tokens of all of them.
  uint64_t documents() const { return documents_; }
  uint64_t passages() const { return passages_; }
  uint64_t text_bytes() const { return text_bytes_; }
  uint64_t words() const { return words_; }
  // Documents that are seen, by language.
  const std::map<std::string, uint64_t>& languages() const {
    return is_restricted_ || !parts_.empty() ? languages_
                                             : generation_.info().languages;
  }

  // The passages of a segment that are not seen.
  const Roaring& hidden(size_t segment) const { return *hidden_[segment]; }
  // The documents of a segment that are not seen.
  const Roaring& hidden_documents(size_t segment) const {
    return *hidden_documents_[segment];
  }

  // The synonyms of the collection, made ready when first asked for.
  const Synonyms& synonyms() const;

  // Returns how many passages that are seen have a term (a folded word, a stem
  // or a quantity), over all segments. Throws what Xapian throws.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
  absl::StatusOr<uint64_t> Frequency(const std::string& term,
                                     const Deadline& deadline) const;

  // Likewise, of a term that `postings` passages have, seen or not.
  absl::StatusOr<uint64_t> Frequency(const std::string& term, uint64_t postings,
                                     const Deadline& deadline) const;

 private:
  void HideGone();
  void Hide(const std::vector<Roaring>& unreadable);
  void HideDocument(const index::Segment& segment, uint32_t document,
                    Roaring* hidden);
  uint64_t WithoutGone(const std::string& term, uint64_t postings) const;
  absl::StatusOr<uint64_t> FrequencyAlone(const std::string& term,
                                          const Deadline& deadline) const;
  absl::StatusOr<uint64_t> CountVisible(const std::string& term,
                                        const Deadline& deadline) const;

  const std::vector<std::shared_ptr<const View>> parts_;
  const std::shared_ptr<const index::Generation> owned_;  // null: not ours
  const index::Generation& generation_;
  uint64_t epoch_ = 0;
  uint64_t documents_ = 0;
  uint64_t passages_ = 0;
  uint64_t text_bytes_ = 0;
  uint64_t words_ = 0;
  bool is_restricted_ = false;  // more is hidden than by the tombstones
  std::map<std::string, uint64_t>
      languages_;                       // where they are not those of all
  std::deque<Roaring> own_sets_;        // that some of these lead to
  std::vector<const Roaring*> hidden_;  // by segment
  std::vector<const Roaring*> hidden_documents_;
  mutable std::once_flag synonyms_once_;
  mutable std::unique_ptr<const Synonyms> synonyms_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, uint64_t> frequencies_;  // by mutex_
};

}  // namespace footnote::search
