#include "server/search/visibility.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "server/search/last_times.h"

namespace footnote::search {
namespace {

// A live document of a generation.
struct Place {
  size_t segment = 0;
  uint32_t document = 0;
};

std::optional<Place> FindPlace(const index::Generation& generation,
                               std::string_view document_id) {
  for (size_t i = 0; i < generation.segments().size(); ++i) {
    if (const auto at = generation.segments()[i]->FindDocument(document_id)) {
      return Place{i, *at};
    }
  }
  return std::nullopt;
}

// Calls `f` with the id and period of each timed document.
template <typename F>
void ForEachTimed(const index::Generation& generation,
                  const std::vector<TimedDocuments>& timed, F&& f) {
  for (size_t i = 0; i < timed.size(); ++i) {
    for (const auto& [document, period] : timed[i]) {
      f(generation.segments()[i]->document_id(document), period);
    }
  }
}

// Sets what a document that is gone since had last, where that is known.
void SetLast(const std::optional<Period>& period, uint32_t document,
             TimedDocuments* timed) {
  if (period && *period == Period()) {
    timed->erase(document);
  } else if (period) {
    (*timed)[document] = *period;
  }
}

// Narrows a period that holds at `now` to one that does not go over `time`.
void Narrow(int64_t now, int64_t time, Period* period) {
  if (time <= now) {
    period->from = std::max(period->from, time);
  } else {
    period->until = std::min(period->until, time);
  }
}

}  // namespace

Period PeriodOf(const index::DocumentFacets& facets) {
  return {facets.embargo_time, facets.expire_time};
}

std::vector<TimedDocuments> FindTimed(const index::Generation& generation) {
  std::vector<TimedDocuments> timed;
  for (const auto& segment : generation.segments()) {
    TimedDocuments& documents = timed.emplace_back();
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      const Period period = PeriodOf(segment->document_facets(i));
      if (period != Period() && !segment->tombstones().documents.contains(i)) {
        documents.emplace_hint(documents.end(), i, period);
      }
    }
  }
  return timed;
}

std::vector<TimedDocuments> FindTimed(const index::Generation& retained,
                                      const index::Generation& current,
                                      const std::string& folder) {
  const std::vector<TimedDocuments> own = FindTimed(retained);
  std::vector<TimedDocuments> timed = own;
  LastTimes last(folder, retained, current);
  std::set<std::string, std::less<>> gone = last.timed();
  ForEachTimed(retained, own, [&](std::string_view id, const Period&) {
    const auto newest = FindPlace(current, id);
    if (newest) {  // its times follow below, where it has any
      const auto at = FindPlace(retained, id);
      timed[at->segment].erase(at->document);
    } else {
      gone.emplace(id);
    }
  });
  for (const std::string& id : gone) {
    const auto at = FindPlace(retained, id);
    if (at && !FindPlace(current, id)) {
      SetLast(last.Find(id), at->document, &timed[at->segment]);
    }
  }
  ForEachTimed(current, FindTimed(current),
               [&](std::string_view id, const Period& period) {
                 if (const auto at = FindPlace(retained, id)) {
                   timed[at->segment][at->document] = period;
                 }
               });
  return timed;
}

CurrentView::CurrentView(std::shared_ptr<const index::Generation> generation,
                         std::vector<TimedDocuments> timed)
    : generation_(std::move(generation)), timed_(std::move(timed)) {}

std::shared_ptr<const View> CurrentView::At(int64_t now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (view_ != nullptr && valid_.Holds(now)) {
    return view_;
  }
  valid_ = Period();
  for (const TimedDocuments& documents : timed_) {
    for (const auto& [document, period] : documents) {
      Narrow(now, period.from, &valid_);
      Narrow(now, period.until, &valid_);
    }
  }
  view_ = std::make_shared<const View>(generation_, HiddenAt(now));
  return view_;
}

// Returns what a moment hides, by segment; nothing where it hides nothing.
std::vector<Roaring> CurrentView::HiddenAt(int64_t now) const {
  std::vector<Roaring> hidden(timed_.size());
  bool any = false;
  for (size_t i = 0; i < timed_.size(); ++i) {
    for (const auto& [document, period] : timed_[i]) {
      if (!period.Holds(now)) {
        hidden[i].add(document);
        any = true;
      }
    }
  }
  return any ? hidden : std::vector<Roaring>();
}

}  // namespace footnote::search
