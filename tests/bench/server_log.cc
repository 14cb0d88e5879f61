#include "tests/bench/server_log.h"

#include <thread>

#include <nlohmann/json.hpp>

namespace footnote {

std::optional<LoggedSearch> ServerLog::Next(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (true) {
    if (auto search = Read()) {
      return search;
    }
    if (std::chrono::steady_clock::now() >= end) {
      return std::nullopt;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::optional<LoggedSearch> ServerLog::Read() {
  std::string piece;
  while (std::getline(file_, piece)) {
    line_ += piece;
    if (file_.eof()) {
      break;  // the rest is still to be written
    }
    const auto fields = nlohmann::json::parse(line_, nullptr, false);
    line_.clear();
    if (fields.value("method", "") == "footnote.v1.SearchService/Search") {
      return LoggedSearch{fields.value("code", ""),
                          fields.value("query_sha256", ""),
                          fields.value("duration_seconds", 0.0)};
    }
  }
  file_.clear();
  return std::nullopt;
}

}  // namespace footnote
