// The flags of footnote search that say how to rank.

#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "footnote/v1/search_service.pb.h"

namespace footnote::client {

// Their values as CLI11 fills them in.
struct RankingFlags {
  std::string order_by;
  double minimum_relevance = 0;
  int32_t per_document = 0;
  bool explain = false;
  double half_life_days = 0;
  std::vector<std::string> boosts;  // FIELD=NUMBER
  std::vector<std::string> pinned;  // a document's id, or passages/ID
  std::vector<std::string> excluded;
  std::string external_json;
  std::string collapse = "none";  // "exact" or "near" else
  double diversity = 0;
};

// Adds the flags to `app`, which checks their values; `flags` outlives it.
void AddRankingFlags(CLI::App* app, RankingFlags* flags);

// Sets the fields of a request that values which were checked ask for.
void SetRanking(const RankingFlags& flags, v1::SearchRequest* request);

}  // namespace footnote::client
