// With exact words, phrases and intersections find what a scan of the texts
// finds that shares no code with the analyzer.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "indexer/index/segment.h"
#include "server/search/assemble.h"
#include "server/search/constraint.h"
#include "server/search/query.h"
#include "server/search/searcher.h"
#include "server/search/statistics.h"
#include "tests/testing/command_output.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/shared_folder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"
#include "tests/testing/wikipedia_articles.h"

namespace footnote::search {
namespace {

// Articles that are looked through; FOOTNOTE_ARTICLES gives another number, 0
// for all 5,347.
constexpr size_t kArticles = 250;

size_t ArticlesWanted() {
  const char* given = std::getenv("FOOTNOTE_ARTICLES");
  const size_t wanted =
      given != nullptr ? std::strtoull(given, nullptr, 10) : kArticles;
  return wanted == 0 ? SIZE_MAX : wanted;
}

// Returns the words of a query of the corpus: of phrases and intersections the
// parts that must be there, nothing for others.
nlohmann::json PartsOf(const std::string& query) {
  static const std::regex kPart(R"re(([+-]?)(?:"([^"]*)"|(\S+)))re");
  nlohmann::json parts = nlohmann::json::array();
  for (std::sregex_iterator at(query.begin(), query.end(), kPart), end;
       at != end; ++at) {
    if ((*at)[1] == "-") {
      return nlohmann::json::array();
    }
    const bool is_all =
        (*at)[2].matched && at->length() == static_cast<int>(query.size());
    if ((*at)[1] != "+" && !is_all) {
      continue;  // optional
    }
    nlohmann::json phrase = nlohmann::json::array();
    std::istringstream words((*at)[2].str() + (*at)[3].str());
    for (std::string word; words >> word;) {
      phrase.push_back(word);
    }
    parts.push_back(phrase);
  }
  return parts;
}

class ExactWords : public testing::Test {
 protected:
  void Build() {
    const std::string file = SharedFolder() + "/" + kWikipediaArticles;
    std::istringstream articles(OutputOf("zstd -dcq '" + file + "'"));
    size_t left = ArticlesWanted();
    std::string lines;
    for (std::string line; left > 0 && std::getline(articles, line); --left) {
      lines += line + "\n";
    }
    collection_.Write("articles.jsonl", lines);
    generation_ = collection_.BuildAndOpen();
    std::ofstream passages(folder_ / "passages");
    for (const auto& segment : generation_->segments()) {
      for (uint32_t i = 0; i < segment->passage_count(); ++i) {
        passages << nlohmann::json(AssemblePassage(*segment, i)->text) << "\n";
      }
    }
  }

  // The numbers of the passages that match, over all segments.
  std::vector<size_t> Find(const std::string& text) const {
    const View view(*generation_);
    QueryOptions options;
    options.exact_words = true;
    const auto query = ParseQuery(text, view.languages(), options);
    const auto statistics = ReadStatistics(view, *query, {});
    const auto sets = ApplyConstraint(view, *query, *statistics, {}, {});
    EXPECT_THAT(sets, IsOk()) << text;
    std::vector<size_t> found;
    size_t first = 0;
    for (size_t i = 0; i < sets->size(); ++i) {
      (*sets)[i].ForEach(
          [&](uint32_t passage) { found.push_back(first + passage); });
      first += generation_->segments()[i]->passage_count();
    }
    return found;
  }

  TempFolder folder_;
  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(ExactWords, FindWhatAScanOfTheTextsFinds) {
  FOOTNOTE_NEEDS_SHARED(kWikipediaArticles);
  Build();
  std::vector<std::string> queries;
  std::ofstream scanned(folder_ / "queries");
  std::ifstream file(SharedFolder() + "/corpora/wikipedia/queries.jsonl");
  for (std::string line; std::getline(file, line);) {
    const std::string query = nlohmann::json::parse(line)["query"];
    const nlohmann::json parts = PartsOf(query);
    if (!parts.empty()) {
      queries.push_back(query);
      scanned << parts << "\n";
    }
  }
  scanned.close();
  ASSERT_GE(queries.size(), 600U);
  std::istringstream results(OutputOf(
      std::string(FOOTNOTE_SOURCE_DIR) + "/tests/search/exact_scan.py '" +
      (folder_ / "passages") + "' '" + (folder_ / "queries") + "'"));
  size_t found_any = 0;
  for (const std::string& query : queries) {
    std::string line;
    ASSERT_TRUE(std::getline(results, line));
    std::istringstream numbers(line);
    std::vector<size_t> expected;
    for (size_t number = 0; numbers >> number;) {
      expected.push_back(number);
    }
    EXPECT_EQ(Find(query), expected) << query;
    found_any += expected.empty() ? 0 : 1;
  }
  EXPECT_GT(found_any, 100U);
}

}  // namespace
}  // namespace footnote::search
