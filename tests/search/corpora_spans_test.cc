// Promises 1 and 2 over real texts in thirteen languages.

#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/search/searcher.h"
#include "tests/search/span_checks.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/shared_folder.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

struct Case {
  const char* name;
  const char* file;  // in corpora/
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

// A file in SQuAD's form, as documents: each article whole and each of its
// paragraphs alone.
struct Corpus {
  std::map<std::string, SlicedText> documents;
  std::vector<std::string> questions;
};

Corpus ReadCorpus(const std::string& path) {
  Corpus corpus;
  std::ifstream file(path);
  const auto json = nlohmann::json::parse(file);
  for (const auto& article : json["data"]) {
    const std::string id = "a" + std::to_string(corpus.documents.size());
    std::string whole;
    for (const auto& paragraph : article["paragraphs"]) {
      std::string text = paragraph["context"];
      if (text.compare(0, 3, "\uFEFF") == 0) {
        text.erase(0, 3);  // a BOM is no part of a canonical text
      }
      corpus.documents.emplace(
          id + "/" + std::to_string(corpus.documents.size()), SlicedText(text));
      whole += text + "\n\n";
      for (const auto& qa : paragraph["qas"]) {
        corpus.questions.push_back(qa["question"]);
      }
    }
    corpus.documents.emplace(id, SlicedText(whole));
  }
  return corpus;
}

class CorpusSpans : public testing::TestWithParam<Case> {};

TEST_P(CorpusSpans, TileAndAreExact) {
  FOOTNOTE_NEEDS_SHARED(std::string("corpora/") + GetParam().file);
  const Corpus corpus =
      ReadCorpus(SharedFolder() + "/corpora/" + GetParam().file);
  ASSERT_GT(corpus.documents.size(), 50U);
  GrowingCollection collection;
  std::string lines;
  for (const auto& [id, text] : corpus.documents) {
    lines += JsonLine(id, text.text());
  }
  collection.Write("corpus.jsonl", lines);
  collection.Write("entities.tsv",
                   "NUM\tten\t10\t1|2|20|100\nORG\tun\tUN\tNATO|NASA|ISO\n"
                   "TIME\tyear\t年\tปี|साल|year|Jahr|año|год|năm|yıl\n");
  const auto generation = collection.BuildAndOpen();
  ASSERT_NE(generation, nullptr);

  std::vector<std::string> ids;
  for (const auto& [id, text] : corpus.documents) {
    SCOPED_TRACE(id);
    ExpectTiling(*generation, id, text, &ids);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_EQ(ids.size(), generation->info().passages);

  size_t highlights = 0;
  size_t mentions = 0;
  for (size_t i = 0; i < corpus.questions.size(); i += 7) {
    SearchOptions options;
    options.query = corpus.questions[i];
    options.limit = 5;
    options.previous_count = 1;
    const auto result = Search(View(*generation), options, {});
    ASSERT_THAT(result, IsOk());
    for (const Passage& passage : result->passages) {
      SCOPED_TRACE(passage.document.document_id + ": " + options.query);
      ExpectPassage(corpus.documents.at(passage.document.document_id), passage);
      ASSERT_FALSE(HasFailure());
      highlights += passage.highlights.size();
      mentions += passage.mentions.size();
    }
  }
  EXPECT_GT(highlights, 1000U);
  EXPECT_GT(mentions, 50U);

  std::mt19937 random(9);
  for (const auto& [id, text] : corpus.documents) {
    const uint64_t start = random() % text.text().size();
    const ContextUnit unit =
        random() % 2 == 0 ? ContextUnit::kSentence : ContextUnit::kPassage;
    const auto span =
        GetSpan(View(*generation), id, start, start + random() % 200,
                {unit, static_cast<uint32_t>(random() % 3)});
    ASSERT_THAT(span, IsOk());
    ExpectProvenance(text, span->provenance, span->content.text);
    ExpectSpan(text, span->before.span, span->before.text);
    ExpectSpan(text, span->after.span, span->after.text);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, CorpusSpans,
    testing::Values(Case{"Arabic", "xquad/xquad.ar.json"},
                    Case{"German", "xquad/xquad.de.json"},
                    Case{"Greek", "xquad/xquad.el.json"},
                    Case{"English", "xquad/xquad.en.json"},
                    Case{"Spanish", "xquad/xquad.es.json"},
                    Case{"Hindi", "xquad/xquad.hi.json"},
                    Case{"Romanian", "xquad/xquad.ro.json"},
                    Case{"Russian", "xquad/xquad.ru.json"},
                    Case{"Thai", "xquad/xquad.th.json"},
                    Case{"Turkish", "xquad/xquad.tr.json"},
                    Case{"Vietnamese", "xquad/xquad.vi.json"},
                    Case{"Chinese", "xquad/xquad.zh.json"},
                    Case{"Japanese", "jaquad/dev/jaquad_dev_0000.json"},
                    Case{"Japanese2", "jaquad/dev/jaquad_dev_0003.json"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace footnote::search
