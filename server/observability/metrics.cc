#include "server/observability/metrics.h"

#include <algorithm>
#include <cctype>
#include <exception>
#include <iterator>
#include <utility>

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

namespace footnote::observability {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::map<std::string, std::string>;

// Bounds of durations, in seconds, as OpenTelemetry has them for calls.
const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
    0.5,   0.75,  1,    2.5,   5,    7.5,   10};

// Returns a code as dashboards for gRPC know it: "NotFound" of "NOT_FOUND".
std::string CodeLabel(std::string_view code) {
  if (code == "OK") {
    return "OK";
  }
  if (code == "CANCELLED") {
    return "Canceled";
  }
  std::string label;
  bool is_first = true;
  for (const char c : code) {
    if (c == '_') {
      is_first = true;
    } else {
      label += is_first ? c : static_cast<char>(std::tolower(c));
      is_first = false;
    }
  }
  return label;
}

// The methods of ours that are no unary ones.
constexpr std::string_view kStreams[] = {
    "footnote.v1.IngestService/PutDocuments"};

Labels MethodLabels(std::string_view method) {
  const size_t slash = method.find('/');
  const bool is_stream = std::find(std::begin(kStreams), std::end(kStreams),
                                   method) != std::end(kStreams);
  return {{"grpc_type", is_stream ? "bidi_stream" : "unary"},
          {"grpc_service", std::string(method.substr(0, slash))},
          {"grpc_method", std::string(slash == std::string_view::npos
                                          ? std::string_view()
                                          : method.substr(slash + 1))}};
}

// Makes families of numbers that are read when asked for.
class FamilyList {
 public:
  // Starts a family; what Add() gives belongs to it.
  void Begin(MetricType type, std::string name, std::string help) {
    MetricFamily family;
    family.type = type;
    family.name = std::move(name);
    family.help = std::move(help);
    families_.push_back(std::move(family));
  }

  void Add(double value, const Labels& labels = {}) {
    ClientMetric metric;
    for (const auto& [name, text] : labels) {
      metric.label.push_back({name, text});
    }
    (families_.back().type == MetricType::Counter ? metric.counter.value
                                                  : metric.gauge.value) = value;
    families_.back().metric.push_back(std::move(metric));
  }

  void Gauge(std::string name, std::string help, double value) {
    Begin(MetricType::Gauge, std::move(name), std::move(help));
    Add(value);
  }
  void Counter(std::string name, std::string help, double value) {
    Begin(MetricType::Counter, std::move(name), std::move(help));
    Add(value);
  }

  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

void AddCollections(const std::vector<CollectionNumbers>& collections,
                    FamilyList* list) {
  struct Gauge {
    const char* name;
    const char* help;
    uint64_t CollectionNumbers::*value;
  };
  constexpr Gauge kGauges[] = {
      {"footnote_index_generation", "The generation that is served.",
       &CollectionNumbers::generation},
      {"footnote_index_documents", "Documents that are to be seen.",
       &CollectionNumbers::documents},
      {"footnote_index_passages", "Passages that are to be seen.",
       &CollectionNumbers::passages},
      {"footnote_quarantined_segments", "Damaged segments, not served.",
       &CollectionNumbers::quarantined_segments},
      {"footnote_missing_documents", "Documents of damaged segments.",
       &CollectionNumbers::missing_documents}};
  for (const Gauge& gauge : kGauges) {
    list->Begin(MetricType::Gauge, gauge.name, gauge.help);
    for (const CollectionNumbers& collection : collections) {
      list->Add(static_cast<double>(collection.*gauge.value),
                {{"collection", collection.name}});
    }
  }
}

std::vector<MetricFamily> ToFamilies(const Numbers& numbers) {
  const auto number = [](uint64_t value) { return static_cast<double>(value); };
  FamilyList list;
  list.Begin(MetricType::Gauge, "footnote_build_info", "The server's version.");
  list.Add(1, {{"version", FOOTNOTE_VERSION}});
  list.Gauge("footnote_queue_length", "Calls that wait for a worker.",
             number(numbers.waiting_calls));
  list.Gauge("footnote_running_calls", "Calls that a worker runs.",
             number(numbers.running_calls));
  list.Counter("footnote_cache_hits_total", "Searches answered as before.",
               number(numbers.cache_hits));
  list.Counter("footnote_cache_misses_total", "Searches that were run.",
               number(numbers.cache_misses));
  list.Counter("footnote_scrub_bytes_total", "Bytes compared with digests.",
               number(numbers.scrubbed_bytes));
  list.Counter("footnote_scrub_rounds_total",
               "Rounds over all segments that ended.",
               number(numbers.scrub_rounds));
  list.Counter("footnote_scrub_damaged_segments_total",
               "Segments that were found damaged.",
               number(numbers.damaged_segments));
  list.Gauge("footnote_scrub_progress_ratio",
             "How much of the round that runs is done.",
             numbers.scrub_progress);
  list.Gauge("footnote_scrub_last_round_timestamp_seconds",
             "When the last round ended; 0 before the first.",
             static_cast<double>(numbers.scrub_ended_seconds));
  AddCollections(numbers.collections, &list);
  return list.Take();
}

}  // namespace

struct Metrics::State final : prometheus::Collectable {
  explicit State(std::function<Numbers()> source)
      : numbers(std::move(source)),
        started(prometheus::BuildCounter()
                    .Name("grpc_server_started_total")
                    .Help("Calls that came in.")
                    .Register(registry)),
        handled(prometheus::BuildCounter()
                    .Name("grpc_server_handled_total")
                    .Help("Calls that were answered, by code.")
                    .Register(registry)),
        seconds(prometheus::BuildHistogram()
                    .Name("grpc_server_handling_seconds")
                    .Help("Time from a call's arrival to its answer.")
                    .Register(registry)) {}

  std::vector<MetricFamily> Collect() const override {
    std::vector<MetricFamily> families = registry.Collect();
    for (MetricFamily& family : ToFamilies(numbers())) {
      families.push_back(std::move(family));
    }
    return families;
  }

  const std::function<Numbers()> numbers;
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& started;
  prometheus::Family<prometheus::Counter>& handled;
  prometheus::Family<prometheus::Histogram>& seconds;
};

Metrics::Metrics(std::function<Numbers()> numbers)
    : state_(std::make_shared<State>(std::move(numbers))) {}

Metrics::~Metrics() = default;

void Metrics::CountStarted(std::string_view method) {
  state_->started.Add(MethodLabels(method)).Increment();
}

void Metrics::CountEnded(std::string_view method, std::string_view code,
                         std::chrono::duration<double> time) {
  Labels labels = MethodLabels(method);
  state_->seconds.Add(labels, kSeconds).Observe(time.count());
  labels["grpc_code"] = CodeLabel(code);
  state_->handled.Add(labels).Increment();
}

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const Metrics& metrics, const std::string& address) {
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(address, 1);
    exposer->RegisterCollectable(metrics.state_);
    return std::unique_ptr<MetricsEndpoint>(
        new MetricsEndpoint(std::move(exposer)));
  } catch (const std::exception& error) {
    return MakeError(
        absl::StatusCode::kUnavailable, "LISTEN_FAILED",
        "cannot serve metrics on " + address + ": " + error.what());
  }
}

MetricsEndpoint::MetricsEndpoint(std::unique_ptr<prometheus::Exposer> exposer)
    : exposer_(std::move(exposer)) {}

MetricsEndpoint::~MetricsEndpoint() = default;

int MetricsEndpoint::port() const {
  const std::vector<int> ports = exposer_->GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

}  // namespace footnote::observability
