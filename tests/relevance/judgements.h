// Questions with known answers, for measuring what searches find.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/index/generation.h"

namespace footnote {

// A question whose answer stands in one document, maybe in a known span.
struct Question {
  std::string id;
  std::string text;
  std::string document_id;
  uint64_t start = 0;  // bytes of the canonical text; 0, 0: not known
  uint64_t end = 0;
};

// Reads JSON Lines of {"id", "question", "document", "start", "end"}.
std::vector<Question> ReadQuestions(const std::string& path);

// Reads a file in SQuAD's form; writes each paragraph as a document of
// `documents_path` (JSON Lines) and returns the questions on them.
std::vector<Question> ReadSquad(const std::string& path,
                                const std::string& documents_path);

// What searching for questions gave. A rank is 1-based, 0 where the answer is
// not among the first `kDepth` passages.
struct Ranks {
  static constexpr uint32_t kDepth = 20;

  std::vector<uint32_t> passages;   // of the passage that holds the span
  std::vector<uint32_t> documents;  // of the document among distinct ones

  // The share of `ranks` from 1 to `k`.
  static double ShareWithin(const std::vector<uint32_t>& ranks, uint32_t k);
  // nDCG@10 where one document is right: the mean of 1 / log2(rank + 1).
  static double Ndcg10(const std::vector<uint32_t>& ranks);
};

// Searches for every question; failed searches count as found nowhere.
Ranks RankAll(const index::Generation& generation,
              const std::vector<Question>& questions);

}  // namespace footnote
