#include "server/search/catalog.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/file.h"
#include "indexer/base/log.h"
#include "indexer/index/manifest.h"
#include "indexer/text/analyzer.h"

namespace footnote::search {
namespace {

using Clock = std::chrono::steady_clock;
using GenerationPtr = std::shared_ptr<const index::Generation>;

// Retained generations kept open besides the current one.
constexpr size_t kMaxRetainedOpen = 4;

absl::StatusOr<GenerationPtr> OpenGeneration(const std::string& folder,
                                             uint64_t number,
                                             uint32_t threads) {
  FOOTNOTE_ASSIGN_OR_RETURN(GenerationPtr generation,
                            index::Generation::Open(folder, number));
  const std::string ours = text::Analyzer::Stamp();
  if (generation->info().analyzer != ours) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH",
                     "the index was built with the analyzer \"" +
                         generation->info().analyzer +
                         "\"; this server has \"" + ours +
                         "\": index the sources again (footnote-index build)",
                     {{"analyzer", generation->info().analyzer}});
  }
  FOOTNOTE_RETURN_IF_ERROR(generation->Prepare(threads));
  return generation;
}

// Older generations that were opened on request; those used last stay open.
class Retained {
 public:
  // Returns a generation, or null where it is not open.
  GenerationPtr Use(uint64_t number) {
    const auto at = std::find_if(open_.begin(), open_.end(),
                                 [&](const GenerationPtr& generation) {
                                   return generation->info().number == number;
                                 });
    if (at == open_.end()) {
      return nullptr;
    }
    std::rotate(at, at + 1, open_.end());
    return open_.back();
  }

  void Add(const GenerationPtr& generation) {
    if (Use(generation->info().number) != nullptr) {
      open_.pop_back();
    } else if (open_.size() == kMaxRetainedOpen) {
      open_.erase(open_.begin());
    }
    open_.push_back(generation);
  }

  void Clear() { open_.clear(); }

 private:
  std::vector<GenerationPtr> open_;  // the one used last at the end
};

// What could not be opened, and when.
struct Failure {
  uint64_t number = 0;
  Digest manifest{};  // SHA-256 of its bytes
  Clock::time_point time;
};

// A collection as it is served.
struct Served {
  GenerationPtr current;  // null: cannot be served
  absl::Status error;     // why not, or why a newer one was not taken
  std::optional<Failure> failure;
  Retained retained;
};

// Returns the digest of a manifest's bytes; of none where it cannot be read.
Digest DigestOfManifest(const std::string& folder, uint64_t number) {
  return Sha256Of(
      ReadFile(index::ManifestPath(folder, number)).value_or(std::string()));
}

absl::Status NoCollection(std::string_view collection) {
  const std::string name(collection);
  return MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND",
                   "there is no collection \"" + name + "\"",
                   {{"collection", name}});
}

}  // namespace

struct Catalog::State {
  const std::string data_dir;
  const CatalogOptions options;
  mutable std::mutex mutex;
  std::map<std::string, Served, std::less<>> collections;  // under mutex

  bool RefreshCollection(const std::string& name);
  Served Find(const std::string& name) const;
  bool IsUpToDate(const Served& served, uint64_t number,
                  const Digest& manifest) const;
  bool Take(const std::string& name, const Failure& attempt,
            absl::StatusOr<GenerationPtr> opened);
  bool Forget(const std::vector<std::string>& present);
};

Catalog::Catalog(std::string data_dir, const CatalogOptions& options)
    : state_(new State{std::move(data_dir), options, {}, {}}) {}

Catalog::~Catalog() = default;

// Returns a collection as it is served; one without anything where it is not.
Served Catalog::State::Find(const std::string& name) const {
  const std::lock_guard<std::mutex> lock(mutex);
  const auto at = collections.find(name);
  return at == collections.end() ? Served() : at->second;
}

// Returns whether there is nothing to open: a generation is served, or could
// not be opened a moment ago.
bool Catalog::State::IsUpToDate(const Served& served, uint64_t number,
                                const Digest& manifest) const {
  if (served.current != nullptr && served.current->info().number == number &&
      served.current->info().manifest_sha256 == manifest) {
    return true;
  }
  return served.failure && served.failure->number == number &&
         served.failure->manifest == manifest &&
         Clock::now() - served.failure->time < options.retry_interval;
}

