#include "indexer/pipeline/ingestor.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include "indexer/base/log.h"
#include "indexer/index/generation.h"
#include "indexer/pipeline/writer_opener.h"

namespace footnote::pipeline {
namespace {

using Clock = std::chrono::steady_clock;
using WriterPtr = std::shared_ptr<CollectionWriter>;

// What could not be published is tried again after this time.
constexpr std::chrono::seconds kRetryDelay{1};
// Likewise, a collection that cannot be opened.
constexpr std::chrono::seconds kReopenDelay{5};

constexpr int kMergerNiceness = 10;

// A collection whose writer is open.
struct Open {
  WriterPtr writer;
  Clock::time_point last_use;
  Clock::time_point last_publication;
  std::optional<Clock::time_point> due;  // when to publish what waits
  bool to_merge = false;
};

// Returns the name of the folder of a collection, also where `collection` is an
// alias: two names must not have two writers.
std::string RealName(const std::string& data_dir,
                     const std::string& collection) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::weakly_canonical(
      std::filesystem::path(data_dir) / collection, error);
  return error ? collection : path.filename().string();
}

// Returns the collections whose log holds anything.
std::vector<std::string> CollectionsWithLog(const std::string& data_dir) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(data_dir, error)) {
    const std::string name = entry.path().filename().string();
    if (index::IsCollectionName(name) && entry.is_directory(error) &&
        !entry.is_symlink(error) &&
        !std::filesystem::is_empty(entry.path() / "wal", error) && !error) {
      names.push_back(name);
    }
    error.clear();
  }
  return names;
}

void LogFailure(const std::string& what, const std::string& collection,
                const absl::Status& status) {
  Log(Severity::kError, what,
      {{"collection", collection},
       {"reason", ErrorReason(status)},
       {"error", ErrorMessage(status)}});
}

}  // namespace

struct Ingestor::State {
  const IngestorOptions options;
  std::mutex mutex;  // guards what follows, but for the threads
  std::condition_variable changed;
  std::map<std::string, Open> open;
  // Given up with changes in their logs: when to open them again.
  std::map<std::string, Clock::time_point> to_reopen;
  bool stopping = false;
  std::thread publisher;
  std::thread merger;
  // Used with the mutex held, which it takes itself without holding its own.
  std::optional<WriterOpener> opener;

  explicit State(IngestorOptions given) : options(std::move(given)) {}

  WriterOr OpenWriter(const std::string& name);
  WriterPtr FindOpen(const std::string& name);
  void OpenForLog(const std::string& name, bool tries_again);
  void TakeUpLogs();
  void ReopenDue();
  void GiveUp(const std::string& name);
  void RunPublisher();
  void RunMerger();
  Open* Find(const std::string& name, const WriterPtr& writer);
  Clock::time_point NextLook() const;
  std::vector<std::pair<std::string, WriterPtr>> TakeDue();
  std::optional<std::pair<std::string, WriterPtr>> TakeToMerge();
  void GiveUpIdle();
  void PublishDue(const std::string& name, const WriterPtr& writer);
};

// Returns the writer of a collection where it is open, else null. With the
// mutex held.
WriterPtr Ingestor::State::FindOpen(const std::string& name) {
  const auto at = open.find(name);
  if (at == open.end()) {
    return nullptr;
  }
  at->second.last_use = Clock::now();
  return at->second.writer;
}

// Opens a collection, and keeps its writer.
Ingestor::WriterOr Ingestor::State::OpenWriter(const std::string& name) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      WriterPtr writer,
      CollectionWriter::Open(options.data_dir, name, options.writer));
  const std::lock_guard<std::mutex> lock(mutex);
  Open& entry = open[name];
  entry.writer = writer;
  entry.last_use = Clock::now();
  if (writer->pending() > 0) {
    entry.due = Clock::now();
  }
  changed.notify_all();
  return writer;
}

