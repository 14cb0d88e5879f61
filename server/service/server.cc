#include "server/service/server.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include "grpc/health/v1/health.pb.h"
#include "indexer/base/file.h"
#include "server/search/catalog.h"
#include "server/service/catalog_refresher.h"
#include "server/service/collection_health.h"
#include "server/service/collection_service.h"
#include "server/service/document_service.h"
#include "server/service/grounding_service.h"
#include "server/service/ingest_service.h"
#include "server/service/listen_address.h"
#include "server/service/reflection_service.h"
#include "server/service/search_service.h"

namespace footnote::service {
namespace {

constexpr uint32_t kQueuePerThread = 64;
constexpr std::chrono::milliseconds kRefreshInterval{200};
constexpr char kLiveness[] = "liveness";

// Threads that take changes: they mostly wait for the disk. Streams of changes
// and other changes that may wait for one.
constexpr uint32_t kIngestThreads = 4;
constexpr uint32_t kIngestQueue = 256;

// What health and reflection tell of. Health's own descriptor is named by a
// type of it, so that it is linked.
std::vector<std::string> ApiServices() {
  return {v1::CollectionService::service_full_name(),
          v1::DocumentService::service_full_name(),
          v1::GroundingService::service_full_name(),
          v1::IngestService::service_full_name(),
          v1::SearchService::service_full_name()};
}

std::vector<std::string> AllServices() {
  std::vector<std::string> names = ApiServices();
  names.push_back(
      grpc::health::v1::HealthCheckRequest::descriptor()->file()->package() +
      ".Health");
  names.emplace_back(
      grpc::reflection::v1::ServerReflection::service_full_name());
  names.emplace_back("grpc.reflection.v1alpha.ServerReflection");
  return names;
}

ServerOptions WithDefaults(ServerOptions options) {
  if (options.threads == 0) {
    options.threads = std::max(1U, std::thread::hardware_concurrency());
  }
  if (options.queue_limit == 0) {
    options.queue_limit = kQueuePerThread * options.threads;
  }
  if (!options.log) {
    options.log = [](Severity severity, std::string_view message,
                     const nlohmann::json& fields) {
      Log(severity, message, fields);
    };
  }
  return options;
}

void SetArguments(const ServerOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.max_receive_bytes);
  // Else a second server on the same port would take half of the calls.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000);
}

// Makes the data folder where it is missing.
absl::Status MakeDataDir(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return error ? FileError(error.value(), "create", path) : absl::OkStatus();
}

// Returns what takes changes; null for a server that takes none.
std::unique_ptr<pipeline::Ingestor> MakeIngestor(const ServerOptions& options,
                                                 CatalogRefresher& refresher) {
  if (options.read_only || !options.follow.source.empty()) {
    return nullptr;
  }
  pipeline::IngestorOptions ingestor;
  ingestor.data_dir = options.data_dir;
  ingestor.publish_delay = options.publish_delay;
  ingestor.published = [&refresher] { refresher.Wake(); };
  return std::make_unique<pipeline::Ingestor>(std::move(ingestor));
}

}  // namespace

// Members are destroyed from the last to the first: the server, whose calls
// have all ended then, first, and the workers before the services whose code
// they run.
struct Server::State {
  explicit State(const ServerOptions& options)
      : catalog(options.data_dir,
                {.threads = options.threads, .now = options.now}),
        metrics([this] { return ReadNumbers(); }),
        refresher(catalog, kRefreshInterval),
        ingestor(MakeIngestor(options, refresher)),
        environment{pool, options.max_deadline, options.log, &metrics},
        search_service(catalog, environment,
                       {options.cache_bytes, options.search_bytes}),
        document_service(catalog, environment),
        collection_service(catalog, environment),
        grounding_service(catalog, environment, options.search_bytes),
        reflection_service(AllServices()),
        ingest_budget(options.ingest_bytes),
        ingest_service(
            {catalog,
             refresher,
             ingestor.get(),
             {ingest_pool, options.max_deadline, options.log, &metrics},
             ingest_budget}),
        pool(options.threads, options.queue_limit),
        ingest_pool(kIngestThreads, kIngestQueue) {}
  ~State() { refresher.Follow(nullptr); }  // `health` goes before it
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  observability::Numbers ReadNumbers() const;
  // Tells health whether calls are to be sent here; not any more once draining.
  void SetServing(bool serving);
  void Drain();
  void TellHealth(bool serving) const;  // under health_mutex
  absl::Status Follow(const FollowOptions& options,
                      const std::string& data_dir);

