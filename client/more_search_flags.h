// The flags of footnote like and footnote batch.

#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/command.h"

namespace footnote::client {

// The values of footnote like as CLI11 fills them in.
struct LikeFlags {
  LikeCommand command;
  std::vector<std::string> filters;
  std::vector<std::string> json_filters;
};

// Adds the flags to `app`, which checks their values; `flags` outlives it.
void AddLikeFlags(CLI::App* app, LikeFlags* flags);

// Returns what values which were checked ask for.
LikeCommand ToLike(const LikeFlags& flags);

// Likewise, of footnote batch.
struct BatchFlags {
  BatchCommand command;
  std::vector<std::string> filters;
  std::vector<std::string> json_filters;
};

void AddBatchFlags(CLI::App* app, BatchFlags* flags);
BatchCommand ToBatch(const BatchFlags& flags);

}  // namespace footnote::client
