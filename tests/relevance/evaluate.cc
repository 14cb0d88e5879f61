// Prints where searches find the answers of judged questions.
// Usage: evaluate COLLECTION_FOLDER QUESTIONS.jsonl

#include <cstdio>

#include "tests/relevance/judgements.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: evaluate COLLECTION_FOLDER QUESTIONS.jsonl\n");
    return 2;
  }
  const auto generation = footnote::index::Generation::Open(argv[1], 0);
  if (!generation.ok()) {
    std::fprintf(stderr, "%s\n", generation.status().ToString().c_str());
    return 1;
  }
  using footnote::Ranks;
  const auto questions = footnote::ReadQuestions(argv[2]);
  const Ranks ranks = footnote::RankAll(**generation, questions);
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
  return 0;
}
