// Prints how well searches find what is judged to be relevant.
//
// Usage: evaluate COLLECTION_FOLDER QUESTIONS.jsonl
//        evaluate COLLECTION_FOLDER BEIR_FOLDER [RUN]
//
// The first prints the questions whose answer does not come first. The second
// ranks documents by their best passages and prints nDCG@10, MAP and R@100; it
// writes the ranking to RUN in TREC's form, with relevance as the score.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/relevance/beir.h"
#include "tests/relevance/judgements.h"

namespace footnote {
namespace {

void EvaluateQuestions(const index::Generation& generation,
                       const std::string& path) {
  const auto questions = ReadQuestions(path);
  const Ranks ranks = RankAll(generation, questions);
  for (size_t i = 0; i < questions.size(); ++i) {
    if (ranks.passages[i] != 1) {
      std::printf("%s rank %u (document %u): %s\n", questions[i].id.c_str(),
                  ranks.passages[i], ranks.documents[i],
                  questions[i].text.c_str());
    }
  }
  std::printf(
      "passage first %.3f, in the first three %.3f; nDCG@10 of "
      "documents %.4f\n",
      Ranks::ShareWithin(ranks.passages, 1),
      Ranks::ShareWithin(ranks.passages, 3), Ranks::Ndcg10(ranks.documents));
}

void EvaluateBeir(const index::Generation& generation,
                  const std::string& folder, const std::string& run_path) {
  constexpr uint32_t kDepth = 1000;
  std::ofstream run(run_path);
  const std::vector<JudgedQuery> queries = ReadBeir(folder);
  Measures sum;
  for (const JudgedQuery& query : queries) {
    const auto ranking = RankDocuments(generation, query.text, kDepth);
    const Measures measures = Measure(query, ranking);
    sum.ndcg10 += measures.ndcg10;
    sum.average_precision += measures.average_precision;
    sum.recall100 += measures.recall100;
    for (size_t i = 0; i < ranking.size(); ++i) {
      run << query.id << " Q0 " << ranking[i].id << ' ' << i + 1 << ' '
          << ranking[i].relevance << " footnote\n";
    }
  }
  const auto count = static_cast<double>(queries.size());
  std::printf("%zu queries: nDCG@10 %.4f, MAP %.4f, R@100 %.4f\n",
              queries.size(), sum.ndcg10 / count, sum.average_precision / count,
              sum.recall100 / count);
}

}  // namespace
}  // namespace footnote

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr,
                 "usage: evaluate COLLECTION_FOLDER QUESTIONS.jsonl\n"
                 "       evaluate COLLECTION_FOLDER BEIR_FOLDER [RUN]\n");
    return 2;
  }
  const auto generation = footnote::index::Generation::Open(argv[1], 0);
  if (!generation.ok()) {
    std::fprintf(stderr, "%s\n", generation.status().ToString().c_str());
    return 1;
  }
  if (std::filesystem::is_directory(argv[2])) {
    footnote::EvaluateBeir(**generation, argv[2], argc == 4 ? argv[3] : "");
  } else {
    footnote::EvaluateQuestions(**generation, argv[2]);
  }
  return 0;
}
