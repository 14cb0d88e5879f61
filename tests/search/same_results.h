// Whether two generations answer alike.

#pragma once

#include <string>

#include <gtest/gtest.h>

#include "server/search/searcher.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {

inline void ExpectSameCount(const MatchCount& a, const MatchCount& b) {
  EXPECT_EQ(a.passages, b.passages);
  EXPECT_EQ(a.documents, b.documents);
}

inline void ExpectSamePassage(const Passage& a, const Passage& b) {
  EXPECT_EQ(a.passage_id, b.passage_id);
  EXPECT_EQ(a.document.document_id, b.document.document_id);
  EXPECT_EQ(a.rank, b.rank);
  EXPECT_EQ(a.score, b.score);  // to the last bit
  EXPECT_EQ(a.relevance, b.relevance);
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.provenance.span, b.provenance.span);
  EXPECT_EQ(a.blocks.size(), b.blocks.size());
  ASSERT_EQ(a.highlights.size(), b.highlights.size());
  for (size_t i = 0; i < a.highlights.size(); ++i) {
    EXPECT_EQ(a.highlights[i].span, b.highlights[i].span);
    EXPECT_EQ(a.highlights[i].term, b.highlights[i].term);
  }
  ASSERT_EQ(a.mentions.size(), b.mentions.size());
  for (size_t i = 0; i < a.mentions.size(); ++i) {
    EXPECT_EQ(a.mentions[i].id, b.mentions[i].id);
    EXPECT_EQ(a.mentions[i].name, b.mentions[i].name);
    EXPECT_EQ(a.mentions[i].span, b.mentions[i].span);
  }
  EXPECT_EQ(a.document_matches, b.document_matches);
  EXPECT_EQ(a.duplicate_count, b.duplicate_count);
  ASSERT_EQ(a.duplicates.size(), b.duplicates.size());
  for (size_t i = 0; i < a.duplicates.size(); ++i) {
    EXPECT_EQ(a.duplicates[i].passage_id, b.duplicates[i].passage_id);
    EXPECT_EQ(a.duplicates[i].document_id, b.duplicates[i].document_id);
    EXPECT_EQ(a.duplicates[i].resemblance, b.duplicates[i].resemblance);
  }
}

inline void ExpectSameFacet(const Facet& a, const Facet& b) {
  EXPECT_EQ(a.field, b.field);
  EXPECT_EQ(a.other_values, b.other_values);
  ExpectSameCount(a.missing, b.missing);
  ASSERT_EQ(a.values.size(), b.values.size());
  for (size_t i = 0; i < a.values.size(); ++i) {
    EXPECT_EQ(a.values[i].value, b.values[i].value);
    EXPECT_EQ(a.values[i].name, b.values[i].name);
    ExpectSameCount(a.values[i].count, b.values[i].count);
  }
}

inline void ExpectSameResult(const SearchResult& a, const SearchResult& b) {
  EXPECT_EQ(a.executed_query, b.executed_query);
  EXPECT_EQ(a.has_more, b.has_more);
  EXPECT_EQ(a.warnings.size(), b.warnings.size());
  ASSERT_EQ(a.count.has_value(), b.count.has_value());
  if (a.count) {
    ExpectSameCount(*a.count, *b.count);
  }
  ASSERT_EQ(a.passages.size(), b.passages.size());
  for (size_t i = 0; i < a.passages.size(); ++i) {
    ExpectSamePassage(a.passages[i], b.passages[i]);
  }
  ASSERT_EQ(a.facets.size(), b.facets.size());
  for (size_t i = 0; i < a.facets.size(); ++i) {
    ExpectSameFacet(a.facets[i], b.facets[i]);
  }
  ASSERT_EQ(a.hidden.has_value(), b.hidden.has_value());
  if (a.hidden) {
    EXPECT_EQ(a.hidden->looked_at, b.hidden->looked_at);
    EXPECT_EQ(a.hidden->duplicates, b.hidden->duplicates);
    EXPECT_EQ(a.hidden->beyond_document, b.hidden->beyond_document);
  }
}

// Searches both with `options`, which must go well, and compares.
inline void ExpectSameAnswer(const index::Generation& one,
                             const index::Generation& two,
                             const SearchOptions& options) {
  const auto a = Search(View(one), options, {});
  const auto b = Search(View(two), options, {});
  ASSERT_THAT(a, IsOk());
  ASSERT_THAT(b, IsOk());
  ExpectSameResult(*a, *b);
}

}  // namespace footnote::search
