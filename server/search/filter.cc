#include "server/search/filter.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "indexer/base/time.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/facet_values.h"
#include "server/search/postings.h"

namespace footnote::search {
namespace {

constexpr uint32_t kDocumentsPerLook = 4096;
constexpr uint32_t kEntitiesPerLook = 4096;

absl::Status Invalid(const std::string& reason, const std::string& message,
                     const Filter& condition) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   {{"field", "filter"}, {"value", condition.field}});
}

// The days that a date covers: [first, end).
struct Days {
  int32_t first = 0;
  int32_t end = 0;
};

// Reads "2026", "2026-04" or "2026-04-21".
std::optional<Days> ParseDays(const std::string& text) {
  constexpr size_t kYear = 4;
  constexpr size_t kMonth = 7;
  constexpr size_t kDay = 10;
  using std::chrono::sys_days;
  const std::optional<int64_t> time = ParseTime(text);
  if (!time ||
      (text.size() != kYear && text.size() != kMonth && text.size() != kDay)) {
    return std::nullopt;
  }
  const auto day_number = [](std::chrono::year_month_day day) {
    return static_cast<int32_t>(sys_days(day).time_since_epoch().count());
  };
  const std::chrono::year_month_day first(std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds(std::chrono::seconds(*time))));
  if (text.size() == kDay) {
    return Days{day_number(first), day_number(first) + 1};
  }
  return Days{day_number(first),
              text.size() == kYear
                  ? day_number(first + std::chrono::years(1))
                  : day_number(first + std::chrono::months(1))};
}

bool IsNegative(FilterOperator op) {
  return op == FilterOperator::kNe || op == FilterOperator::kNin;
}

// What a condition that is not negative says of a string. `condition` must
// outlive it.
class StringCondition {
 public:
  explicit StringCondition(const Filter& condition)
      : op_(condition.op),
        values_(condition.values.begin(), condition.values.end()) {
    std::sort(values_.begin(), values_.end());
  }

  bool IsMetBy(std::string_view value) const {
    switch (op_) {
      case FilterOperator::kEq:
      case FilterOperator::kNe:
      case FilterOperator::kIn:
      case FilterOperator::kNin:
        return std::binary_search(values_.begin(), values_.end(), value);
      case FilterOperator::kLt:
        return value < values_.front();
      case FilterOperator::kLte:
        return value <= values_.front();
      case FilterOperator::kGt:
        return value > values_.front();
      case FilterOperator::kGte:
        return value >= values_.front();
      case FilterOperator::kStartsWith:
        return value.starts_with(values_.front());
      case FilterOperator::kContains:
        return value.find(values_.front()) != std::string_view::npos;
      case FilterOperator::kExists:
        return true;
    }
    return false;
  }

 private:
  FilterOperator op_;
  std::vector<std::string_view> values_;  // sorted
};

// Whether a day meets a condition on dates that is not negative.
bool DayMeets(int32_t day, FilterOperator op, const std::vector<Days>& wanted) {
  const auto within = [day](const Days& days) {
    return day >= days.first && day < days.end;
  };
  switch (op) {
    case FilterOperator::kLt:
      return day < wanted.front().first;
    case FilterOperator::kLte:
      return day < wanted.front().end;
    case FilterOperator::kGt:
      return day >= wanted.front().end;
    case FilterOperator::kGte:
      return day >= wanted.front().first;
    case FilterOperator::kExists:
      return true;
    default:
      return std::any_of(wanted.begin(), wanted.end(), within);
  }
}

