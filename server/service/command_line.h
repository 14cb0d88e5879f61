// The command line and environment of footnote-server.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/service/server.h"

namespace footnote::service {

// Everything that footnote-server is told.
struct ServerConfig {
  ServerOptions server;
  std::string port_file;  // to write the port to; empty for none
  std::chrono::milliseconds drain_delay{0};
  std::chrono::milliseconds grace{10000};
};

// What a command line comes to: a configuration, or a text and an exit code.
struct CommandLine {
  std::optional<ServerConfig> config;
  int exit_code = 0;   // where there is no config: 0 for --help and --version
  std::string output;  // for standard output with exit code 0, else for
                       // standard error: every error, one a line
};

// Parses the command line, whose flags beat the environment (FOOTNOTE_LISTEN
// for --listen and so on). All errors are found at once; they have exit code 2.
CommandLine ParseCommandLine(int argc, const char* const* argv);

// Returns the time of "0", "250ms", "30s", "5m", "24h", at most a day, or
// nothing.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace footnote::service
