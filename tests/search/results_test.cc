// Counts, facets, highlights and pages against what a plain count over all
// passages gives.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/segment.h"
#include "indexer/text/analyzer.h"
#include "server/search/documents.h"
#include "server/search/ranking.h"
#include "server/search/searcher.h"
#include "tests/search/facet_tally.h"
#include "tests/search/same_results.h"
#include "tests/search/span_checks.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

// A passage with its words, analysed again sentence by sentence.
struct AnalysedPassage {
  Passage passage;
  std::set<std::string> words;
  std::set<std::string> stems;
};

class Results : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    RandomDocuments random(21);
    collection_ = new GrowingCollection;
    collection_->Write("entities.tsv", RandomDocuments::Gazetteer());
    for (int i = 0; i < 30; ++i) {
      const std::string name = std::to_string(i);
      collection_->Write(name + ".md", random.Markdown());
      collection_->Write(name + ".jsonl",
                         random.Line("a" + name) + random.Line("b" + name));
      if (i % 10 == 9) {
        ASSERT_THAT(collection_->Build(), IsOk());
        collection_->Write("0.md", random.Markdown());
        collection_->Remove(std::to_string(i - 3) + ".jsonl");
      }
    }
    generation_ = collection_->BuildAndOpen();
    ReadPassages();
  }
  static void TearDownTestSuite() {
    generation_.reset();
    delete passages_;
    delete collection_;
  }

  static void ReadPassages() {
    passages_ = new std::vector<AnalysedPassage>;
    text::Analyzer analyzer;
    const auto documents = *ListDocuments(View(*generation_), "", 1000);
    for (const index::DocumentRecord& document : documents) {
      for (const std::string& id :
           PassageIds(*generation_, document.document_id)) {
        AnalysedPassage analysed;
        analysed.passage = *GetPassage(View(*generation_), id, 0, 0);
        for (const TextBlock& block : analysed.passage.blocks) {
          for (const text::Token& token :
               analyzer.Analyze(block.text, document.language)) {
            analysed.words.insert(token.word);
            analysed.stems.insert(token.stem);
          }
        }
        passages_->push_back(std::move(analysed));
      }
    }
  }

  // A random query without function words, which Search() may leave out.
  static std::string RandomQuery(RandomDocuments* random) {
    std::string query;
    for (size_t left = 1 + random->Below(4); left > 0;) {
      const std::string word = random->Word();
      const bool is_stop_word = word == "the" || word == "of" || word == "und";
      if (!is_stop_word) {
        query += word + " ";
        --left;
      }
    }
    return query;
  }

  // Returns whether a passage has a word of the query, by the book: a stem in
  // the passage's language, or a lone character anywhere.
  static bool Matches(const std::string& query,
                      const AnalysedPassage& passage) {
    text::Analyzer analyzer;
    const auto tokens =
        analyzer.Analyze(query, passage.passage.document.language);
    for (size_t i = 0; i < tokens.size(); ++i) {
      const bool ends_bigram =
          i > 0 && tokens[i - 1].joins_next && !tokens[i].joins_next;
      const bool is_alone =
          tokens[i].is_character && !tokens[i].joins_next && !ends_bigram;
      if ((!ends_bigram && passage.stems.contains(tokens[i].stem)) ||
          (is_alone && passage.words.contains(tokens[i].word))) {
        return true;
      }
    }
    return false;
  }

  static GrowingCollection* collection_;
  static std::shared_ptr<const index::Generation> generation_;
  static std::vector<AnalysedPassage>* passages_;
};

GrowingCollection* Results::collection_ = nullptr;
std::shared_ptr<const index::Generation> Results::generation_;
std::vector<AnalysedPassage>* Results::passages_ = nullptr;

