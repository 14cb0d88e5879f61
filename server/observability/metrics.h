// What the server counts, for Prometheus.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"

namespace prometheus {
class Exposer;
}  // namespace prometheus

namespace footnote::observability {

// A collection as it is served.
struct CollectionNumbers {
  std::string name;
  uint64_t generation = 0;
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t quarantined_segments = 0;
  uint64_t missing_documents = 0;  // those of the quarantined segments
};

// What is read when somebody asks.
struct Numbers {
  uint64_t waiting_calls = 0;
  uint64_t running_calls = 0;
  uint64_t cache_hits = 0;
  uint64_t cache_misses = 0;
  uint64_t scrubbed_bytes = 0;      // since the start
  uint64_t scrub_rounds = 0;        // that ended
  uint64_t damaged_segments = 0;    // that scrubbing found since the start
  double scrub_progress = 0;        // of the round that runs, 0 to 1
  int64_t scrub_ended_seconds = 0;  // Unix time of the last round's end, or 0
  std::vector<CollectionNumbers> collections;
};

// Counts calls, and knows where the other numbers come from. Thread-safe.
class Metrics {
 public:
  // `numbers` is called at each reading, from any thread.
  explicit Metrics(std::function<Numbers()> numbers);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Counts a call of `method` ("package.Service/Method", one of ours) that came
  // in, and one that was answered with `code` ("NOT_FOUND") after a time.
  void CountStarted(std::string_view method);
  void CountEnded(std::string_view method, std::string_view code,
                  std::chrono::duration<double> time);

 private:
  friend class MetricsEndpoint;
  struct State;
  std::shared_ptr<State> state_;
};

// Serves metrics over HTTP at /metrics until destroyed.
class MetricsEndpoint {
 public:
  // `address` is HOST:PORT; port 0 takes any free one. `metrics` outlives the
  // endpoint. Errors: kUnavailable LISTEN_FAILED.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const Metrics& metrics, const std::string& address);
  ~MetricsEndpoint();
  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;

  // The port listened on.
  int port() const;

 private:
  explicit MetricsEndpoint(std::unique_ptr<prometheus::Exposer> exposer);

  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace footnote::observability
