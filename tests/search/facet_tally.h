// Facets counted by hand.

#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/search/filter.h"
#include "server/search/result.h"
#include "tests/search/plain_metadata.h"

namespace footnote::search {

// Counts values by hand.
class FacetTally {
 public:
  void Add(const std::set<std::string>& values, const Passage& passage) {
    for (const std::string& value : values) {
      ++passages_[value];
      documents_[value].insert(passage.document.document_id);
    }
    if (values.empty()) {
      ++missing_passages_;
      missing_documents_.insert(passage.document.document_id);
    }
  }

  void ExpectEqual(const Facet& facet, size_t limit) const {
    SCOPED_TRACE(facet.field);
    std::vector<std::pair<int64_t, std::string>> order;
    order.reserve(passages_.size());
    for (const auto& [value, count] : passages_) {
      order.emplace_back(-static_cast<int64_t>(count), value);
    }
    std::sort(order.begin(), order.end());
    const size_t listed = std::min(limit, order.size());
    EXPECT_EQ(facet.other_values, order.size() - listed);
    EXPECT_EQ(facet.missing.passages, missing_passages_);
    EXPECT_EQ(facet.missing.documents, missing_documents_.size());
    ASSERT_EQ(facet.values.size(), listed);
    for (size_t i = 0; i < listed; ++i) {
      const std::string& value = order[i].second;
      EXPECT_EQ(facet.values[i].value, value);
      EXPECT_EQ(facet.values[i].count.passages, passages_.at(value));
      EXPECT_EQ(facet.values[i].count.documents, documents_.at(value).size());
    }
  }

 private:
  std::map<std::string, uint64_t> passages_;
  std::map<std::string, std::set<std::string>> documents_;
  uint64_t missing_passages_ = 0;
  std::set<std::string> missing_documents_;
};

// Returns the values that a passage has in a field; of a date so many
// characters.
inline std::set<std::string> ValuesOf(const std::string& field,
                                      const Passage& passage,
                                      size_t date_chars) {
  std::set<std::string> values;
  if (field == "language") {
    values = {passage.document.language};
  } else if (field == "source_type") {
    values = {passage.document.source_type};
  } else if (field == "date") {
    const auto metadata = nlohmann::json::parse(passage.document.metadata_json);
    if (metadata.contains("date")) {
      values = {metadata["date"].get<std::string>().substr(0, date_chars)};
    }
  } else if (!IsBuiltInField(field)) {
    values = TextsOf(JsonValues(passage.document.metadata_json, field));
  } else {
    for (const EntityMention& mention : passage.mentions) {
      values.insert(field == "entity" ? mention.type + "/" + mention.id
                                      : mention.type);
    }
  }
  return values;
}

}  // namespace footnote::search
