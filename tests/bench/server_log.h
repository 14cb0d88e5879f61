// The lines that a server logs about calls.

#pragma once

#include <chrono>
#include <fstream>
#include <optional>
#include <string>

namespace footnote {

// One search, as the server's log has it.
struct LoggedSearch {
  std::string code;
  std::string query_sha256;  // empty where the search did not begin
  double seconds = 0;        // from its arrival until its worker was done
};

// Reads the log of a running server as it grows.
class ServerLog {
 public:
  explicit ServerLog(const std::string& path) : file_(path) {}

  // Returns the next search that has ended; nothing where none ends in time.
  std::optional<LoggedSearch> Next(std::chrono::milliseconds time);

 private:
  std::optional<LoggedSearch> Read();

  std::ifstream file_;
  std::string line_;  // what there is of the next one
};

}  // namespace footnote
