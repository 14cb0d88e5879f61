// Filters as the documentation has them, without an index; and random ones.

#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/search/filter.h"
#include "tests/search/facet_tally.h"
#include "tests/search/plain_metadata.h"
#include "tests/testing/random_documents.h"

namespace footnote::search {

// Whether one value meets a condition that is not negative. A date compares by
// as many characters as the condition has: "2026-04" is all of April.
inline bool ValueMeets(const std::string& whole, const Filter& condition) {
  const auto compare = [&](const std::string& wanted) {
    return condition.field == "date"
               ? whole.substr(0, wanted.size()).compare(wanted)
               : whole.compare(wanted);
  };
  std::vector<std::string> wanted;
  for (const FilterValue& value : condition.values) {
    wanted.push_back(std::get<std::string>(value));
  }
  switch (condition.op) {
    case FilterOperator::kLt:
      return compare(wanted[0]) < 0;
    case FilterOperator::kLte:
      return compare(wanted[0]) <= 0;
    case FilterOperator::kGt:
      return compare(wanted[0]) > 0;
    case FilterOperator::kGte:
      return compare(wanted[0]) >= 0;
    case FilterOperator::kStartsWith:
      return whole.rfind(wanted[0], 0) == 0;
    case FilterOperator::kContains:
      return whole.find(wanted[0]) != std::string::npos;
    case FilterOperator::kExists:
      return true;
    default:
      return std::any_of(
          wanted.begin(), wanted.end(),
          [&](const std::string& one) { return compare(one) == 0; });
  }
}

// Whether a passage meets a filter.
inline bool Meets(const Passage& passage, const Filter& filter) {
  const auto meets = [&](const Filter& part) { return Meets(passage, part); };
  switch (filter.kind) {
    case Filter::Kind::kAll:
      return std::all_of(filter.parts.begin(), filter.parts.end(), meets);
    case Filter::Kind::kAny:
      return std::any_of(filter.parts.begin(), filter.parts.end(), meets);
    case Filter::Kind::kNot:
      return !meets(filter.parts.front());
    case Filter::Kind::kCondition:
      break;
  }
  constexpr size_t kDay = 10;
  const std::set<std::string> values =
      filter.field == "document_id"
          ? std::set<std::string>{passage.document.document_id}
      : filter.field == "passage_id" ? std::set<std::string>{passage.passage_id}
                                     : ValuesOf(filter.field, passage, kDay);
  const bool is_met =
      IsBuiltInField(filter.field)
          ? std::any_of(values.begin(), values.end(),
                        [&](const std::string& value) {
                          return ValueMeets(value, filter);
                        })
          : MetadataMeet(passage.document.metadata_json, filter);
  const bool is_negative =
      filter.op == FilterOperator::kNe || filter.op == FilterOperator::kNin;
  return is_met != is_negative;
}

// Makes filters over collections of RandomDocuments.
class RandomFilters {
 public:
  // `passage_ids` are those that conditions ask for.
  explicit RandomFilters(uint32_t seed,
                         std::vector<std::string> passage_ids = {"none"})
      : random_(seed), passage_ids_(std::move(passage_ids)) {}

  // A tree of at most so many levels.
  Filter Make(size_t levels) {
    Filter filter;
    filter.kind = levels < 2
                      ? Filter::Kind::kCondition
                      : std::vector{Filter::Kind::kAll, Filter::Kind::kAny,
                                    Filter::Kind::kNot,
                                    Filter::Kind::kCondition}[Below(4)];
    if (filter.kind == Filter::Kind::kCondition) {
      FillCondition(&filter);
      return filter;
    }
    const size_t parts = filter.kind == Filter::Kind::kNot ? 1 : 1 + Below(4);
    for (size_t i = 0; i < parts; ++i) {
      filter.parts.push_back(Make(levels - 1));
    }
    return filter;
  }

 private:
  size_t Below(size_t bound) { return random_.Below(bound); }

  std::string Pick(const std::vector<std::string>& values) {
    return values[Below(values.size())];
  }

