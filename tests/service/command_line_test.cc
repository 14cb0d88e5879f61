#include "server/service/command_line.h"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/service/listen_address.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::service {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

CommandLine Parse(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"footnote-server"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data());
}

// Sets an environment variable for the time of a test.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) {
    setenv(name, value, 1);
  }
  ~ScopedVariable() { unsetenv(name_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
};

TEST(ServerCommandLine, HasDefaults) {
  const TempFolder folder;
  const CommandLine line = Parse({"--data-dir", folder.path()});
  ASSERT_TRUE(line.config) << line.output;
  EXPECT_EQ(line.config->server.data_dir, folder.path());
  EXPECT_EQ(line.config->server.listen, "127.0.0.1:50051");
  EXPECT_EQ(line.config->server.max_deadline, milliseconds(30000));
  EXPECT_EQ(line.config->server.cache_bytes, 64U << 20);
  EXPECT_EQ(line.config->server.search_bytes, 256U << 20);
  EXPECT_EQ(line.config->drain_delay, milliseconds(0));
  EXPECT_EQ(line.config->grace, milliseconds(10000));
}

TEST(ServerCommandLine, ReadsTheEnvironment) {
  const TempFolder folder;
  const ScopedVariable data_dir("FOOTNOTE_DATA_DIR", folder.path().c_str());
  const ScopedVariable threads("FOOTNOTE_THREADS", "3");
  const CommandLine line = Parse({});
  ASSERT_TRUE(line.config) << line.output;
  EXPECT_EQ(line.config->server.threads, 3U);
}

TEST(ServerCommandLine, FlagsBeatTheEnvironment) {
  const TempFolder folder;
  const ScopedVariable listen("FOOTNOTE_LISTEN", "127.0.0.1:1");
  const CommandLine line =
      Parse({"--data-dir", folder.path(), "--listen", "[::1]:2"});
  ASSERT_TRUE(line.config) << line.output;
  EXPECT_EQ(line.config->server.listen, "[::1]:2");
}

TEST(ServerCommandLine, ReportsAllErrorsAtOnce) {
  const ScopedVariable grace("FOOTNOTE_GRACE", "soon");
  const CommandLine line =
      Parse({"--data-dir", "/no/such/folder", "--listen", "here", "--threads",
             "0", "--queue-limit", "-1", "--max-deadline", "0", "--cache-mb",
             "x", "--search-mb", "0", "--ingest-mb", "63", "--bogus"});
  EXPECT_FALSE(line.config);
  EXPECT_EQ(line.exit_code, 2);
  for (const char* piece :
       {"/no/such/folder", "--listen: here", "--threads: \"0\"",
        "--queue-limit: \"-1\"", "--max-deadline: \"0\"", "--grace: \"soon\"",
        "--cache-mb: \"x\"", "--search-mb: \"0\"",
        "--ingest-mb: \"63\" is less than 64", "--bogus"}) {
    EXPECT_THAT(line.output, HasSubstr(piece));
  }
}

TEST(ServerCommandLine, NeedsADataFolder) {
  const CommandLine line = Parse({});
  EXPECT_EQ(line.exit_code, 2);
  EXPECT_THAT(line.output, HasSubstr("--data-dir: is required"));
}

TEST(ServerCommandLine, TakesADataFolderToBeMadeWhereAStoreIsFollowed) {
  EXPECT_TRUE(
      Parse({"--data-dir", "/no/such/folder", "--follow", "/store"}).config);
}

TEST(ServerCommandLine, RefusesAFileAsDataFolder) {
  const CommandLine line = Parse({"--data-dir", "/etc/hostname"});
  EXPECT_EQ(line.exit_code, 2);
  EXPECT_THAT(line.output, HasSubstr("is not a folder"));
}

TEST(ServerCommandLine, ReportsAFlagWithoutValue) {
  const CommandLine line = Parse({"--listen"});
  EXPECT_EQ(line.exit_code, 2);
  EXPECT_THAT(line.output, HasSubstr("--listen"));
}

TEST(ServerCommandLine, TakesScrubbingAndMetrics) {
  const CommandLine line =
      Parse({"--data-dir", "/", "--scrub-mb-per-second", "0",
             "--scrub-interval", "12h", "--metrics-listen", "[::1]:9100"});
  ASSERT_TRUE(line.config) << line.output;
  EXPECT_EQ(line.config->server.scrub.mb_per_second, 0U);
  EXPECT_EQ(line.config->server.scrub.interval, std::chrono::hours(12));
  EXPECT_EQ(line.config->server.metrics_listen, "[::1]:9100");
  for (const auto& [flag, value] :
       std::map<std::string, std::string>{{"--scrub-mb-per-second", "-1"},
                                          {"--scrub-interval", "0"},
                                          {"--metrics-listen", "nowhere"}}) {
    const CommandLine wrong = Parse({"--data-dir", "/", flag, value});
    EXPECT_EQ(wrong.exit_code, 2) << flag;
    EXPECT_THAT(wrong.output, HasSubstr(flag + ": "));
  }
}

TEST(ServerCommandLine, HelpNamesEveryFlag) {
  const CommandLine line = Parse({"--help"});
  EXPECT_EQ(line.exit_code, 0);
  for (const char* flag :
       {"--data-dir", "--listen", "--port-file", "--threads", "--queue-limit",
        "--cache-mb", "--search-mb", "--ingest-mb", "--max-deadline",
        "--drain-delay", "--grace", "--scrub-mb-per-second", "--scrub-interval",
        "--metrics-listen", "--version", "FOOTNOTE_DATA_DIR"}) {
    EXPECT_THAT(line.output, HasSubstr(flag));
  }
}

TEST(ServerCommandLine, PrintsTheVersion) {
  const CommandLine line = Parse({"--version"});
  EXPECT_EQ(line.exit_code, 0);
  EXPECT_THAT(line.output, HasSubstr("footnote-server "));
}

TEST(ParseDuration, TakesUnits) {
  EXPECT_EQ(ParseDuration("0"), milliseconds(0));
  EXPECT_EQ(ParseDuration("250ms"), milliseconds(250));
  EXPECT_EQ(ParseDuration("30s"), milliseconds(30000));
  EXPECT_EQ(ParseDuration("5m"), milliseconds(300000));
  EXPECT_EQ(ParseDuration("1440m"), milliseconds(86400000));
  EXPECT_EQ(ParseDuration("24h"), milliseconds(86400000));
}

TEST(ParseDuration, RefusesTheRest) {
  for (const char* text : {"", "1", "s", "-1s", "1d", "25h", "1.5s", "1 s",
                           "1441m", "99999999999999999999s", "1ss"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(ListenAddress, TakesHostsAndPorts) {
  const auto name = ParseListenAddress("localhost:0");
  ASSERT_THAT(name, IsOk());
  EXPECT_EQ(name->host, "localhost");
  EXPECT_EQ(name->port, 0);
  const auto six = ParseListenAddress("[::1]:65535");
  ASSERT_THAT(six, IsOk());
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, 65535);
}

TEST(ListenAddress, RefusesTheRest) {
  for (const char* text : {"", ":", "50051", ":50051", "host:", "host:x",
                           "host:65536", "host:-1", "::1:5", "[]:5"}) {
    EXPECT_THAT(ParseListenAddress(text),
                FailsWith(absl::StatusCode::kInvalidArgument, "CONFIG_INVALID"))
        << text;
  }
}

}  // namespace
}  // namespace footnote::service
