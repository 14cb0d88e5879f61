#include "tests/relevance/judgements.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "server/search/searcher.h"

namespace footnote {
namespace {

// Returns the 1-based rank of the document among distinct ones, 0 for none.
uint32_t DocumentRank(const std::vector<search::Passage>& passages,
                      const std::string& document_id) {
  std::vector<std::string> seen;
  for (const search::Passage& passage : passages) {
    const std::string& id = passage.document.document_id;
    if (std::find(seen.begin(), seen.end(), id) == seen.end()) {
      seen.push_back(id);
    }
    if (id == document_id) {
      return static_cast<uint32_t>(seen.size());
    }
  }
  return 0;
}

uint32_t PassageRank(const std::vector<search::Passage>& passages,
                     const Question& question) {
  for (const search::Passage& passage : passages) {
    const Span& span = passage.provenance.span;
    if (passage.document.document_id == question.document_id &&
        span.start.bytes <= question.start && question.end <= span.end.bytes) {
      return passage.rank;
    }
  }
  return 0;
}

}  // namespace

std::vector<Question> ReadQuestions(const std::string& path) {
  std::vector<Question> questions;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    questions.push_back({json["id"], json["question"], json["document"],
                         json["start"], json["end"]});
  }
  return questions;
}

std::vector<Question> ReadSquad(const std::string& path,
                                const std::string& documents_path) {
  std::vector<Question> questions;
  std::ifstream file(path);
  std::ofstream documents(documents_path);
  const auto json = nlohmann::json::parse(file);
  int number = 0;
  for (const auto& article : json["data"]) {
    for (const auto& paragraph : article["paragraphs"]) {
      const std::string id = "p" + std::to_string(number++);
      documents << nlohmann::json{{"_id", id}, {"text", paragraph["context"]}}
                << "\n";
      for (const auto& qa : paragraph["qas"]) {
        questions.push_back({qa["id"], qa["question"], id, 0, 0});
      }
    }
  }
  return questions;
}

double Ranks::ShareWithin(const std::vector<uint32_t>& ranks, uint32_t k) {
  const auto found =
      std::count_if(ranks.begin(), ranks.end(),
                    [k](uint32_t rank) { return rank > 0 && rank <= k; });
  return static_cast<double>(found) / static_cast<double>(ranks.size());
}

double Ranks::Ndcg10(const std::vector<uint32_t>& ranks) {
  double sum = 0;
  for (const uint32_t rank : ranks) {
    sum += rank > 0 && rank <= 10 ? 1 / std::log2(rank + 1.0) : 0;
  }
  return sum / static_cast<double>(ranks.size());
}

Ranks RankAll(const index::Generation& generation,
              const std::vector<Question>& questions) {
  Ranks ranks;
  for (const Question& question : questions) {
    search::SearchOptions options;
    options.query = question.text;
    options.limit = Ranks::kDepth;
    options.count = false;
    const auto result = search::Search(search::View(generation), options, {});
    const std::vector<search::Passage> none;
    const auto& passages = result.ok() ? result->passages : none;
    ranks.passages.push_back(PassageRank(passages, question));
    ranks.documents.push_back(DocumentRank(passages, question.document_id));
  }
  return ranks;
}

}  // namespace footnote
