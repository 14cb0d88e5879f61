// What every command of footnote takes.

#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace footnote::client {

// Its values as CLI11 fills them in.
struct CommonFlags {
  std::string server = "127.0.0.1:50051";
  double timeout_seconds = 10;
  bool json = false;
};

// Adds the flags to a command, which checks their values; `flags` outlives it.
void AddCommonFlags(CLI::App* command, CommonFlags* flags);

}  // namespace footnote::client