TEST_F(Results, AreCountedExactly) {
  RandomDocuments random(22);
  const std::vector<std::pair<FacetSpec, size_t>> specs = {
      {{"entity", 3}, 0},
      {{"entity_type", 10}, 0},
      {{"source_type", 1}, 0},
      {{"language", 10}, 0},
      {{"date", 5, DateInterval::kDay}, 10},
      {{"date", 100, DateInterval::kMonth}, 7},
      {{"date", 100, DateInterval::kYear}, 4}};
  uint64_t matches = 0;
  for (int i = 0; i < 150; ++i) {
    SearchOptions options;
    options.query = RandomQuery(&random);
    options.limit = kMaxPageSize;
    SCOPED_TRACE(options.query);
    std::vector<FacetTally> tallies(specs.size());
    uint64_t passages = 0;
    std::set<std::string> documents;
    std::set<std::string> ids;
    for (const AnalysedPassage& analysed : *passages_) {
      if (!Matches(options.query, analysed)) {
        continue;
      }
      ++passages;
      ids.insert(analysed.passage.passage_id);
      documents.insert(analysed.passage.document.document_id);
      for (size_t k = 0; k < specs.size(); ++k) {
        tallies[k].Add(
            ValuesOf(specs[k].first.field, analysed.passage, specs[k].second),
            analysed.passage);
      }
    }
    for (const auto& [spec, chars] : specs) {
      options.facets.push_back(spec);
    }
    const auto result = Search(View(*generation_), options, {});
    ASSERT_THAT(result, IsOk());
    EXPECT_EQ(result->count->passages, passages);
    EXPECT_EQ(result->count->documents, documents.size());
    ASSERT_EQ(result->facets.size(), specs.size());
    for (size_t k = 0; k < specs.size(); ++k) {
      tallies[k].ExpectEqual(result->facets[k], specs[k].first.limit);
    }
    EXPECT_EQ(result->passages.size(),
              std::min<uint64_t>(passages, kMaxPageSize));
    for (const Passage& passage : result->passages) {
      EXPECT_EQ(ids.count(passage.passage_id), 1U);
    }
    matches += passages;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(matches, 1000U);
}

TEST_F(Results, AreTheSameInPagesOfAnySize) {
  RandomDocuments random(23);
  for (int i = 0; i < 12; ++i) {
    SearchOptions options;
    options.query = RandomQuery(&random);
    options.limit = 1000;
    const auto all = Search(View(*generation_), options, {});
    ASSERT_THAT(all, IsOk());
    EXPECT_FALSE(all->has_more);
    EXPECT_EQ(all->count->passages, all->passages.size());
    for (const uint32_t size : {1U, 7U, 10U}) {
      options.limit = size;
      bool has_more = true;
      size_t rank = 0;
      for (options.offset = 0; has_more; options.offset += size) {
        const auto page = Search(View(*generation_), options, {});
        ASSERT_THAT(page, IsOk());
        for (const Passage& passage : page->passages) {
          ASSERT_LT(rank, all->passages.size());
          ExpectSamePassage(passage, all->passages[rank]);
          EXPECT_EQ(passage.rank, ++rank);
        }
        ExpectSameCount(*page->count, *all->count);
        has_more = page->has_more;
        ASSERT_FALSE(HasFailure());
      }
      EXPECT_EQ(rank, all->passages.size());
    }
  }
}

TEST_F(Results, AreOrderedByScoreThenDocument) {
  RandomDocuments random(24);
  for (int i = 0; i < 50; ++i) {
    SearchOptions options;
    options.query = RandomQuery(&random);
    options.limit = 1000;
    const auto result = Search(View(*generation_), options, {});
    ASSERT_THAT(result, IsOk());
    for (size_t k = 0; k < result->passages.size(); ++k) {
      const Passage& passage = result->passages[k];
      EXPECT_GT(passage.score, 0);
      EXPECT_GE(passage.relevance, 0);
      EXPECT_LE(passage.relevance, 1);
      // Exact sums are multiples of 2^-24.
      EXPECT_EQ(
          passage.score * (1 << 24),
          static_cast<double>(static_cast<int64_t>(passage.score * (1 << 24))));
      if (k > 0) {
        const Passage& before = result->passages[k - 1];
        const auto key = [](const Passage& p) {
          return std::make_tuple(-p.score, p.document.document_id,
                                 p.provenance.ordinal);
        };
        EXPECT_LT(key(before), key(passage));
      }
    }
  }
}

// What is marked is what matched: each mark's words are words of the query, and
// nothing else in the passage is.
TEST_F(Results, AreHighlightedWhereTheyMatch) {
  RandomDocuments random(25);
  text::Analyzer analyzer;
  for (int i = 0; i < 100; ++i) {
    SearchOptions options;
    options.query = RandomQuery(&random);
    options.limit = 20;
    SCOPED_TRACE(options.query);
    const auto result = Search(View(*generation_), options, {});
    ASSERT_THAT(result, IsOk());
    for (const Passage& passage : result->passages) {
      ASSERT_FALSE(passage.highlights.empty());
      std::string rest = passage.text;
      for (const Highlight& highlight : passage.highlights) {
        const Span& span = highlight.span;
        AnalysedPassage marked;
        marked.passage.document.language = passage.document.language;
        const std::string text = passage.text.substr(
            span.start.bytes, span.end.bytes - span.start.bytes);
        for (const text::Token& token :
             analyzer.Analyze(text, passage.document.language)) {
          marked.words.insert(token.word);
          marked.stems.insert(token.stem);
        }
        EXPECT_TRUE(Matches(options.query, marked)) << text;
        EXPECT_NE(result->executed_query.find(highlight.term),
                  std::string::npos);
        std::fill(rest.begin() + static_cast<ptrdiff_t>(span.start.bytes),
                  rest.begin() + static_cast<ptrdiff_t>(span.end.bytes), ' ');
      }
      AnalysedPassage unmarked;
      unmarked.passage.document.language = passage.document.language;
      for (const text::Token& token :
           analyzer.Analyze(rest, passage.document.language)) {
        unmarked.words.insert(token.word);
        unmarked.stems.insert(token.stem);
      }
      EXPECT_FALSE(Matches(options.query, unmarked)) << rest;
      ASSERT_FALSE(HasFailure()) << passage.text;
    }
  }
}

TEST_F(Results, BringTheirNeighbours) {
  SearchOptions options;
  options.query = "river";
  options.limit = 50;
  options.previous_count = 2;
  options.next_count = 3;
  const auto result = Search(View(*generation_), options, {});
  ASSERT_THAT(result, IsOk());
  ASSERT_FALSE(result->passages.empty());
  for (const Passage& passage : result->passages) {
    const auto ids = PassageIds(*generation_, passage.document.document_id);
    const size_t at = passage.provenance.ordinal;
    ASSERT_EQ(ids.at(at), passage.passage_id);
    ASSERT_EQ(passage.previous.size(), std::min<size_t>(2, at));
    ASSERT_EQ(passage.next.size(), std::min<size_t>(3, ids.size() - 1 - at));
    for (size_t i = 0; i < passage.previous.size(); ++i) {
      EXPECT_EQ(passage.previous[i].passage_id,
                ids[at - passage.previous.size() + i]);
      EXPECT_EQ(passage.previous[i].rank, 0U);
    }
    for (size_t i = 0; i < passage.next.size(); ++i) {
      EXPECT_EQ(passage.next[i].passage_id, ids[at + 1 + i]);
    }
  }
}

TEST_F(Results, AreNotCountedWhereNobodyAsks) {
  SearchOptions options;
  options.query = "river";
  options.count = false;
  const auto result = Search(View(*generation_), options, {});
  ASSERT_THAT(result, IsOk());
  EXPECT_FALSE(result->passages.empty());
  EXPECT_FALSE(result->count.has_value());
  options.facets = {{"language"}};
  const auto counted = Search(View(*generation_), options, {});
  ASSERT_THAT(counted, IsOk());
  EXPECT_FALSE(counted->count.has_value());
  EXPECT_FALSE(counted->facets[0].values.empty());
}

TEST_F(Results, RefuseAFacetThatIsNone) {
  SearchOptions options;
  options.query = "river";
  options.facets = {{"language"}, {"passage_id"}};
  const auto result = Search(View(*generation_), options, {});
  EXPECT_THAT(result, FailsWith(absl::StatusCode::kInvalidArgument,
                                "FACET_FIELD_UNKNOWN"));
  EXPECT_EQ(GetErrorDetails(result.status()).at("value"), "passage_id");
}

TEST_F(Results, HaveALimitOfDepth) {
  SearchOptions options;
  options.query = "river";
  options.offset = kMaxResults - 10;
  EXPECT_THAT(Search(View(*generation_), options, {}), IsOk());
  for (const uint32_t offset : {kMaxResults - 9, UINT32_MAX, UINT32_MAX - 10}) {
    options.offset = offset;
    EXPECT_THAT(Search(View(*generation_), options, {}),
                FailsWith(absl::StatusCode::kInvalidArgument, "PAGE_TOO_DEEP"))
        << offset;
  }
  options.offset = 10;
  options.limit = UINT32_MAX;
  EXPECT_THAT(Search(View(*generation_), options, {}),
              FailsWith(absl::StatusCode::kInvalidArgument, "PAGE_TOO_DEEP"));
}

// A word that stands in no passage but in a title weighs as one that stands in
// one passage, not more.
TEST(TitleWords, WeighAsWordsOfOnePassage) {
  GrowingCollection collection;
  collection.Write("a.md", "---\ntitle: Zebra\n---\nThe fox runs.\n");
  collection.Write("b.md", "---\ntitle: Other\n---\nA fox and a quagga.\n");
  const auto generation = collection.BuildAndOpen();
  ASSERT_EQ(generation->info().passages, 2U);
  SearchOptions options;
  options.query = "fox zebra";
  options.ranking.explain = true;
  const auto result = Search(View(*generation), options, {});
  ASSERT_THAT(result, IsOk());
  ASSERT_EQ(result->passages[0].document.document_id, "a.md");
  double in_title = 0;
  for (const Contribution& part : result->passages[0].contributions) {
    in_title += part.word == "zebra" && part.field == "title" ? part.value : 0;
  }
  EXPECT_EQ(in_title, RoundContribution(Idf(2, 1) * kTitleWeight));
}

// A page of very long passages ends early, and the next one goes on from there.
TEST(LongResults, EndTheirPageEarlyButMissNothing) {
  GrowingCollection collection;
  std::string lines;
  for (int i = 0; i < 20; ++i) {
    std::string text;
    while (text.size() < 150000) {
      text += "Fox" + std::string(900, 'x') + " fox. ";
    }
    lines += JsonLine("d" + std::to_string(i), text);
  }
  collection.Write("long.jsonl", lines);
  const auto generation = collection.BuildAndOpen();
  SearchOptions options;
  options.query = "fox";
  options.limit = kMaxPageSize;
  options.previous_count = kMaxNeighbours;
  options.next_count = kMaxNeighbours;
  std::set<std::string> ids;
  bool has_more = true;
  int pages = 0;
  while (has_more && pages < 1000) {
    const auto page = Search(View(*generation), options, {});
    ASSERT_THAT(page, IsOk());
    ASSERT_FALSE(page->passages.empty());
    uint64_t bytes = 0;
    for (const Passage& passage : page->passages) {
      EXPECT_EQ(passage.rank, ++options.offset);
      EXPECT_TRUE(ids.insert(passage.passage_id).second);
      bytes += passage.text.size();
    }
    EXPECT_LT(page->passages.size(), kMaxPageSize);
    EXPECT_LT(bytes, kMaxTextBytes);
    has_more = page->has_more;
    ++pages;
  }
  EXPECT_EQ(ids.size(), generation->info().passages);
  EXPECT_GT(pages, 3);
}

}  // namespace
}  // namespace footnote::search
