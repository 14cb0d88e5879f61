// Queries that benchmarks ask.

#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace footnote {

// Returns the member "query" of each line of a file of JSON Lines.
inline std::vector<std::string> ReadQueries(const std::string& path) {
  std::vector<std::string> queries;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    queries.push_back(nlohmann::json::parse(line)["query"]);
  }
  return queries;
}

}  // namespace footnote
