#include "server/service/command_line.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include <CLI/CLI.hpp>

#include "indexer/store/store.h"
#include "server/service/listen_address.h"

namespace footnote::service {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);
constexpr uint32_t kMaxThreads = 1024;
constexpr uint32_t kMaxQueue = 1000000;
constexpr uint32_t kMaxMb = 1 << 20;

// The values as given, all of them texts: CLI11 stops at the first value that
// it cannot convert, we want every error.
struct GivenValues {
  std::string data_dir;
  std::string listen = "127.0.0.1:50051";
  std::string port_file;
  std::string threads;
  std::string queue_limit;
  std::string cache = "64";
  std::string search = "256";
  std::string ingest = "256";
  std::string max_deadline = "30s";
  bool read_only = false;
  std::string publish_delay = "200ms";
  std::string drain_delay = "0";
  std::string grace = "10s";
  std::string scrub = "20";
  std::string scrub_interval = "24h";
  std::string metrics_listen;
  std::string follow;
  std::string follow_interval = "5s";
};

void AddFollowFlags(CLI::App* app, GivenValues* given) {
  app->add_option("--follow", given->follow,
                  "Store whose collections to pull into the data folder, again "
                  "and again: what footnote-index push writes to. Implies "
                  "--read-only.")
      ->envname("FOOTNOTE_FOLLOW");
  app->add_option("--follow-interval", given->follow_interval,
                  "Time from one look at the store to the next. Default: 5s.")
      ->envname("FOOTNOTE_FOLLOW_INTERVAL");
}

void AddFlags(CLI::App* app, GivenValues* given) {
  app->set_version_flag("--version",
                        std::string("footnote-server ") + FOOTNOTE_VERSION);
  const auto add = [&](const char* flag, std::string* value,
                       const char* environment, const char* help) {
    app->add_option(flag, *value, help)->envname(environment);
  };
  add("--data-dir", &given->data_dir, "FOOTNOTE_DATA_DIR",
      "Folder of the collections, as footnote-index builds them. Required.");
  add("--listen", &given->listen, "FOOTNOTE_LISTEN",
      "HOST:PORT to listen on; port 0 takes any free one. "
      "Default: 127.0.0.1:50051.");
  add("--port-file", &given->port_file, "FOOTNOTE_PORT_FILE",
      "File to write the port to, once calls are answered.");
  add("--threads", &given->threads, "FOOTNOTE_THREADS",
      "Threads that run calls, 1 to 1024. Default: one per core.");
  add("--queue-limit", &given->queue_limit, "FOOTNOTE_QUEUE_LIMIT",
      "Calls that may wait for a thread, 1 to 1000000; more are refused with "
      "UNAVAILABLE. Default: 64 per thread.");
  add("--cache-mb", &given->cache, "FOOTNOTE_CACHE_MB",
      "Megabytes of answers to keep for when they are asked for again; 0 for "
      "none. Default: 64.");
  add("--search-mb", &given->search, "FOOTNOTE_SEARCH_MB",
      "Megabytes that one search may take, 1 to 1048576; what would take more "
      "is refused with RESOURCE_EXHAUSTED. Default: 256.");
  add("--ingest-mb", &given->ingest, "FOOTNOTE_INGEST_MB",
      "Megabytes that documents may take on their way into collections, 64 to "
      "1048576; what would take more is refused with RESOURCE_EXHAUSTED. "
      "Default: 256.");
  add("--max-deadline", &given->max_deadline, "FOOTNOTE_MAX_DEADLINE",
      "Longest time for one call (250ms, 30s, 5m), also where the client sets "
      "no deadline. Default: 30s.");
  app->add_flag("--read-only", given->read_only,
                "Take no changes: IngestService refuses every call.")
      ->envname("FOOTNOTE_READ_ONLY");
  add("--publish-delay", &given->publish_delay, "FOOTNOTE_PUBLISH_DELAY",
      "Changes are published this long after the first that waits. Default: "
      "200ms.");
  add("--drain-delay", &given->drain_delay, "FOOTNOTE_DRAIN_DELAY",
      "After SIGTERM or SIGINT: how long to go on serving while health says "
      "NOT_SERVING, for load balancers to notice. A second signal ends it. "
      "Default: 0.");
  add("--grace", &given->grace, "FOOTNOTE_GRACE",
      "After that: how long running calls may take to end before they are "
      "cancelled. Default: 10s.");
  add("--scrub-mb-per-second", &given->scrub, "FOOTNOTE_SCRUB_MB_PER_SECOND",
      "Megabytes a second to read while comparing all segments with their "
      "digests, in the background; 0 for none. Default: 20.");
  add("--scrub-interval", &given->scrub_interval, "FOOTNOTE_SCRUB_INTERVAL",
      "Time from the end of one such round to the next. Default: 24h.");
  add("--metrics-listen", &given->metrics_listen, "FOOTNOTE_METRICS_LISTEN",
      "HOST:PORT to serve metrics for Prometheus on, at /metrics. Default: "
      "none.");
}

