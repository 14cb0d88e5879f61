#include "server/search/facets.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "indexer/base/time.h"
#include "server/search/facet_values.h"
#include "server/search/filter.h"
#include "server/search/metadata_facet.h"

namespace footnote::search {
namespace {

constexpr uint32_t kPassagesPerLook = 16384;
constexpr uint32_t kValuesPerLook = 8192;
// Of one value: its counts, its text twice, its name, and what maps need.
constexpr uint64_t kBytesOfValue = 256;
constexpr char kValuesOfFacet[] = "the values of a facet";

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

// Fields that a document has one value of, numbered by the segment.
class DocumentFieldCounter : public FacetCounter {
 public:
  DocumentFieldCounter(FacetSpec spec, uint32_t index::DocumentFacets::*field)
      : FacetCounter(std::move(spec)), field_(field) {}

  absl::Status Add(const SegmentMatches& matches, const Deadline&,
                   MemoryBudget*) override {
    const index::Segment& segment = matches.segment;
    std::vector<MatchCount> counts(segment.facet_value_count());
    for (const DocumentMatches& match : matches.documents) {
      AddTo({match.passages, 1},
            &counts[segment.document_facets(match.document).*field_]);
    }
    for (uint32_t i = 0; i < counts.size(); ++i) {
      if (counts[i].passages > 0) {
        const std::string value(FacetValueOf(segment, i));
        AddTotal(value, value, counts[i]);
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

  absl::Status Add(const SegmentMatches& matches, const Deadline&,
                   MemoryBudget*) override {
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
      const std::string label = FormatInterval(day, spec_.date_interval);
      AddTotal(label, label, count);
    }
    return absl::OkStatus();
  }
};

// The values that the entities of one segment stand for. A value gets its
// number when the first of its entities is met, so that those that nobody
// mentions cost nothing.
class EntityValues {
 public:
  EntityValues(const index::Segment& segment, bool by_type)
      : segment_(segment),
        by_type_(by_type),
        numbers_(segment.entity_count(), kNone) {}

  // Returns how much memory it takes before it knows any value.
  static uint64_t BytesOf(const index::Segment& segment) {
    return sizeof(uint32_t) * segment.entity_count();
  }

  // Returns the number of an entity's value; they count from 0.
  uint32_t NumberOf(uint32_t entity) {
    uint32_t& number = numbers_[entity];
    if (number == kNone) {
      const EntityValue read = EntityValueOf(segment_, entity);
      std::string value = by_type_ ? std::string(read.type) : read.Key();
      const auto next = static_cast<uint32_t>(values_.size());
      const auto [at, inserted] = by_value_.try_emplace(value, next);
      const std::string_view name = by_type_ ? read.type : read.name;
      if (inserted) {
        values_.push_back({std::move(value), name, {}});
      }
      number = at->second;
      values_[number].name = std::min(values_[number].name, name);
    }
    return number;
  }

  // Takes memory for the values met since, now and then.
  // Errors: kResourceExhausted SEARCH_TOO_LARGE.
  absl::Status TakeMemory(MemoryUse* memory) {
    if (values_.size() < taken_ + kValuesPerLook) {
      return absl::OkStatus();
    }
    const size_t met = values_.size() - std::exchange(taken_, values_.size());
    return memory->Take(met * kBytesOfValue, kValuesOfFacet);
  }

  struct Value {
    std::string value;
    std::string_view name;
    Tally tally;
  };
  std::vector<Value>& values() { return values_; }  // by number

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  const index::Segment& segment_;
  const bool by_type_;
  std::vector<uint32_t> numbers_;  // by entity
  std::unordered_map<std::string, uint32_t> by_value_;
  std::vector<Value> values_;
  size_t taken_ = 0;  // values that memory was taken for
};

// Entities mentioned, by "TYPE/id" or by type.
class EntityCounter : public FacetCounter {
 public:
  EntityCounter(FacetSpec spec, bool by_type)
      : FacetCounter(std::move(spec)), by_type_(by_type) {}

  absl::Status Add(const SegmentMatches& matches, const Deadline& deadline,
                   MemoryBudget* memory) override {
    const index::Segment& segment = matches.segment;
    if (segment.entity_count() == 0) {
      for (const DocumentMatches& match : matches.documents) {
        AddTo({match.passages, 1}, &missing_);
      }
      return absl::OkStatus();
    }
    MemoryUse in_segment(*memory);
    FOOTNOTE_RETURN_IF_ERROR(
        in_segment.Take(EntityValues::BytesOf(segment), kValuesOfFacet));
    EntityValues values(segment, by_type_);
    Tally missing;
    FOOTNOTE_RETURN_IF_ERROR(
        Count(matches, deadline, &in_segment, &values, &missing));
    AddTo(missing.count, &missing_);
    const size_t known = totals_.size();
    uint32_t seen = 0;
    for (const EntityValues::Value& value : values.values()) {
      if (++seen % kValuesPerLook == 0 && deadline.Passed()) {
        return DeadlineError();
      }
      AddTotal(value.value, value.name, value.tally.count);
    }
    return memory->Take((totals_.size() - known) * kBytesOfValue,
                        kValuesOfFacet);
  }

 private:
  // Counts each value once for each passage that mentions it.
  static absl::Status Count(const SegmentMatches& matches,
                            const Deadline& deadline, MemoryUse* memory,
                            EntityValues* values, Tally* missing) {
    const index::Segment& segment = matches.segment;
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
        in_passage.push_back(values->NumberOf(entity));
      });
      std::sort(in_passage.begin(), in_passage.end());
      in_passage.erase(std::unique(in_passage.begin(), in_passage.end()),
                       in_passage.end());
      for (const uint32_t number : in_passage) {
        values->values()[number].tally.Add(document);
      }
      if (in_passage.empty()) {
        missing->Add(document);
      }
      FOOTNOTE_RETURN_IF_ERROR(values->TakeMemory(memory));
    }
    return absl::OkStatus();
  }

