// Promises 1 and 2 over texts made to break them.

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/documents.h"
#include "server/search/searcher.h"
#include "tests/search/nasty_texts.h"
#include "tests/search/span_checks.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

class NastySpans : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    collection_ = new GrowingCollection;
    texts_ = new std::vector<NastyText>(WriteNastyTexts(collection_));
    collection_->Write("entities.tsv",
                       "ORG\tamazon\tAmazon\tAMZN|Ama\u0301zon Inc\n"
                       "ORG\taws\tAWS\t\n"
                       "PRODUCT\tfamily\tFamily\t漢|👍\n"
                       "PLACE\tislam\tعربي\tहिन्दी|東京\n");
    const auto built = collection_->Build();
    ASSERT_THAT(built, IsOk());
    for (const sources::Skipped& skipped : built->skipped) {
      ADD_FAILURE() << skipped.path << " " << skipped.status;
    }
    generation_ = collection_->Open();
  }
  static void TearDownTestSuite() {
    generation_.reset();
    delete texts_;
    delete collection_;
  }

  static GrowingCollection* collection_;
  static std::vector<NastyText>* texts_;
  static std::shared_ptr<const index::Generation> generation_;
};

GrowingCollection* NastySpans::collection_ = nullptr;
std::vector<NastyText>* NastySpans::texts_ = nullptr;
std::shared_ptr<const index::Generation> NastySpans::generation_;

TEST_F(NastySpans, PassagesTileEveryDocument) {
  std::vector<std::string> ids;
  for (const NastyText& text : *texts_) {
    SCOPED_TRACE(text.id);
    ExpectTiling(*generation_, text.id, SlicedText(text.text), &ids);
  }
  EXPECT_EQ(generation_->info().documents, texts_->size());
  EXPECT_EQ(generation_->info().passages, ids.size());
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

TEST_F(NastySpans, SearchGivesExactSpans) {
  std::map<std::string, SlicedText> documents;
  for (const NastyText& text : *texts_) {
    documents.emplace(text.id, SlicedText(text.text));
  }
  size_t highlights = 0;
  size_t mentions = 0;
  std::vector<std::string> queries = {"cafe naive zalgo amazon",
                                      "family met 👍🏿 🏳️‍🌈",
                                      "🇩🇪 flags 🇩",
                                      "first second paragraph",
                                      "أمازون شركة العالم",
                                      "שלום עליכם",
                                      "한글 \u1112\u1161\u11ab",
                                      "ภาษาไทย น้ำ",
                                      "हिन्दी क्षत्रिय",
                                      "這是一個句子",
                                      "東京タワー か\u3099",
                                      "𝒳 𐐀 end word",
                                      "überschrift body two",
                                      "größe café forêt",
                                      "x",
                                      "a b",
                                      "漢"};
  for (const NastyText& text : *texts_) {
    queries.push_back(
        text.text.substr(0, text::FloorToGrapheme(text.text, size_t{60})));
  }
  for (const std::string& query : queries) {
    SCOPED_TRACE(testing::PrintToString(query));
    SearchOptions options;
    options.query = query;
    options.limit = kMaxPageSize;
    options.previous_count = 1;
    options.next_count = 1;
    const auto result = Search(View(*generation_), options, {});
    if (ErrorReason(result.status()) == "QUERY_EMPTY") {
      continue;
    }
    ASSERT_THAT(result, IsOk());
    for (const Passage& passage : result->passages) {
      SCOPED_TRACE(passage.document.document_id);
      ExpectPassage(documents.at(passage.document.document_id), passage);
      EXPECT_FALSE(passage.highlights.empty());
      highlights += passage.highlights.size();
      mentions += passage.mentions.size();
    }
  }
  EXPECT_GT(highlights, 10000U);
  EXPECT_GT(mentions, 100U);
}

TEST_F(NastySpans, RangesAreWidenedToGraphemes) {
  std::mt19937 random(7);
  for (const NastyText& text : *texts_) {
    SCOPED_TRACE(text.id);
    const SlicedText document(text.text);
    const uint64_t size = text.text.size();
    for (int i = 0; i < 200; ++i) {
      const uint64_t start = random() % (size + 1);
      const uint64_t length = 1 + random() % (i % 2 == 0 ? 8 : size);
      const uint64_t end = std::min(start + length, size);
      const auto range = GetDocument(View(*generation_), text.id, start, end);
      ASSERT_THAT(range, IsOk());
      const TextBlock& content = range->content;
      ExpectSpan(document, content.span, content.text);
      EXPECT_EQ(content.span.start.bytes,
                text::FloorToGrapheme(text.text, start));
      EXPECT_EQ(content.span.end.bytes, text::CeilToGrapheme(text.text, end));
      if (HasFailure()) {
        FAIL() << "bytes " << start << "-" << end << " of " << size;
      }
    }
  }
}

TEST_F(NastySpans, ContextsJoinTheirSpan) {
  std::mt19937 random(8);
  for (const NastyText& text : *texts_) {
    SCOPED_TRACE(text.id);
    const SlicedText document(text.text);
    const uint64_t size = text.text.size();
    for (uint32_t i = 0; i < 60; ++i) {
      const uint64_t start = random() % (size + 1);
      const uint64_t end = std::min(start + random() % 40, size);
      const ContextUnit unit =
          i % 2 == 0 ? ContextUnit::kSentence : ContextUnit::kPassage;
      const auto span =
          GetSpan(View(*generation_), text.id, start, end, {unit, i % 4});
      ASSERT_THAT(span, IsOk());
      ExpectProvenance(document, span->provenance, span->content.text);
      ExpectSpan(document, span->before.span, span->before.text);
      ExpectSpan(document, span->content.span, span->content.text);
      ExpectSpan(document, span->after.span, span->after.text);
      EXPECT_EQ(span->content.span, span->provenance.span);
      EXPECT_EQ(span->before.span.end, span->content.span.start);
      EXPECT_EQ(span->content.span.end, span->after.span.start);
      EXPECT_EQ(span->content.span.start.bytes,
                text::FloorToGrapheme(text.text, start));
      EXPECT_EQ(span->content.span.end.bytes,
                text::CeilToGrapheme(text.text, end));
      if (i % 4 == 0) {
        EXPECT_EQ(span->before.text + span->after.text, "");
      }
      if (HasFailure()) {
        FAIL() << "bytes " << start << "-" << end << " of " << size;
      }
    }
  }
}

TEST_F(NastySpans, PassageIdsAreTheSameInAnotherBuild) {
  GrowingCollection other;
  WriteNastyTexts(&other);
  other.Write("another", "A document more, before all others.");
  const auto generation = other.BuildAndOpen();
  for (const NastyText& text : *texts_) {
    EXPECT_EQ(PassageIds(*generation, text.id),
              PassageIds(*generation_, text.id))
        << text.id;
  }
}

}  // namespace
}  // namespace footnote::search