  void FillCondition(Filter* filter) {
    filter->field = Below(2) == 0
                        ? Pick({"document_id", "passage_id", "source_type",
                                "language", "date", "entity", "entity_type"})
                        : Pick({"year", "rating", "open", "tags", "author.name",
                                "author.born", "seen", "metadata.language",
                                "metadata.date", "author", "nobody"});
    do {
      filter->op = static_cast<FilterOperator>(
          Below(static_cast<size_t>(FilterOperator::kExists) + 1));
    } while (!CheckedByItself(*filter));
    const bool takes_list =
        filter->op == FilterOperator::kIn || filter->op == FilterOperator::kNin;
    const size_t values = filter->op == FilterOperator::kExists ? 0
                          : takes_list                          ? Below(4)
                                                                : 1;
    for (size_t i = 0; i < values; ++i) {
      const bool is_text = filter->op == FilterOperator::kStartsWith ||
                           filter->op == FilterOperator::kContains;
      filter->values.push_back(IsBuiltInField(filter->field)
                                   ? FilterValue(Value(filter->field))
                               : is_text ? FilterValue(MetadataText())
                                         : MetadataValue(filter->field));
    }
  }

  // Whether the field has the operator.
  static bool CheckedByItself(const Filter& filter) {
    const bool is_text = filter.op == FilterOperator::kStartsWith ||
                         filter.op == FilterOperator::kContains;
    const bool is_range =
        filter.op >= FilterOperator::kLt && filter.op <= FilterOperator::kGte;
    return !(filter.field == "date" && is_text) &&
           !(filter.field == "passage_id" && (is_text || is_range));
  }

  std::string MetadataText() {
    return Pick({"red", "ed", "", "7", "Ann", "n", "1970", "197", "unknown",
                 "2026-04-21", "2026-04-2", "2026", "T09", "never", "d", "de"});
  }

  FilterValue MetadataValue(const std::string& field) {
    if (Below(8) == 0) {  // of any type
      return std::vector<FilterValue>{"7", 7.0, true, "2026"}[Below(4)];
    }
    if (field == "year") {
      return 2018.0 + static_cast<double>(Below(20)) / 2;
    }
    if (field == "rating") {
      return static_cast<double>(Below(45)) / 4 - 5.5;
    }
    if (field == "open") {
      return Below(2) == 0;
    }
    if (field == "author.born") {
      return Pick({"1970", "1970-05", "1970-05-01", "1971", "unknown", "v",
                   "1970-05-02T00:00:00Z"});
    }
    if (field == "seen" || field == "metadata.date") {
      return Pick({"2026-04-21T09:30:00Z", "2026-04-21T12:00:00Z", "2026-04-21",
                   "2026-04", "2026", "2025", "never", "n", "2023-05",
                   "2024-05-11"});
    }
    return MetadataText();
  }

  std::string Value(const std::string& field) {
    if (field == "passage_id") {
      return Pick(passage_ids_);
    }
    if (field == "document_id") {
      return Pick({"s1", "s10", "s7919.md", "s3", ".md", "/a", "/z", "s9", "x",
                   "", "s5838/c"});
    }
    if (field == "source_type") {
      return Pick({"news", "blog", "FILE", "b", "log", "", "zzz"});
    }
    if (field == "language") {
      return Pick({"en", "de", "ja", "ru", "und", "e", "u", "fr", ""});
    }
    if (field == "entity") {
      return Pick({"ORG/amazon", "ORG/aws", "PLACE/tokyo", "ANIMAL/fox", "ORG",
                   "/", "fox", "PLACE/paris", "ORG/", ""});
    }
    if (field == "entity_type") {
      return Pick({"ORG", "PLACE", "ANIMAL", "O", "A", "PERSON", ""});
    }
    const std::string year = "202" + std::to_string(Below(8));
    const std::string month = year + "-0" + std::to_string(1 + Below(9));
    const std::string day = month + "-1" + std::to_string(Below(10));
    return Pick({year, month, day, "2023-12-31", "2024-02", "0001", "9999"});
  }

  RandomDocuments random_;
  std::vector<std::string> passage_ids_;
};

}  // namespace footnote::search