// Opens the current generation of a collection where it is not the one served.
bool Catalog::State::RefreshCollection(const std::string& name) {
  const std::string folder = data_dir + "/" + name;
  const absl::StatusOr<uint64_t> number = index::ReadCurrent(folder);
  if (absl::IsNotFound(number.status())) {
    const std::lock_guard<std::mutex> lock(mutex);
    return collections.erase(name) > 0;  // not published, or no longer
  }
  if (!number.ok()) {
    return Take(name, {}, number.status());
  }
  const Digest manifest = DigestOfManifest(folder, *number);
  if (IsUpToDate(Find(name), *number, manifest)) {
    return false;
  }
  return Take(name, {*number, manifest, Clock::now()},
              OpenGeneration(folder, *number, options.threads));
}

// Takes note of what opening a collection's generation came to.
bool Catalog::State::Take(const std::string& name, const Failure& attempt,
                          absl::StatusOr<GenerationPtr> opened) {
  const std::lock_guard<std::mutex> lock(mutex);
  Served& collection = collections[name];
  if (!opened.ok()) {
    if (opened.status() != collection.error) {
      Log(Severity::kError, "a generation cannot be opened",
          {{"collection", name},
           {"reason", ErrorReason(opened.status())},
           {"error", ErrorMessage(opened.status())}});
    }
    collection.error = opened.status();
    collection.failure = attempt;
    return false;
  }
  // What stands under a number for good never changes, but a whole folder may
  // be made anew.
  if (collection.current != nullptr &&
      collection.current->info().number >= attempt.number) {
    collection.retained.Clear();
  }
  collection.current = *std::move(opened);
  collection.error = absl::OkStatus();
  collection.failure.reset();
  Log(Severity::kInfo, "serving a generation",
      {{"collection", name},
       {"generation", collection.current->info().number},
       {"documents", collection.current->info().documents},
       {"passages", collection.current->info().passages}});
  return true;
}

bool Catalog::State::Forget(const std::vector<std::string>& present) {
  const std::lock_guard<std::mutex> lock(mutex);
  return std::erase_if(collections, [&](const auto& entry) {
           return std::find(present.begin(), present.end(), entry.first) ==
                  present.end();
         }) > 0;
}

bool Catalog::Refresh() {
  std::vector<std::string> present;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(state_->data_dir, error)) {
    const std::string name = entry.path().filename().string();
    if (index::IsCollectionName(name) && entry.is_directory(error)) {
      present.push_back(name);
    }
  }
  if (error) {
    return false;  // the folder is away; what was served stays served
  }
  bool changed = state_->Forget(present);
  for (const std::string& name : present) {
    changed = state_->RefreshCollection(name) || changed;
  }
  return changed;
}

absl::StatusOr<GenerationPtr> Catalog::Get(std::string_view collection,
                                           uint64_t generation) const {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    const auto at = state_->collections.find(collection);
    if (at == state_->collections.end()) {
      return NoCollection(collection);
    }
    Served& served = at->second;
    if (served.current == nullptr) {
      return served.error;
    }
    if (generation == 0 || served.current->info().number == generation) {
      return served.current;
    }
    if (GenerationPtr retained = served.retained.Use(generation)) {
      return retained;
    }
  }
  const std::string folder = state_->data_dir + "/" + std::string(collection);
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t published,
                            index::ReadCurrent(folder));
  if (generation > published) {  // written, maybe, but never published
    return index::NoGenerationError(generation);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(GenerationPtr opened,
                            OpenGeneration(folder, generation, 1));
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const auto at = state_->collections.find(collection);
  if (at != state_->collections.end()) {
    at->second.retained.Add(opened);
  }
  return opened;
}

std::vector<GenerationPtr> Catalog::List() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::vector<GenerationPtr> generations;
  for (const auto& [name, served] : state_->collections) {
    if (served.current != nullptr) {
      generations.push_back(served.current);
    }
  }
  return generations;
}

}  // namespace footnote::search
