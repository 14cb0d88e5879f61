#include "server/search/facets.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "indexer/base/time.h"
#include "server/search/facet_values.h"

namespace footnote::search {
namespace {

constexpr uint32_t kPassagesPerLook = 16384;

// Counts of one value in one segment. Passages of a document follow each other,
// so a document is new when it is not the last one counted.
struct Tally {
  MatchCount count;
  uint64_t last_document = UINT64_MAX;

  void Add(uint32_t document) {
    ++count.passages;
    count.documents += document != last_document ? 1 : 0;
    last_document = document;
  }
};

void AddTo(const MatchCount& count, MatchCount* total) {
  total->passages += count.passages;
  total->documents += count.documents;
}

// Fields that a document has one value of, numbered by the segment.
class DocumentFieldCounter : public FacetCounter {
 public:
  DocumentFieldCounter(FacetSpec spec, uint32_t index::DocumentFacets::*field)
      : FacetCounter(std::move(spec)), field_(field) {}

  absl::Status Add(const SegmentMatches& matches, const Deadline&) override {
    const index::Segment& segment = matches.segment;
    std::vector<MatchCount> counts(segment.facet_value_count());
    for (const DocumentMatches& match : matches.documents) {
      AddTo({match.passages, 1},
            &counts[segment.document_facets(match.document).*field_]);
    }
    for (uint32_t i = 0; i < counts.size(); ++i) {
      if (counts[i].passages > 0) {
        std::string value(FacetValueOf(segment, i));
        Total& total = totals_[value];
        AddTo(counts[i], &total.count);
        total.name = std::move(value);
      }
    }
    return absl::OkStatus();
  }

 private:
  uint32_t index::DocumentFacets::*field_;
};

// The date of publication.
class DateCounter : public FacetCounter {
 public:
  explicit DateCounter(FacetSpec spec) : FacetCounter(std::move(spec)) {}

  absl::Status Add(const SegmentMatches& matches, const Deadline&) override {
    std::unordered_map<int32_t, MatchCount> counts;  // by day
    for (const DocumentMatches& match : matches.documents) {
      AddTo({match.passages, 1},
            &counts[matches.segment.document_facets(match.document).day]);
    }
    for (const auto& [day, count] : counts) {
      if (day == index::kNoDay) {
        AddTo(count, &missing_);
        continue;
      }
      const std::string label = Label(day);
      Total& total = totals_[label];
      AddTo(count, &total.count);
      total.name = label;
    }
    return absl::OkStatus();
  }

 private:
  // "2026-04-21", "2026-04" or "2026".
  std::string Label(int32_t day) const {
    constexpr size_t kMonthEnd = 7;
    constexpr size_t kYearEnd = 4;
    std::string label = FormatDay(day);
    switch (spec_.date_interval) {
      case DateInterval::kDay:
        return label;
      case DateInterval::kMonth:
        return label.substr(0, kMonthEnd);
      case DateInterval::kYear:
        return label.substr(0, kYearEnd);
    }
    return label;
  }
};

// Entities mentioned, by "TYPE/id" or by type.
class EntityCounter : public FacetCounter {
 public:
  EntityCounter(FacetSpec spec, bool by_type)
      : FacetCounter(std::move(spec)), by_type_(by_type) {}

