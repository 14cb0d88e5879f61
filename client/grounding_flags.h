// The flags of the commands that prove answers.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/command.h"

namespace footnote::client {

// Adds the flags of footnote verify to `app`, which checks their values;
// `command` outlives it.
void AddVerifyFlags(CLI::App* app, VerifyCommand* command);

// Likewise of footnote check.
void AddCheckFlags(CLI::App* app, CheckCommand* command);

// The values of a packing as CLI11 fills them in.
struct PackFlags {
  PackCommand command;
  std::vector<std::string> query_words;
  std::vector<std::string> filters;
  uint64_t budget = 2000;
  uint64_t reserve = 0;
  std::string unit = "tokens";
  std::string order = "rank";
  std::string format = "plain";
};

// Likewise of footnote pack; `flags` outlives it.
void AddPackFlags(CLI::App* app, PackFlags* flags);

// Returns the packing that values which were checked ask for.
PackCommand ToPack(const PackFlags& flags);

}  // namespace footnote::client
