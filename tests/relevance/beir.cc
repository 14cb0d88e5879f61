#include "tests/relevance/beir.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>

#include <nlohmann/json.hpp>

#include "server/search/searcher.h"

namespace footnote {
namespace {

using Gains = std::map<std::string, double>;

// Reads lines of query, document and gain, after a line of names.
std::map<std::string, Gains> ReadGains(const std::string& path) {
  std::map<std::string, Gains> gains;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const size_t first = line.find('\t');
    const size_t second = line.find('\t', first + 1);
    if (second != std::string::npos) {
      gains[line.substr(0, first)][line.substr(first + 1, second - first - 1)] =
          std::strtod(line.c_str() + second + 1, nullptr);
    }
  }
  return gains;
}

double Discount(size_t place) {
  return 1 / std::log2(static_cast<double>(place) + 2);
}

}  // namespace

std::vector<JudgedQuery> ReadBeir(const std::string& folder) {
  const auto gains = ReadGains(folder + "/qrels/test.tsv");
  std::vector<JudgedQuery> queries;
  std::ifstream file(folder + "/queries.jsonl");
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) {
      continue;
    }
    const auto json = nlohmann::json::parse(line);
    const auto judged = gains.find(json["_id"]);
    if (judged != gains.end()) {
      queries.push_back({json["_id"], json["text"], judged->second});
    }
  }
  return queries;
}

Measures Measure(const JudgedQuery& query,
                 const std::vector<RankedDocument>& ranking) {
  constexpr size_t kFirst = 10;
  constexpr size_t kRecall = 100;
  std::vector<double> ideal;
  for (const auto& [document, gain] : query.gains) {
    if (gain > 0) {
      ideal.push_back(gain);
    }
  }
  std::sort(ideal.begin(), ideal.end(), std::greater<>());
  double ideal_sum = 0;
  for (size_t i = 0; i < std::min(kFirst, ideal.size()); ++i) {
    ideal_sum += ideal[i] * Discount(i);
  }
  Measures measures;
  double found = 0;
  for (size_t i = 0; i < ranking.size(); ++i) {
    const auto at = query.gains.find(ranking[i].id);
    if (at == query.gains.end() || at->second <= 0) {
      continue;
    }
    ++found;
    measures.average_precision += found / static_cast<double>(i + 1);
    measures.ndcg10 += i < kFirst ? at->second * Discount(i) : 0;
    measures.recall100 += i < kRecall ? 1 : 0;
  }
  if (ideal.empty()) {
    return {};
  }
  const auto relevant = static_cast<double>(ideal.size());
  return {measures.ndcg10 / ideal_sum, measures.average_precision / relevant,
          measures.recall100 / relevant};
}

std::vector<RankedDocument> RankDocuments(const index::Generation& generation,
                                          const std::string& query,
                                          uint32_t depth) {
  const search::View view(generation);
  search::SearchOptions options;
  options.query = query;
  options.count = false;
  options.ranking.max_passages_per_document = 1;
  std::vector<RankedDocument> documents;
  for (bool has_more = true; has_more && documents.size() < depth;) {
    options.offset = static_cast<uint32_t>(documents.size());
    options.limit = depth - options.offset;
    const auto result = search::Search(view, options, {});
    if (!result.ok()) {
      return {};
    }
    for (const search::Passage& passage : result->passages) {
      documents.push_back({passage.document.document_id, passage.relevance});
    }
    has_more = result->has_more;
  }
  return documents;
}

}  // namespace footnote