  absl::Status Add(const SegmentMatches& matches,
                   const Deadline& deadline) override {
    const index::Segment& segment = matches.segment;
    if (segment.entity_count() == 0) {
      for (const DocumentMatches& match : matches.documents) {
        AddTo({match.passages, 1}, &missing_);
      }
      return absl::OkStatus();
    }
    // Entities that share a value (a type, say) share a slot.
    std::vector<uint32_t> slots;
    std::vector<Total> values = ReadValues(segment, &slots);
    std::vector<Tally> tallies(values.size());
    Tally missing;
    std::vector<uint32_t> in_passage;
    uint32_t seen = 0;
    for (uint32_t passage = matches.passages.NextFrom(0);
         passage < segment.passage_count();
         passage = matches.passages.NextFrom(passage + 1)) {
      if (++seen % kPassagesPerLook == 0 && deadline.Passed()) {
        return DeadlineError();
      }
      const uint32_t document = segment.passage_place(passage).document;
      in_passage.clear();
      segment.ForEachEntity(passage, [&](uint32_t entity) {
        in_passage.push_back(slots[entity]);
      });
      std::sort(in_passage.begin(), in_passage.end());
      in_passage.erase(std::unique(in_passage.begin(), in_passage.end()),
                       in_passage.end());
      for (const uint32_t slot : in_passage) {
        tallies[slot].Add(document);
      }
      if (in_passage.empty()) {
        missing.Add(document);
      }
    }
    AddTo(missing.count, &missing_);
    for (size_t i = 0; i < values.size(); ++i) {
      if (tallies[i].count.passages > 0) {
        Total& total = totals_[values_[i]];
        total.name = total.name.empty() ? values[i].name : total.name;
        AddTo(tallies[i].count, &total.count);
      }
    }
    return absl::OkStatus();
  }

 private:
  // Fills values_ and `slots` (by entity); returns the totals by slot.
  std::vector<Total> ReadValues(const index::Segment& segment,
                                std::vector<uint32_t>* slots) {
    std::map<std::string, uint32_t> numbers;
    std::vector<Total> totals;
    values_.clear();
    for (uint32_t i = 0; i < segment.entity_count(); ++i) {
      const EntityValue entity = EntityValueOf(segment, i);
      std::string value = by_type_ ? std::string(entity.type) : entity.Key();
      std::string name = by_type_ ? value : std::string(entity.name);
      const auto next = static_cast<uint32_t>(totals.size());
      const auto [at, inserted] = numbers.try_emplace(value, next);
      if (inserted) {
        totals.push_back({std::move(name), {}});
        values_.push_back(std::move(value));
      }
      slots->push_back(at->second);
    }
    return totals;
  }

  bool by_type_;
  std::vector<std::string> values_;  // by slot, of the segment at hand
};

}  // namespace

absl::StatusOr<std::unique_ptr<FacetCounter>> FacetCounter::Create(
    const FacetSpec& spec) {
  std::unique_ptr<FacetCounter> counter;
  if (spec.field == "entity" || spec.field == "entity_type") {
    counter =
        std::make_unique<EntityCounter>(spec, spec.field == "entity_type");
  } else if (spec.field == "source_type") {
    counter = std::make_unique<DocumentFieldCounter>(
        spec, &index::DocumentFacets::source_type);
  } else if (spec.field == "language") {
    counter = std::make_unique<DocumentFieldCounter>(
        spec, &index::DocumentFacets::language);
  } else if (spec.field == "date") {
    counter = std::make_unique<DateCounter>(spec);
  } else {
    return MakeError(absl::StatusCode::kInvalidArgument, "FACET_FIELD_UNKNOWN",
                     "there is no facet \"" + spec.field +
                         "\"; facets are entity, entity_type, source_type, "
                         "language and date",
                     {{"field", "facets.field"}, {"value", spec.field}});
  }
  return counter;
}

Facet FacetCounter::Finish() const {
  Facet facet;
  facet.field = spec_.field;
  facet.missing = missing_;
  for (const auto& [value, total] : totals_) {
    facet.values.push_back({value, total.name, total.count});
  }
  std::stable_sort(facet.values.begin(), facet.values.end(),
                   [](const FacetValue& a, const FacetValue& b) {
                     return a.count.passages > b.count.passages;
                   });
  if (facet.values.size() > spec_.limit) {
    facet.other_values = facet.values.size() - spec_.limit;
    for (size_t i = spec_.limit; i < facet.values.size(); ++i) {
      AddTo(facet.values[i].count, &facet.other);
    }
    facet.values.resize(spec_.limit);
  }
  return facet;
}

}  // namespace footnote::search
