// Says how the verifier does on judged quotes, and how long it takes.
//
// Usage: judge_quotes DATA_DIR COLLECTION CORPUS [QUOTES.jsonl]
// The collection has the texts of CORPUS, "seeds" or "wikipedia".

#include <chrono>
#include <cstdio>

#include "indexer/index/generation.h"
#include "tests/grounding/judged_quotes.h"

int main(int argc, char** argv) {
  using footnote::grounding::JudgeQuotes;
  if (argc < 4 || argc > 5) {
    std::fprintf(stderr,
                 "usage: judge_quotes DATA_DIR COLLECTION CORPUS "
                 "[QUOTES.jsonl]\n");
    return 2;
  }
  const auto generation = footnote::index::Generation::Open(
      std::string(argv[1]) + "/" + argv[2], 0);
  if (!generation.ok()) {
    std::fprintf(stderr, "%s\n", generation.status().ToString().c_str());
    return 1;
  }
  const auto quotes =
      footnote::grounding::ReadJudgedQuotes(argv[3], argc > 4 ? argv[4] : "");
  const footnote::search::View view(**generation);
  const auto start = std::chrono::steady_clock::now();
  const auto score = JudgeQuotes(view, quotes);
  const std::chrono::duration<double, std::milli> time =
      std::chrono::steady_clock::now() - start;
  for (const std::string& mistake : score.mistakes) {
    std::printf("%s\n", mistake.c_str());
  }
  std::printf(
      "%zu of %zu right (%.1f %%), %zu absent ones called anything else; %.2f "
      "ms each\n",
      score.right, score.quotes, 100 * score.share(), score.called_present,
      time.count() / static_cast<double>(quotes.size()));
  return 0;
}