// Opens a collection, so that what its log has is published. With the mutex
// held.
void Ingestor::State::OpenForLog(const std::string& name, bool tries_again) {
  if (FindOpen(name) != nullptr) {
    return;
  }
  opener->Start(name, [this, name, tries_again](const WriterOr& writer) {
    if (writer.ok()) {
      return;
    }
    LogFailure("the log of changes cannot be taken up", name, writer.status());
    if (tries_again) {
      const std::lock_guard<std::mutex> lock(mutex);
      to_reopen[name] = Clock::now() + kReopenDelay;
      changed.notify_all();
    }
  });
}

// Opens what a killed program left changes in.
void Ingestor::State::TakeUpLogs() {
  for (const std::string& name : CollectionsWithLog(options.data_dir)) {
    const std::lock_guard<std::mutex> lock(mutex);
    OpenForLog(name, /*tries_again=*/false);
  }
}

// Returns the entry of a writer, null where it was given up. With the mutex
// held.
Open* Ingestor::State::Find(const std::string& name, const WriterPtr& writer) {
  const auto at = open.find(name);
  return at != open.end() && at->second.writer == writer ? &at->second
                                                         : nullptr;
}

// Opens what was given up, when its time comes. With the mutex held.
void Ingestor::State::ReopenDue() {
  std::erase_if(to_reopen, [this](const auto& entry) {
    if (entry.second > Clock::now()) {
      return false;
    }
    OpenForLog(entry.first, /*tries_again=*/true);
    return true;
  });
}

// Forgets a writer that is of no more use. With the mutex held.
void Ingestor::State::GiveUp(const std::string& name) {
  open.erase(name);
  to_reopen[name] = Clock::now() + kRetryDelay;
  changed.notify_all();
}

// Returns when the publisher has to look again. With the mutex held.
Clock::time_point Ingestor::State::NextLook() const {
  Clock::time_point next = Clock::now() + std::chrono::hours(1);
  for (const auto& [name, time] : to_reopen) {
    next = std::min(next, time);
  }
  for (const auto& [name, entry] : open) {
    next = std::min(next, entry.due.value_or(next));
    next = std::min(next, entry.last_use + options.idle_time);
  }
  return std::max(next, Clock::now() + std::chrono::milliseconds(10));
}

// Returns the writers whose changes are to be published. With the mutex held.
std::vector<std::pair<std::string, WriterPtr>> Ingestor::State::TakeDue() {
  std::vector<std::pair<std::string, WriterPtr>> due;
  for (auto& [name, entry] : open) {
    if (entry.due && *entry.due <= Clock::now()) {
      entry.due.reset();
      due.emplace_back(name, entry.writer);
    }
  }
  return due;
}

// Closes the writers that nobody has and nothing waits in. With the mutex held.
void Ingestor::State::GiveUpIdle() {
  std::erase_if(open, [&](const auto& entry) {
    const Open& writer = entry.second;
    return writer.writer.use_count() == 1 && !writer.due && !writer.to_merge &&
           writer.last_use + options.idle_time <= Clock::now() &&
           writer.writer->pending() == 0;
  });
}

void Ingestor::State::PublishDue(const std::string& name,
                                 const WriterPtr& writer) {
  const absl::StatusOr<Published> published = writer->Publish();
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (Open* entry = Find(name, writer)) {
      entry->last_use = entry->last_publication = Clock::now();
      entry->to_merge = published.ok();
      if (writer->is_broken()) {
        GiveUp(name);
      } else if (!published.ok() && !entry->due) {
        entry->due = Clock::now() + kRetryDelay;
      }
    }
  }
  changed.notify_all();
  if (!published.ok()) {
    LogFailure("changes cannot be published", name, published.status());
  } else if (options.published) {
    options.published();
  }
}

void Ingestor::State::RunPublisher() {
  TakeUpLogs();
  std::unique_lock<std::mutex> lock(mutex);
  while (!stopping) {
    changed.wait_until(lock, NextLook());
    auto due = TakeDue();
    ReopenDue();
    lock.unlock();
    for (const auto& [name, writer] : due) {
      PublishDue(name, writer);
    }
    due.clear();  // so that nobody has them but the map
    lock.lock();
    GiveUpIdle();
  }
}

