// One JSON object a line on standard error, for machines and people alike.

#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace footnote {

enum class Severity { kInfo, kWarning, kError };

// Writes {"timestamp":…,"severity":…,"message":…, and the members of `fields`}.
// `fields` is a JSON object. Thread-safe; lines are never mixed.
void Log(Severity severity, std::string_view message,
         const nlohmann::json& fields);
void Log(Severity severity, std::string_view message);

}  // namespace footnote