  const bool by_type_;
};

absl::Status CheckSpec(const FacetSpec& spec) {
  if (spec.field == "document_id" || spec.field == "passage_id" ||
      MetadataFieldOf(spec.field).empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FACET_FIELD_UNKNOWN",
                     "there is no facet \"" + spec.field +
                         "\"; facets are entity, entity_type, source_type, "
                         "language, date, and the fields of metadata",
                     {{"field", "facets.field"}, {"value", spec.field}});
  }
  if (!std::isfinite(spec.number_interval) || spec.number_interval < 0) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "FACET_INTERVAL_INVALID",
                     "the interval of numbers must not be negative",
                     {{"field", "facets.number_interval"}});
  }
  return absl::OkStatus();
}

}  // namespace

std::string FormatInterval(int32_t day, DateInterval interval) {
  constexpr size_t kMonthEnd = 7;
  constexpr size_t kYearEnd = 4;
  std::string label = FormatDay(day);
  switch (interval) {
    case DateInterval::kDay:
      return label;
    case DateInterval::kYear:
      return label.substr(0, kYearEnd);
    case DateInterval::kDefault:
    case DateInterval::kMonth:
      break;
  }
  return label.substr(0, kMonthEnd);
}

absl::StatusOr<std::unique_ptr<FacetCounter>> FacetCounter::Create(
    const FacetSpec& spec) {
  FOOTNOTE_RETURN_IF_ERROR(CheckSpec(spec));
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
    counter = MakeMetadataCounter(spec);
  }
  return counter;
}

void FacetCounter::AddTotal(const std::string& value, std::string_view name,
                            const MatchCount& count) {
  const auto [at, inserted] = totals_.try_emplace(value);
  Total& total = at->second;
  if (inserted || name < total.name) {
    total.name = name;
  }
  AddTo(count, &total.count);
}

absl::StatusOr<Facet> FacetCounter::Finish(const Deadline& deadline) const {
  Facet facet;
  facet.field = spec_.field;
  facet.missing = missing_;
  using Entry = std::pair<const std::string, Total>;
  std::vector<const Entry*> entries;
  entries.reserve(totals_.size());
  for (const Entry& entry : totals_) {
    entries.push_back(&entry);
  }
  const auto listed = entries.begin() + static_cast<ptrdiff_t>(std::min<size_t>(
                                            spec_.limit, entries.size()));
  std::partial_sort(entries.begin(), listed, entries.end(),
                    [](const Entry* a, const Entry* b) {
                      const uint64_t a_count = a->second.count.passages;
                      const uint64_t b_count = b->second.count.passages;
                      return a_count != b_count ? a_count > b_count
                                                : a->first < b->first;
                    });
  if (deadline.Passed()) {
    return DeadlineError();
  }
  for (auto at = entries.begin(); at != listed; ++at) {
    const auto& [value, total] = **at;
    facet.values.push_back({value, total.name, total.count});
  }
  facet.other_values = static_cast<uint64_t>(entries.end() - listed);
  for (auto at = listed; at != entries.end(); ++at) {
    AddTo((*at)->second.count, &facet.other);
  }
  return facet;
}

}  // namespace footnote::search
