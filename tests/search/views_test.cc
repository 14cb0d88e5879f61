// What a principal may not read is, for it, not there: a view of a collection
// answers, bit for bit, as a collection built without the hidden documents.

#include "server/search/view.h"

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "server/search/documents.h"
#include "server/search/searcher.h"
#include "tests/search/plain_filter.h"
#include "tests/search/same_results.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

// Returns, for each segment, the documents with these ids, gone ones too.
std::vector<Roaring> Unreadable(const index::Generation& generation,
                                const std::set<std::string>& hidden) {
  std::vector<Roaring> sets;
  for (const auto& segment : generation.segments()) {
    Roaring& set = sets.emplace_back();
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      if (hidden.contains(std::string(segment->document_id(i)))) {
        set.add(i);
      }
    }
  }
  return sets;
}

// A third of the documents, and all that are in Russian.
std::set<std::string> SomeDocuments(const index::Generation& generation) {
  std::set<std::string> ids;
  RandomDocuments random(7);
  const auto documents = *ListDocuments(View(generation), "", 10000);
  for (const index::DocumentRecord& document : documents) {
    if (random.Below(3) == 0 || document.language == "ru") {
      ids.insert(document.document_id);
    }
  }
  return ids;
}

std::vector<FacetSpec> AllFacets() {
  return {{"entity", 2},
          {"entity_type", 10},
          {"source_type", 1},
          {"language", 10},
          {"date", 4, DateInterval::kMonth}};
}

class Views : public testing::TestWithParam<size_t> {
 protected:
  Views() : corpus_(5, 90) {
    all_ = corpus_.BuildSplit(GetParam(), &collection_);
    hidden_ = SomeDocuments(*all_);
    readable_ = corpus_.BuildWhole(&twin_, [this](const std::string& id) {
      return !hidden_.contains(id);
    });
  }

  SearchOptions RandomOptions(RandomDocuments* random, RandomFilters* filters) {
    SearchOptions options;
    options.query = corpus_.Query(random);
    if (random->Below(3) == 0) {
      const std::array<const char*, 5> prefixes = {" p*", " rare1*", " r*",
                                                   " ba*", " re*"};
      options.query += prefixes[random->Below(prefixes.size())];
    }
    if (random->Below(2) == 0) {
      options.filter = filters->Make(3);
    }
    options.limit = static_cast<uint32_t>(1 + random->Below(90));
    options.offset = static_cast<uint32_t>(random->Below(30));
    options.facets = AllFacets();
    options.next_count = 1;
    return options;
  }

  SplitCorpus corpus_;
  GrowingCollection collection_;
  GrowingCollection twin_;
  std::shared_ptr<const index::Generation> all_;
  std::set<std::string> hidden_;
  std::shared_ptr<const index::Generation> readable_;  // without hidden_
};

TEST_P(Views, AnswerAsIfTheHiddenWereNotThere) {
  ASSERT_GT(hidden_.size(), 50U);
  const View view(*all_, Unreadable(*all_, hidden_));
  const View twin(*readable_);
  RandomDocuments random(31);
  RandomFilters filters(32);
  uint64_t found = 0;
  for (int i = 0; i < 300; ++i) {
    const SearchOptions options = RandomOptions(&random, &filters);
    SCOPED_TRACE(options.query);
    const auto result = Search(view, options, {});
    const auto expected = Search(twin, options, {});
    ASSERT_THAT(result, IsOk());
    ASSERT_THAT(expected, IsOk());
    ExpectSameResult(*result, *expected);
    ASSERT_FALSE(HasFailure());
    found += result->passages.size();
    for (const Passage& passage : result->passages) {
      ASSERT_EQ(hidden_.count(passage.document.document_id), 0U);
    }
  }
  EXPECT_GT(found, 3000U);
}

TEST_P(Views, HaveTheStatisticsOfWhatTheyShow) {
  const View view(*all_, Unreadable(*all_, hidden_));
  const View twin(*readable_);
  EXPECT_EQ(view.passages(), twin.passages());
  EXPECT_EQ(view.words(), twin.words());
  EXPECT_LT(view.words(), View(*all_).words());
  for (const char* word :
       {"fox", "so", "zebra", "rare1", "rare30", "nowhere"}) {
    for (const char* language : {"", "en:", "de:", "ru:", "und:"}) {
      const std::string term =
          *language == '\0'
              ? MakeTerm(index::TermField::kWord, word)
              : MakeTerm(index::TermField::kStem, std::string(language) + word);
      EXPECT_EQ(*view.Frequency(term, {}), *twin.Frequency(term, {})) << term;
      // Asked again, what was kept is the same.
      EXPECT_EQ(*view.Frequency(term, {}), *twin.Frequency(term, {})) << term;
    }
  }
}

TEST_P(Views, ThatHideNothingShowEverything) {
  const View plain(*all_);
  const View view(*all_, Unreadable(*all_, {}));
  RandomDocuments random(33);
  RandomFilters filters(34);
  for (int i = 0; i < 30; ++i) {
    const SearchOptions options = RandomOptions(&random, &filters);
    const auto result = Search(view, options, {});
    ASSERT_THAT(result, IsOk());
    ExpectSameResult(*result, *Search(plain, options, {}));
    ASSERT_FALSE(HasFailure()) << options.query;
  }
}

TEST_P(Views, ThatHideEverythingShowNothing) {
  std::set<std::string> ids;
  const auto documents = *ListDocuments(View(*all_), "", 10000);
  for (const index::DocumentRecord& document : documents) {
    ids.insert(document.document_id);
  }
  const View view(*all_, Unreadable(*all_, ids));
  EXPECT_EQ(view.passages(), 0U);
  EXPECT_EQ(view.words(), 0U);
  SearchOptions options;
  options.query = "the fox r*";
  options.facets = AllFacets();
  const auto result = Search(view, options, {});
  ASSERT_THAT(result, IsOk());
  EXPECT_TRUE(result->passages.empty());
  EXPECT_FALSE(result->has_more);
  EXPECT_EQ(result->count->passages, 0U);
  for (const Facet& facet : result->facets) {
    EXPECT_TRUE(facet.values.empty());
    EXPECT_EQ(facet.missing.passages, 0U);
    EXPECT_EQ(facet.other_values, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Segments, Views, testing::Values(1, 5));

std::string LineIn(const std::string& language, const std::string& id,
                   const std::string& text) {
  return nlohmann::json{{"_id", id}, {"language", language}, {"text", text}}
             .dump() +
         "\n";
}

// The languages of hidden documents decide neither which words are left out nor
// which are alike.
TEST(HiddenLanguages, DecideNothing) {
  const std::string readable =
      LineIn("en", "readable", "The end of die lade laden. A fox.");
  GrowingCollection collection;
  collection.Write("a.jsonl", readable + LineIn("de", "h1", "die Welt laden") +
                                  LineIn("de", "h2", "die Welt und der Markt"));
  const auto all = collection.BuildAndOpen();
  GrowingCollection twin;
  twin.Write("a.jsonl", readable);
  const auto without = twin.BuildAndOpen();
  const View view(*all, Unreadable(*all, {"h1", "h2"}));
  for (const char* query : {"die fox", "the end of die", "lade laden fox",
                            "der", "und fox", "of the", "welt"}) {
    SearchOptions options;
    options.query = query;
    const auto result = Search(view, options, {});
    const auto expected = Search(View(*without), options, {});
    ASSERT_THAT(result, IsOk());
    ASSERT_THAT(expected, IsOk());
    SCOPED_TRACE(query);
    ExpectSameResult(*result, *expected);
  }
}

}  // namespace
}  // namespace footnote::search