absl::Status CheckCondition(const Filter& condition) {
  const std::string& field = condition.field;
  constexpr std::string_view kFields[] = {"document_id", "source_type",
                                          "language",    "date",
                                          "entity",      "entity_type"};
  if (std::find(std::begin(kFields), std::end(kFields), field) ==
      std::end(kFields)) {
    return Invalid("FILTER_FIELD_UNKNOWN",
                   "there is no field \"" + field +
                       "\"; filters know document_id, source_type, language, "
                       "date, entity and entity_type",
                   condition);
  }
  const size_t count = condition.values.size();
  const bool takes_many = condition.op == FilterOperator::kIn ||
                          condition.op == FilterOperator::kNin;
  if (condition.op == FilterOperator::kExists ? count != 0
                                              : !takes_many && count != 1) {
    return Invalid("FILTER_VALUE_INVALID",
                   "the condition on \"" + field + "\" has " +
                       std::to_string(count) +
                       " values; exists takes none, in and nin any number, "
                       "others one",
                   condition);
  }
  if (field != "date") {
    return absl::OkStatus();
  }
  if (condition.op == FilterOperator::kStartsWith ||
      condition.op == FilterOperator::kContains) {
    return Invalid("FILTER_OPERATOR_INVALID",
                   "dates are compared with eq, ne, lt, lte, gt, gte, in, nin "
                   "and exists",
                   condition);
  }
  for (const std::string& value : condition.values) {
    if (!ParseDays(value)) {
      return Invalid(
          "FILTER_VALUE_INVALID",
          "\"" + value + "\" is no date; write 2026, 2026-04 or 2026-04-21",
          condition);
    }
  }
  return absl::OkStatus();
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
absl::Status CheckNode(const Filter& filter, uint32_t depth, uint32_t* nodes) {
  *nodes += 1 + static_cast<uint32_t>(filter.values.size());
  if (depth > kMaxFilterDepth || *nodes > kMaxFilterNodes) {
    return Invalid("FILTER_TOO_LARGE",
                   "a filter may be " + std::to_string(kMaxFilterDepth) +
                       " levels deep and have " +
                       std::to_string(kMaxFilterNodes) +
                       " parts and values in all",
                   filter);
  }
  if (filter.kind == Filter::Kind::kCondition) {
    return CheckCondition(filter);
  }
  for (const Filter& part : filter.parts) {
    FOOTNOTE_RETURN_IF_ERROR(CheckNode(part, depth + 1, nodes));
  }
  return absl::OkStatus();
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
    FOOTNOTE_ASSIGN_OR_RETURN(PassageSet set, ApplyCondition(filter));
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

  // The passages that meet the positive form of a condition.
  absl::StatusOr<PassageSet> ApplyCondition(const Filter& condition) {
    const std::string& field = condition.field;
    if (field == "entity" || field == "entity_type") {
      return ApplyToEntities(condition, field == "entity_type");
    }
    if (field == "document_id") {
      const StringCondition is_wanted(condition);
      return ApplyToDocuments([&](uint32_t document) {
        return is_wanted.IsMetBy(segment_.document_id(document));
      });
    }
    if (field == "date") {
      std::vector<Days> days;
      for (const std::string& value : condition.values) {
        days.push_back(ParseDays(value).value_or(Days()));
      }
      return ApplyToDocuments([&](uint32_t document) {
        const int32_t day = segment_.document_facets(document).day;
        return day != index::kNoDay && DayMeets(day, condition.op, days);
      });
    }
    const StringCondition is_wanted(condition);
    std::vector<bool> meets;  // by ordinal
    for (uint32_t i = 0; i < segment_.facet_value_count(); ++i) {
      meets.push_back(is_wanted.IsMetBy(FacetValueOf(segment_, i)));
    }
    const auto ordinal = field == "language"
                             ? &index::DocumentFacets::language
                             : &index::DocumentFacets::source_type;
    return ApplyToDocuments([&](uint32_t document) {
      return meets[segment_.document_facets(document).*ordinal];
    });
  }

  absl::StatusOr<PassageSet> ApplyToDocuments(
      const std::function<bool(uint32_t document)>& meets) {
    PassageSet set(segment_.passage_count());
    for (uint32_t i = 0; i < segment_.document_count(); ++i) {
      if (i % kDocumentsPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      if (meets(i)) {
        const index::DocumentPlace& place = segment_.document_place(i);
        set.AddRange(place.first_passage,
                     place.first_passage + place.passage_count);
      }
    }
    return set;
  }

  absl::StatusOr<PassageSet> ApplyToEntities(const Filter& condition,
                                             bool by_type) {
    PassageSet set(segment_.passage_count());
    const absl::Status read = index::CatchXapian(
        [&] { return AddEntities(StringCondition(condition), by_type, &set); });
    FOOTNOTE_RETURN_IF_ERROR(read);
    return set;
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

absl::Status CheckFilter(const Filter& filter) {
  uint32_t nodes = 0;
  return CheckNode(filter, 1, &nodes);
}

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
