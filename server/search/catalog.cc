#include "server/search/catalog.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/log.h"
#include "indexer/index/manifest.h"
#include "indexer/text/analyzer.h"

namespace footnote::search {
namespace {

using GenerationPtr = std::shared_ptr<const index::Generation>;

// Retained generations kept open besides the current one.
constexpr size_t kMaxRetainedOpen = 4;

absl::StatusOr<GenerationPtr> OpenGeneration(const std::string& folder,
                                             uint64_t number) {
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
  return generation;
}

// A collection as it is served.
struct Served {
  GenerationPtr current;  // null: cannot be served
  absl::Status error;     // why not, or why a newer one was not taken
  std::map<uint64_t, GenerationPtr> retained;  // opened on request
};

absl::Status NoCollection(std::string_view collection) {
  const std::string name(collection);
  return MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND",
                   "there is no collection \"" + name + "\"",
                   {{"collection", name}});
}

absl::Status NoGeneration(uint64_t generation) {
  const std::string number = std::to_string(generation);
  return MakeError(absl::StatusCode::kNotFound, "GENERATION_NOT_FOUND",
                   "there is no generation " + number,
                   {{"generation", number}});
}

}  // namespace

struct Catalog::State {
  std::string data_dir;
  mutable std::mutex mutex;
  std::map<std::string, Served, std::less<>> collections;  // under mutex

  bool RefreshCollection(const std::string& name);
  bool Forget(const std::vector<std::string>& present);
};

Catalog::Catalog(std::string data_dir) : state_(std::make_unique<State>()) {
  state_->data_dir = std::move(data_dir);
}

Catalog::~Catalog() = default;

// Opens the current generation of a collection where it is not the one served.
bool Catalog::State::RefreshCollection(const std::string& name) {
  const std::string folder = data_dir + "/" + name;
  const absl::StatusOr<uint64_t> number = index::ReadCurrent(folder);
  if (absl::IsNotFound(number.status())) {
    const std::lock_guard<std::mutex> lock(mutex);
    return collections.erase(name) > 0;  // not published, or no longer
  }
  GenerationPtr served;
  absl::Status last_error;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto at = collections.find(name);
    if (at != collections.end()) {
      served = at->second.current;
      last_error = at->second.error;
    }
  }
  if (number.ok() && served != nullptr && served->info().number == *number &&
      index::IsManifest(folder, *number, served->info().manifest_sha256)) {
    return false;
  }
  absl::StatusOr<GenerationPtr> opened =
      number.ok() ? OpenGeneration(folder, *number)
                  : absl::StatusOr<GenerationPtr>(number.status());
  if (!opened.ok() && opened.status() != last_error) {
    Log(Severity::kError, "a generation cannot be opened",
        {{"collection", name},
         {"reason", ErrorReason(opened.status())},
         {"error", ErrorMessage(opened.status())}});
  }
  const std::lock_guard<std::mutex> lock(mutex);
  Served& collection = collections[name];
  collection.error = opened.status();
  if (!opened.ok()) {
    return false;
  }
  // What stands under a number for good never changes, but a whole folder may
  // be made anew.
  if (served != nullptr && served->info().number >= *number) {
    collection.retained.clear();
  }
  collection.current = *std::move(opened);
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
    const Served& served = at->second;
    if (served.current == nullptr) {
      return served.error;
    }
    if (generation == 0 || served.current->info().number == generation) {
      return served.current;
    }
    const auto retained = served.retained.find(generation);
    if (retained != served.retained.end()) {
      return retained->second;
    }
  }
  const std::string folder = state_->data_dir + "/" + std::string(collection);
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t published,
                            index::ReadCurrent(folder));
  if (generation > published) {  // written, maybe, but never published
    return NoGeneration(generation);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(GenerationPtr opened,
                            OpenGeneration(folder, generation));
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const auto at = state_->collections.find(collection);
  if (at != state_->collections.end()) {
    std::map<uint64_t, GenerationPtr>& retained = at->second.retained;
    retained[generation] = opened;
    if (retained.size() > kMaxRetainedOpen) {
      retained.erase(retained.begin());
    }
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
