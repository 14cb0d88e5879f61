#include "indexer/base/log.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace footnote {
namespace {

nlohmann::json Logged(Severity severity, std::string_view message,
                      const nlohmann::json& fields) {
  testing::internal::CaptureStderr();
  Log(severity, message, fields);
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  return nlohmann::json::parse(line);
}

TEST(Log, WritesOneObjectALine) {
  const nlohmann::json line =
      Logged(Severity::kWarning, "a \"quoted\"\nline", {{"count", 3}});
  EXPECT_EQ(line["severity"], "WARNING");
  EXPECT_EQ(line["message"], "a \"quoted\"\nline");
  EXPECT_EQ(line["count"], 3);
  EXPECT_EQ(line["timestamp"].get<std::string>().size(), 24U);
}

TEST(Log, TakesBytesThatAreNoUtf8) {
  EXPECT_EQ(
      Logged(Severity::kInfo, "a\xFF", nlohmann::json::object())["message"],
      "a\uFFFD");
}

TEST(Log, TakesBracesOfFormats) {
  EXPECT_EQ(Logged(Severity::kError, "{} %v {0}",
                   nlohmann::json::object())["message"],
            "{} %v {0}");
}

}  // namespace
}  // namespace footnote
