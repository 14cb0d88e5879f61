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
  nlohmann::ordered_json line;
  line["timestamp"] = FormatTime(std::chrono::system_clock::now());
  line["severity"] = NameOf(severity);
  line["message"] = message;
  for (const auto& [key, value] : fields.items()) {
    line[key] = value;
  }
  Logger().info("{}", line.dump(-1, ' ', false,
                                nlohmann::json::error_handler_t::replace));
}

void Log(Severity severity, std::string_view message) {
  Log(severity, message, nlohmann::json::object());
}

}  // namespace footnote
