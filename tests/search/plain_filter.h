// Filters as the documentation has them, without an index; and random ones.

#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/search/filter.h"
#include "tests/search/facet_tally.h"
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
  const std::vector<std::string>& wanted = condition.values;
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
          : ValuesOf(filter.field, passage, kDay);
  const bool is_met = std::any_of(
      values.begin(), values.end(),
      [&](const std::string& value) { return ValueMeets(value, filter); });
  const bool is_negative =
      filter.op == FilterOperator::kNe || filter.op == FilterOperator::kNin;
  return is_met != is_negative;
}

// Makes filters over collections of RandomDocuments.
class RandomFilters {
 public:
  explicit RandomFilters(uint32_t seed) : random_(seed) {}

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
    filter->field = Pick({"document_id", "source_type", "language", "date",
                          "entity", "entity_type"});
    do {
      filter->op = static_cast<FilterOperator>(
          Below(static_cast<size_t>(FilterOperator::kExists) + 1));
    } while (filter->field == "date" &&
             (filter->op == FilterOperator::kStartsWith ||
              filter->op == FilterOperator::kContains));
    const bool takes_list =
        filter->op == FilterOperator::kIn || filter->op == FilterOperator::kNin;
    const size_t values = filter->op == FilterOperator::kExists ? 0
                          : takes_list                          ? Below(4)
                                                                : 1;
    for (size_t i = 0; i < values; ++i) {
      filter->values.push_back(Value(filter->field));
    }
  }

  std::string Value(const std::string& field) {
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
};

}  // namespace footnote::search