  search::Catalog catalog;
  observability::Metrics metrics;
  CatalogRefresher refresher;
  std::unique_ptr<pipeline::Ingestor> ingestor;  // null: no changes are taken
  RpcEnvironment environment;  // of `pool`, which nobody uses before it is made
  SearchService search_service;
  DocumentService document_service;
  CollectionService collection_service;
  GroundingService grounding_service;
  ReflectionService reflection_service;
  IngestBudget ingest_budget;
  IngestService ingest_service;
  WorkerPool pool;
  WorkerPool ingest_pool;
  std::unique_ptr<grpc::Server> server;
  std::optional<CollectionHealth> health;
  std::optional<Scrubber> scrubber;
  std::unique_ptr<observability::MetricsEndpoint> metrics_endpoint;
  int port = 0;
  std::mutex health_mutex;
  bool draining = false;               // under health_mutex
  std::unique_ptr<Follower> follower;  // null: no store is followed
};

void Server::State::SetServing(bool serving) {
  const std::lock_guard lock(health_mutex);
  TellHealth(serving && !draining);
}

void Server::State::Drain() {
  const std::lock_guard lock(health_mutex);
  draining = true;
  TellHealth(false);
}

void Server::State::TellHealth(bool serving) const {
  auto* service = server->GetHealthCheckService();
  service->SetServingStatus("", serving);
  for (const std::string& name : ApiServices()) {
    service->SetServingStatus(name, serving);
  }
}

absl::Status Server::State::Follow(const FollowOptions& options,
                                   const std::string& data_dir) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      follower,
      Follower::Start(
          options, data_dir,
          {.pulled = [this] { refresher.RefreshNow(); },
           .round = [this] { SetServing(!catalog.List().empty()); }}));
  return absl::OkStatus();
}

// Returns what metrics ask for, from any thread.
observability::Numbers Server::State::ReadNumbers() const {
  observability::Numbers numbers;
  const WorkerPool::Load load = pool.load();
  numbers.waiting_calls = load.waiting;
  numbers.running_calls = load.running;
  numbers.cache_hits = search_service.cache().hits();
  numbers.cache_misses = search_service.cache().misses();
  const ScrubProgress scrub = scrubber->progress();
  numbers.scrubbed_bytes = scrub.bytes;
  numbers.scrub_rounds = scrub.rounds;
  numbers.damaged_segments = scrub.damaged;
  numbers.scrub_progress = scrub.ratio;
  numbers.scrub_ended_seconds = scrub.ended;
  for (const auto& view : catalog.List()) {
    const index::Generation& generation = view->generation();
    observability::CollectionNumbers& collection =
        numbers.collections.emplace_back();
    collection.name = generation.info().collection;
    collection.generation = generation.info().number;
    collection.documents = view->documents();
    collection.passages = view->passages();
    collection.quarantined_segments = generation.missing().size();
    for (const index::MissingSegment& missing : generation.missing()) {
      collection.missing_documents += missing.documents;
    }
  }
  return numbers;
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Shutdown(std::chrono::milliseconds(0)); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options) {
  const ServerOptions complete = WithDefaults(options);
  const bool follows = !complete.follow.source.empty();
  if (follows) {
    FOOTNOTE_RETURN_IF_ERROR(MakeDataDir(complete.data_dir));
  }
  auto state = std::make_unique<State>(complete);

  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetArguments(complete, &builder);
  builder.AddListeningPort(complete.listen, grpc::InsecureServerCredentials(),
                           &state->port);
  builder.RegisterService(&state->search_service);
  builder.RegisterService(&state->document_service);
  builder.RegisterService(&state->collection_service);
  builder.RegisterService(&state->grounding_service);
  builder.RegisterService(&state->ingest_service);
  builder.RegisterService(&state->reflection_service);
  state->server = builder.BuildAndStart();
  if (state->server == nullptr || state->port == 0) {
    return ListenError(complete.listen);
  }
  state->SetServing(!follows || !state->catalog.List().empty());
  auto* health = state->server->GetHealthCheckService();
  health->SetServingStatus(kLiveness, true);
  State* const started = state.get();
  started->health.emplace(started->catalog, health);
  started->health->Update();
  started->refresher.Follow([started] { started->health->Update(); });
  started->scrubber.emplace(started->catalog, complete.scrub);
  if (!complete.metrics_listen.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(started->metrics_endpoint,
                              observability::MetricsEndpoint::Start(
                                  started->metrics, complete.metrics_listen));
  }
  if (follows) {
    FOOTNOTE_RETURN_IF_ERROR(
        started->Follow(complete.follow, complete.data_dir));
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

int Server::port() const { return state_->port; }

int Server::metrics_port() const {
  return state_->metrics_endpoint == nullptr ? 0
                                             : state_->metrics_endpoint->port();
}

void Server::Drain() {
  state_->ingest_service.Drain();
  state_->Drain();
}

void Server::Shutdown(std::chrono::milliseconds grace) {
  state_->server->Shutdown(std::chrono::system_clock::now() + grace);
  state_->server->Wait();
}

}  // namespace footnote::service
