// Judged collections in BEIR's form, and the measures of a ranking.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "indexer/index/generation.h"

namespace footnote {

// A query with the gains of the documents that are judged for it.
struct JudgedQuery {
  std::string id;
  std::string text;
  std::map<std::string, double> gains;  // by document id; 0 or less is none
};

// Reads queries.jsonl and qrels/test.tsv of a folder: the queries that have
// judgements, in the order of their file.
std::vector<JudgedQuery> ReadBeir(const std::string& folder);

// What rankings of documents are worth, as trec_eval defines it: gains as they
// are judged, averages over all queries that are judged.
struct Measures {
  double ndcg10 = 0;
  double average_precision = 0;  // over the first 1,000
  double recall100 = 0;
};

struct RankedDocument {
  std::string id;
  double relevance = 0;  // of its best passage
};

Measures Measure(const JudgedQuery& query,
                 const std::vector<RankedDocument>& ranking);

// Returns the best documents for a query, at most `depth`, each by
// its best passage: what max_passages_per_document = 1 gives. Empty where the
// search fails.
std::vector<RankedDocument> RankDocuments(const index::Generation& generation,
                                          const std::string& query,
                                          uint32_t depth);

}  // namespace footnote