// Returns a writer whose segments may need to be merged. With the mutex held.
std::optional<std::pair<std::string, WriterPtr>>
Ingestor::State::TakeToMerge() {
  for (auto& [name, entry] : open) {
    if (std::exchange(entry.to_merge, false)) {
      return std::pair(name, entry.writer);
    }
  }
  return std::nullopt;
}

void Ingestor::State::RunMerger() {
  // On Linux the niceness is the thread's own, and of those that it starts:
  // searches come first.
  setpriority(PRIO_PROCESS, 0, kMergerNiceness);
  std::unique_lock<std::mutex> lock(mutex);
  while (!stopping) {
    auto next = TakeToMerge();
    if (!next) {
      changed.wait(lock);
      continue;
    }
    lock.unlock();
    const absl::StatusOr<bool> merged = next->second->MergeOnce();
    if (!merged.ok() && !absl::IsCancelled(merged.status())) {
      LogFailure("segments cannot be merged", next->first, merged.status());
    } else if (merged.value_or(false) && options.published) {
      options.published();
    }
    lock.lock();
    Open* entry = Find(next->first, next->second);
    if (entry != nullptr && merged.value_or(false)) {
      entry->to_merge = true;  // there may be more to do
    }
  }
}

Ingestor::Ingestor(IngestorOptions options)
    : state_(std::make_unique<State>(std::move(options))) {
  state_->opener.emplace(
      [this](const std::string& name) { return state_->OpenWriter(name); });
  state_->publisher = std::thread([this] { state_->RunPublisher(); });
  state_->merger = std::thread([this] { state_->RunMerger(); });
}

Ingestor::~Ingestor() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->stopping = true;
    for (const auto& [name, entry] : state_->open) {
      entry.writer->StopMerging();
    }
  }
  state_->changed.notify_all();
  state_->publisher.join();
  state_->merger.join();
  state_->opener.reset();
  for (const auto& [name, entry] : state_->open) {
    if (entry.writer->pending() > 0) {
      if (const auto published = entry.writer->Publish(); !published.ok()) {
        LogFailure("changes stay in the log", name, published.status());
      }
    }
  }
}

void Ingestor::WithWriter(const std::string& collection, UseWriter use) {
  const std::string name = RealName(state_->options.data_dir, collection);
  WriterPtr writer;
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    writer = state_->FindOpen(name);
    if (writer == nullptr) {
      state_->opener->Start(name, std::move(use));
      return;
    }
  }
  use(std::move(writer));
}

void Ingestor::WithExistingWriter(const std::string& collection,
                                  UseWriter use) {
  const std::string name = RealName(state_->options.data_dir, collection);
  bool is_open = false;
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    is_open =
        state_->FindOpen(name) != nullptr || state_->opener->IsOpening(name);
  }
  if (!is_open) {
    const std::string folder = state_->options.data_dir + "/" + name;
    if (const auto current = index::ReadCurrent(folder); !current.ok()) {
      use(current.status());
      return;
    }
  }
  WithWriter(collection, std::move(use));
}

Ingestor::WriterOr Ingestor::Writer(const std::string& collection) {
  std::promise<WriterOr> promise;
  WithWriter(collection, [&promise](WriterOr writer) {
    promise.set_value(std::move(writer));
  });
  return promise.get_future().get();
}

void Ingestor::NoteChange(const std::string& collection) {
  const std::string name = RealName(state_->options.data_dir, collection);
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const auto at = state_->open.find(name);
  if (at != state_->open.end() && !at->second.due) {
    const IngestorOptions& options = state_->options;
    at->second.due =
        std::max(Clock::now() + options.publish_delay,
                 at->second.last_publication + options.publish_interval);
    state_->changed.notify_all();
  }
}

void Ingestor::GiveUp(const std::string& collection) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->GiveUp(RealName(state_->options.data_dir, collection));
}

uint64_t Ingestor::max_document_bytes() const {
  return state_->options.writer.max_document_bytes;
}

}  // namespace footnote::pipeline