// Collects the errors of all values.
class ValueReader {
 public:
  // Reads a duration of at least `least`.
  std::chrono::milliseconds Duration(const char* flag, const std::string& text,
                                     std::chrono::milliseconds least) {
    const auto duration = ParseDuration(text);
    if (!duration || *duration < least) {
      Fail(flag, "\"" + text + "\" is not a time such as 250ms, 30s or 5m");
      return least;
    }
    return *duration;
  }

  // Reads a number of 1 to `max`; 0 for an empty text.
  uint32_t Number(const char* flag, const std::string& text, uint32_t max) {
    if (text.empty()) {
      return 0;
    }
    uint32_t value = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last || value == 0 || value > max) {
      Fail(flag,
           "\"" + text + "\" is not a number of 1 to " + std::to_string(max));
    }
    return value;
  }

  // Reads a number of MiB of `least` or more; returns bytes.
  uint64_t Megabytes(const char* flag, const std::string& text,
                     uint32_t least) {
    if (text == "0" && least == 0) {
      return 0;
    }
    const uint32_t value = Number(flag, text, kMaxMb);
    if (value < least && (value > 0 || text.empty())) {
      Fail(flag, "\"" + text + "\" is less than " + std::to_string(least));
    }
    return uint64_t{value} << 20;
  }

  // One that a store is followed into is made where it is missing.
  void CheckDataDir(const std::string& path, bool follows) {
    std::error_code error;
    if (path.empty()) {
      Fail("--data-dir", "is required (or FOOTNOTE_DATA_DIR)");
    } else if (!std::filesystem::exists(path, error)) {
      if (follows) {
        return;
      }
      Fail("--data-dir", "there is no folder \"" + path + "\"");
    } else if (!std::filesystem::is_directory(path, error)) {
      Fail("--data-dir", "\"" + path + "\" is not a folder");
    } else if (access(path.c_str(), R_OK | X_OK) != 0) {
      Fail("--data-dir", "\"" + path + "\" may not be read");
    }
  }

  void CheckListen(const char* flag, const std::string& listen) {
    if (const auto address = ParseListenAddress(listen); !address.ok()) {
      const auto message = address.status().message();
      Fail(flag, std::string(message.data(), message.size()));
    }
  }

  // Checks the store that is followed into the folder `data_dir`.
  void CheckFollow(const std::string& source, const std::string& data_dir) {
    if (const auto store = store::OpenStore(source); !store.ok()) {
      Fail("--follow", ErrorMessage(store.status()));
    }
    std::error_code error;
    if (std::filesystem::is_directory(data_dir, error) &&
        access(data_dir.c_str(), W_OK) != 0) {
      Fail("--data-dir", "\"" + data_dir + "\" may not be written to");
    }
  }

  void Fail(const std::string& flag, const std::string& what) {
    errors_ += "footnote-server: " + flag + ": " + what + "\n";
  }

  const std::string& errors() const { return errors_; }

 private:
  std::string errors_;
};

