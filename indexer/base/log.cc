#include "indexer/base/log.h"

#include <chrono>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include "indexer/base/time.h"

namespace footnote {
namespace {

std::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
  }
  return "ERROR";
}

std::string Dump(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

spdlog::logger& Logger() {
  static spdlog::logger logger = [] {
    spdlog::logger made("footnote",
                        std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%v");
    made.flush_on(spdlog::level::info);
    return made;
  }();
  return logger;
}

}  // namespace

void Log(Severity severity, std::string_view message,
         const nlohmann::json& fields) {
  std::string line = R"({"timestamp":")";
  line += FormatTime(std::chrono::system_clock::now());
  line += R"(","severity":")";
  line += NameOf(severity);
  line += R"(","message":)";
  line += Dump(message);
  // The fields go on where an object of their own would begin.
  const std::string rest = Dump(fields);
  line += fields.empty() ? "" : ",";
  line.append(rest, 1);
  Logger().info("{}", line);
}

void Log(Severity severity, std::string_view message) {
  Log(severity, message, nlohmann::json::object());
}

}  // namespace footnote
