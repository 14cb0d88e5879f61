#include "server/search/filter.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "indexer/base/sha256.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/facet_values.h"
#include "server/search/filter_condition.h"
#include "server/search/metadata_condition.h"
#include "server/search/postings.h"

namespace footnote::search {
namespace {

constexpr uint32_t kDocumentsPerLook = 4096;
constexpr uint32_t kEntitiesPerLook = 4096;
constexpr uint32_t kIdsPerLook = 1024;
constexpr int64_t kSecondsPerDay = 86400;

// Returns the id that a text is, as the API has passage ids.
std::optional<index::PassageId> ParsePassageId(std::string_view text) {
  const std::optional<std::string> bytes = FromBase64Url(text);
  index::PassageId id;
  if (!bytes || bytes->size() != sizeof(id.bytes)) {
    return std::nullopt;
  }
  std::copy(bytes->begin(), bytes->end(), std::begin(id.bytes));
  return id;
}

// Applies filters to one segment.
class SegmentFilter {
 public:
  SegmentFilter(const index::Segment& segment, const Deadline& deadline)
      : segment_(segment), deadline_(deadline) {}

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
  absl::StatusOr<PassageSet> Apply(const Filter& filter) {
    switch (filter.kind) {
      case Filter::Kind::kAll:
      case Filter::Kind::kAny:
        return ApplyParts(filter);
      case Filter::Kind::kNot: {
        FOOTNOTE_ASSIGN_OR_RETURN(PassageSet set, Apply(filter.parts.front()));
        set.Invert();
        return set;
      }
      case Filter::Kind::kCondition:
        break;
    }
    PassageSet set(segment_.passage_count());
    FOOTNOTE_RETURN_IF_ERROR(AddMatching(filter, &set));
    if (IsNegative(filter.op)) {
      set.Invert();
    }
    return set;
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
  absl::StatusOr<PassageSet> ApplyParts(const Filter& filter) {
    PassageSet set(segment_.passage_count());
    if (filter.kind == Filter::Kind::kAll) {
      set.Invert();
    }
    for (const Filter& part : filter.parts) {
      FOOTNOTE_ASSIGN_OR_RETURN(const PassageSet other, Apply(part));
      if (filter.kind == Filter::Kind::kAll) {
        set.Intersect(other);
      } else {
        set.AddAll(other);
      }
    }
    return set;
  }

  // Adds the passages that meet the positive form of a condition.
  absl::Status AddMatching(const Filter& condition, PassageSet* set) {
    const std::string& field = condition.field;
    if (field == "entity" || field == "entity_type") {
      return index::CatchXapian([&] {
        return AddEntities(StringCondition(condition), field == "entity_type",
                           set);
      });
    }
    if (field == "document_id") {
      return AddDocumentIds(condition, set);
    }
    if (field == "passage_id") {
      return AddPassageIds(condition, set);
    }
    if (field == "date") {
      return AddDates(condition, set);
    }
    if (!IsBuiltInField(field)) {
      return AddMetadata(condition, set);
    }
    const StringCondition is_wanted(condition);
    std::vector<bool> meets;  // by ordinal
    for (uint32_t i = 0; i < segment_.facet_value_count(); ++i) {
      meets.push_back(is_wanted.IsMetBy(FacetValueOf(segment_, i)));
    }
    const auto ordinal = field == "language"
                             ? &index::DocumentFacets::language
                             : &index::DocumentFacets::source_type;
    return AddDocuments(
        [&](uint32_t document) {
          return meets[segment_.document_facets(document).*ordinal];
        },
        set);
  }

  void AddDocument(uint32_t document, PassageSet* set) const {
    const index::DocumentPlace& place = segment_.document_place(document);
    set->AddRange(place.first_passage,
                  place.first_passage + place.passage_count);
  }

  absl::Status AddDocuments(const std::function<bool(uint32_t document)>& meets,
                            PassageSet* set) {
    for (uint32_t i = 0; i < segment_.document_count(); ++i) {
      if (i % kDocumentsPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      if (meets(i)) {
        AddDocument(i, set);
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddDates(const Filter& condition, PassageSet* set) {
    std::vector<Period> wanted;
    for (const FilterValue& value : condition.values) {
      wanted.push_back(
          ParseDate(std::get<std::string>(value)).value_or(Period()));
    }
    return AddDocuments(
        [&](uint32_t document) {
          const int32_t day = segment_.document_facets(document).day;
          return day != index::kNoDay &&
                 TimeMeets(day * kSecondsPerDay, condition.op, wanted);
        },
        set);
  }

  // Ids that are told by themselves are looked up; others all looked at.
  absl::Status AddDocumentIds(const Filter& condition, PassageSet* set) {
    const bool is_lookup = TakesMany(condition.op) ||
                           condition.op == FilterOperator::kEq ||
                           condition.op == FilterOperator::kNe;
    if (!is_lookup) {
      const StringCondition is_wanted(condition);
      return AddDocuments(
          [&](uint32_t document) {
            return is_wanted.IsMetBy(segment_.document_id(document));
          },
          set);
    }
    return ForEachId(condition, [&](const std::string& id) {
      if (const auto document = segment_.FindDocument(id)) {
        AddDocument(*document, set);
      }
    });
  }

  absl::Status AddPassageIds(const Filter& condition, PassageSet* set) {
    if (condition.op == FilterOperator::kExists) {
      set->AddRange(0, segment_.passage_count());
      return absl::OkStatus();
    }
    return ForEachId(condition, [&](const std::string& text) {
      const auto id = ParsePassageId(text);
      if (const auto passage =
              id ? segment_.FindPassage(*id) : std::optional<uint32_t>()) {
        set->Add(*passage);
      }
    });
  }

  absl::Status ForEachId(const Filter& condition,
                         const std::function<void(const std::string& id)>& f) {
    uint32_t seen = 0;
    for (const FilterValue& value : condition.values) {
      if (++seen % kIdsPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      f(std::get<std::string>(value));
    }
    return absl::OkStatus();
  }

  absl::Status AddMetadata(const Filter& condition, PassageSet* set) {
    const index::MetadataColumns& metadata = segment_.metadata();
    FOOTNOTE_ASSIGN_OR_RETURN(const auto ranges,
                              FindValues(metadata, condition, deadline_));
    uint32_t seen = 0;
    for (const auto& range : ranges) {
      for (uint32_t value = range.first; value < range.end; ++value) {
        metadata.ForEachDocument(value, [&](uint32_t document) {
          AddDocument(document, set);
          ++seen;
        });
        const bool is_time_to_look = ++seen >= kDocumentsPerLook;
        if (is_time_to_look && deadline_.Passed()) {
          return DeadlineError();
        }
        seen = is_time_to_look ? 0 : seen;
      }
    }
    return absl::OkStatus();
  }

  // Adds the passages that mention an entity that meets a condition. Throws
  // what Xapian throws.
  absl::Status AddEntities(const StringCondition& is_wanted, bool by_type,
                           PassageSet* set) {
    index::DatabasePool::Lease database = segment_.databases().Get();
    for (uint32_t i = 0; i < segment_.entity_count(); ++i) {
      if (i % kEntitiesPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      const EntityValue entity = EntityValueOf(segment_, i);
      const std::string key = entity.Key();
      if (!is_wanted.IsMetBy(by_type ? entity.type : key)) {
        continue;
      }
      FOOTNOTE_RETURN_IF_ERROR(AddPostings(
          segment_, *database, MakeTerm(index::TermField::kEntity, key),
          deadline_, set));
    }
    return absl::OkStatus();
  }

  const index::Segment& segment_;
  const Deadline& deadline_;
};

}  // namespace

absl::StatusOr<std::vector<PassageSet>> ApplyFilter(
    const index::Generation& generation, const Filter& filter,
    const Deadline& deadline) {
  std::vector<PassageSet> sets;
  for (const auto& segment : generation.segments()) {
    FOOTNOTE_ASSIGN_OR_RETURN(PassageSet set,
                              ApplyFilter(*segment, filter, deadline));
    sets.push_back(std::move(set));
  }
  return sets;
}

absl::StatusOr<PassageSet> ApplyFilter(const index::Segment& segment,
                                       const Filter& filter,
                                       const Deadline& deadline) {
  return SegmentFilter(segment, deadline).Apply(filter);
}

}  // namespace footnote::search