CommandLine Convert(const GivenValues& given,
                    const std::vector<std::string>& unknown) {
  using std::chrono::milliseconds;
  ValueReader reader;
  ServerConfig config;
  for (const std::string& argument : unknown) {
    reader.Fail(argument, "this argument is not known");
  }
  reader.CheckDataDir(given.data_dir, !given.follow.empty());
  config.server.data_dir = given.data_dir;
  reader.CheckListen("--listen", given.listen);
  config.server.listen = given.listen;
  config.port_file = given.port_file;
  config.server.threads =
      reader.Number("--threads", given.threads, kMaxThreads);
  config.server.queue_limit =
      reader.Number("--queue-limit", given.queue_limit, kMaxQueue);
  config.server.cache_bytes = reader.Megabytes("--cache-mb", given.cache, 0);
  config.server.search_bytes = reader.Megabytes("--search-mb", given.search, 1);
  config.server.ingest_bytes =
      reader.Megabytes("--ingest-mb", given.ingest, 64);
  config.server.max_deadline =
      reader.Duration("--max-deadline", given.max_deadline, milliseconds(1));
  config.server.read_only = given.read_only;
  config.server.publish_delay =
      reader.Duration("--publish-delay", given.publish_delay, milliseconds(0));
  config.drain_delay =
      reader.Duration("--drain-delay", given.drain_delay, milliseconds(0));
  config.grace = reader.Duration("--grace", given.grace, milliseconds(0));
  config.server.scrub.mb_per_second =
      given.scrub == "0"
          ? 0
          : reader.Number("--scrub-mb-per-second", given.scrub, kMaxMb);
  config.server.scrub.interval = reader.Duration(
      "--scrub-interval", given.scrub_interval, milliseconds(1));
  if (!given.metrics_listen.empty()) {
    reader.CheckListen("--metrics-listen", given.metrics_listen);
    config.server.metrics_listen = given.metrics_listen;
  }

  if (!given.follow.empty()) {
    reader.CheckFollow(given.follow, given.data_dir);
    config.server.follow.source = given.follow;
  }
  config.server.follow.interval = reader.Duration(
      "--follow-interval", given.follow_interval, milliseconds(1));

  CommandLine result;
  if (reader.errors().empty()) {
    result.config = std::move(config);
  } else {
    result.exit_code = 2;
    result.output = reader.errors();
  }
  return result;
}

}  // namespace

CommandLine ParseCommandLine(int argc, const char* const* argv) {
  GivenValues given;
  CLI::App app(
      "Serves the collections of a data folder over gRPC: search, documents, "
      "health and reflection. Logs one JSON object a line on standard error. "
      "SIGTERM and SIGINT end it in order, with exit code 0; 1 is a failure, 2 "
      "a wrong configuration.",
      "footnote-server");
  AddFlags(&app, &given);
  AddFollowFlags(&app, &given);
  app.allow_extras();
  CommandLine result;
  try {
    app.parse(argc, argv);
    return Convert(given, app.remaining());
  } catch (const CLI::CallForHelp&) {
    result.output = app.help();
  } catch (const CLI::CallForVersion&) {
    result.output = app.version() + "\n";
  } catch (const CLI::ParseError& error) {
    result.exit_code = 2;
    result.output = std::string("footnote-server: ") + error.what() + "\n";
  }
  return result;
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  constexpr std::pair<std::string_view, int64_t> kUnits[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
  if (text == "0") {
    return std::chrono::milliseconds(0);
  }
  int64_t value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  const std::string_view unit(end, static_cast<size_t>(last - end));
  for (const auto& [name, factor] : kUnits) {
    if (error == std::errc() && unit == name && value >= 0 &&
        value <= kLongest.count() / factor) {
      return std::chrono::milliseconds(value * factor);
    }
  }
  return std::nullopt;
}

}  // namespace footnote::service
