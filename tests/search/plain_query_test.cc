// What random queries match, count and facet is what a look at every passage
// gives, over any number of segments.

#include "tests/search/plain_query.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/searcher.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

// Makes trees of queries over the words of RandomDocuments.
class RandomTrees {
 public:
  RandomTrees(uint32_t seed, bool exact_words)
      : random_(seed), exact_words_(exact_words) {}

  SyntaxNode Group(size_t depth) {
    SyntaxNode group;
    for (size_t clauses = 1 + random_.Below(3); clauses > 0; --clauses) {
      SyntaxNode clause =
          depth > 0 && random_.Below(3) == 0 ? Group(depth - 1) : Leaf();
      group.occurs.push_back(OccurOf(clause));
      group.clauses.push_back(std::move(clause));
    }
    return group;
  }

 private:
  Occur OccurOf(const SyntaxNode& clause) {
    switch (random_.Below(5)) {
      case 0:
        return Occur::kMust;
      case 1:
        return Occur::kMustNot;
      default:
        return IsOfFields(clause) ? Occur::kNarrow : Occur::kShould;
    }
  }

  // No function word of any of the languages, unless words are exact.
  std::string Word() {
    static const std::set<std::string> kFunction = {"the", "of", "und", "So"};
    for (;;) {
      std::string word = random_.Below(6) == 0
                             ? "rare" + std::to_string(random_.Below(40))
                             : random_.Word();
      if (exact_words_ || !kFunction.contains(word)) {
        return word;
      }
    }
  }

  std::string Words(size_t count) {
    std::string words = Word();
    while (--count > 0) {
      words += " " + Word();
    }
    return words;
  }

  SyntaxNode Leaf() {
    SyntaxNode leaf;
    switch (random_.Below(12)) {
      case 0:
      case 1:
        leaf.kind = SyntaxNode::Kind::kPhrase;
        leaf.text = Words(1 + random_.Below(3));
        break;
      case 2:
      case 3:
        leaf.kind = SyntaxNode::Kind::kPhrase;
        leaf.text = Words(2 + random_.Below(2));
        leaf.distance = static_cast<uint32_t>(1 + random_.Below(8));
        break;
      case 4:
        leaf.kind = SyntaxNode::Kind::kPrefix;
        leaf.text = random_.Below(2) == 0 ? "r" : "pr";
        break;
      case 5:
        leaf.kind = SyntaxNode::Kind::kFuzzy;
        leaf.text = random_.Below(2) == 0 ? "prcies" : "banc";
        leaf.distance = static_cast<uint32_t>(random_.Below(3));
        break;
      case 6:
      case 7:
        return Condition();
      default:
        leaf.kind = SyntaxNode::Kind::kText;
        leaf.text = Word();
    }
    if (random_.Below(6) == 0) {
      leaf.scope = random_.Below(2) == 0 ? Scope::kTitle : Scope::kHeading;
    }
    return leaf;
  }

  SyntaxNode Condition() {
    static const std::vector<SyntaxCondition> kConditions = {
        {"language", FilterOperator::kEq, {"en"}},
        {"language", FilterOperator::kEq, {"ja"}},
        {"source_type", FilterOperator::kEq, {"news"}},
        {"source_type", FilterOperator::kStartsWith, {"b"}},
        {"date", FilterOperator::kExists, {}},
        {"date", FilterOperator::kGte, {"2022", "2024-05"}},
        {"date", FilterOperator::kGte, {"2023-03"}},
        {"date", FilterOperator::kLt, {"2024-02-13"}},
        {"date", FilterOperator::kEq, {"2025"}},
        {"entity_type", FilterOperator::kEq, {"ORG"}},
        {"document_id", FilterOperator::kStartsWith, {"s1"}},
    };
    SyntaxNode leaf;
    leaf.kind = SyntaxNode::Kind::kCondition;
    leaf.condition = kConditions[random_.Below(kConditions.size())];
    return leaf;
  }

  RandomDocuments random_;
  bool exact_words_;
};

// What matches: ids of passages, passages and documents by language.
struct Matching {
  std::set<std::string> passages;
  std::set<std::string> documents;
  std::map<std::string, uint64_t> by_language;

  bool operator==(const Matching&) const = default;
};

// Reads all pages.
Matching AskAll(const index::Generation& generation, SearchOptions options) {
  Matching found;
  options.limit = 100;
  options.facets = {{"language"}};
  for (;; options.offset += options.limit) {
    const auto result = Search(View(generation), options, {});
    EXPECT_THAT(result, IsOk());
    if (!result.ok()) {
      return found;
    }
    for (const Passage& passage : result->passages) {
      EXPECT_TRUE(found.passages.insert(passage.passage_id).second);
      found.documents.insert(passage.document.document_id);
    }
    if (!result->has_more) {
      EXPECT_EQ(result->count->passages, found.passages.size());
      EXPECT_EQ(result->count->documents, found.documents.size());
      for (const FacetValue& value : result->facets[0].values) {
        found.by_language[value.value] = value.count.passages;
      }
      return found;
    }
  }
}

Matching LookThrough(const PlainQuery& plain, const SyntaxNode& tree) {
  Matching found;
  for (const TokenizedPassage& passage : plain.passages()) {
    if (plain.IsMet(tree, passage)) {
      found.passages.insert(passage.passage.passage_id);
      found.documents.insert(passage.passage.document.document_id);
      ++found.by_language[passage.passage.document.language];
    }
  }
  return found;
}

class RandomQueries : public testing::TestWithParam<bool> {};

TEST_P(RandomQueries, FindWhatALookAtEveryPassageFinds) {
  const bool exact_words = GetParam();
  const SplitCorpus corpus(exact_words ? 11 : 12, 60);
  std::vector<std::unique_ptr<GrowingCollection>> collections;
  std::vector<std::shared_ptr<const index::Generation>> generations;
  for (const size_t segments : {1, 2, 5, 9}) {
    collections.push_back(std::make_unique<GrowingCollection>());
    generations.push_back(
        corpus.BuildSplit(segments, collections.back().get()));
  }
  GrowingCollection whole;
  const PlainQuery plain(*corpus.BuildWhole(&whole), exact_words);
  RandomTrees trees(exact_words ? 13 : 14, exact_words);
  int some = 0;  // queries that find something, and not everything
  constexpr int kQueries = 300;
  for (int i = 0; i < kQueries; ++i) {
    SyntaxNode tree = trees.Group(2);
    NormalizeSyntax(&tree);
    SearchOptions options;
    options.query = RenderSyntax(tree);
    options.exact_words = exact_words;
    SCOPED_TRACE(options.query);
    ASSERT_EQ(*ParseSyntax(options.query), tree);
    const Matching expected = LookThrough(plain, tree);
    some += !expected.passages.empty() &&
                    expected.passages.size() < plain.passages().size()
                ? 1
                : 0;
    for (const auto& generation : generations) {
      SCOPED_TRACE(generation->segments().size());
      ASSERT_EQ(AskAll(*generation, options), expected);
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(some, kQueries / 2);
}

INSTANTIATE_TEST_SUITE_P(All, RandomQueries, testing::Bool(),
                         [](const auto& test) {
                           return std::string(test.param ? "Exact" : "Stems");
                         });

}  // namespace
}  // namespace footnote::search
