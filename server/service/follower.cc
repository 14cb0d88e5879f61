#include "server/service/follower.h"

#include <exception>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "indexer/base/log.h"
#include "indexer/index/manifest.h"
#include "indexer/store/latest.h"
#include "indexer/store/pull.h"
#include "indexer/text/analyzer.h"

namespace footnote::service {
namespace {

// Refuses what this program could not serve, so that it stays with what it has.
absl::Status CheckAnalyzer(const index::Manifest& manifest) {
  const std::string ours = text::Analyzer::Stamp();
  if (manifest.info.analyzer == ours) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH",
                   "the generation was built with the analyzer \"" +
                       manifest.info.analyzer + "\"; this server has \"" +
                       ours + "\"",
                   {{"analyzer", manifest.info.analyzer}});
}

}  // namespace

Follower::Follower(std::string data_dir, std::chrono::milliseconds interval,
                   Events events)
    : data_dir_(std::move(data_dir)),
      interval_(interval),
      events_(std::move(events)) {}

absl::StatusOr<std::unique_ptr<Follower>> Follower::Start(
    const FollowOptions& options, std::string data_dir, Events events) {
  std::unique_ptr<Follower> follower(
      new Follower(std::move(data_dir), options.interval, std::move(events)));
  FOOTNOTE_ASSIGN_OR_RETURN(
      follower->store_,
      store::OpenStore(options.source, [self = follower.get()] {
        return self->stopping_.load();
      }));
  follower->thread_ = std::thread([self = follower.get()] { self->Run(); });
  return follower;
}

Follower::~Follower() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Follower::Run() {
  while (!stopping_) {
    try {
      PullAll();
    } catch (const std::exception& error) {
      Log(Severity::kError, std::string("following failed: ") + error.what());
    }
    std::unique_lock lock(mutex_);
    stop_.wait_for(lock, interval_, [this] { return stopping_.load(); });
  }
}

void Follower::PullAll() {
  const absl::StatusOr<std::vector<std::string>> names =
      store::ReadCollections(*store_);
  Note("", names.status());
  if (!names.ok()) {
    return;
  }
  for (const std::string& name : *names) {
    if (stopping_) {
      return;
    }
    PullCollection(name);
  }
  events_.round();
}

void Follower::PullCollection(const std::string& name) {
  store::PullOptions options;
  options.data_dir = data_dir_;
  options.collection = name;
  options.check = CheckAnalyzer;
  const absl::StatusOr<store::Transfer> pulled = store::Pull(*store_, options);
  Note(name, pulled.status());
  if (!pulled.ok() || (!pulled->is_new && pulled->files == 0)) {
    return;
  }
  Log(Severity::kInfo, "pulled a generation",
      {{"collection", name},
       {"generation", pulled->generation},
       {"manifest_sha256", ToHex(pulled->manifest_sha256)},
       {"files", pulled->files},
       {"bytes", pulled->bytes}});
  events_.pulled();
}

void Follower::Note(const std::string& name, const absl::Status& status) {
  absl::Status& last = noted_[name];
  if (last == status || absl::IsCancelled(status)) {
    return;
  }
  last = status;
  if (status.ok()) {
    Log(Severity::kInfo, "following again", {{"collection", name}});
    return;
  }
  Log(Severity::kError, "cannot follow the store",
      {{"collection", name},
       {"reason", ErrorReason(status)},
       {"error", ErrorMessage(status)}});
}

}  // namespace footnote::service
