#include "server/search/catalog.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/file.h"
#include "indexer/base/log.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/manifest.h"
#include "indexer/text/analyzer.h"
#include "server/search/visibility.h"

namespace footnote::search {
namespace {

using Clock = std::chrono::steady_clock;
using GenerationPtr = std::shared_ptr<const index::Generation>;
using CurrentViewPtr = std::shared_ptr<const CurrentView>;
using ViewPtr = std::shared_ptr<const View>;

// Retained generations kept open besides the current one.
constexpr size_t kMaxRetainedOpen = 4;

int64_t SystemNow() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

uint64_t NumberOf(const CurrentView& view) {
  return view.generation()->info().number;
}

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

// An older generation that was opened on request.
struct RetainedGeneration {
  CurrentViewPtr view;
  std::weak_ptr<const CurrentView> newest;  // that decides what is seen
};

// Older generations; those used last stay open.
class Retained {
 public:
  // Returns a generation, or null where it is not open.
  const RetainedGeneration* Use(uint64_t number) {
    const auto at = std::find_if(open_.begin(), open_.end(),
                                 [&](const RetainedGeneration& retained) {
                                   return NumberOf(*retained.view) == number;
                                 });
    if (at == open_.end()) {
      return nullptr;
    }
    std::rotate(at, at + 1, open_.end());
    return &open_.back();
  }

  void Add(RetainedGeneration retained) {
    if (Use(NumberOf(*retained.view)) != nullptr) {
      open_.pop_back();
    } else if (open_.size() == kMaxRetainedOpen) {
      open_.erase(open_.begin());
    }
    open_.push_back(std::move(retained));
  }

  void Clear() { open_.clear(); }

 private:
  std::vector<RetainedGeneration> open_;  // the one used last at the end
};

// What could not be opened, and when.
struct Failure {
  uint64_t number = 0;
  Digest manifest{};  // SHA-256 of its bytes
  Clock::time_point time;
};

// A collection as it is served.
struct Served {
  CurrentViewPtr current;  // null: cannot be served
  absl::Status error;      // why not, or why a newer one was not taken
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
  std::map<std::string, Served, std::less<>> collections;   // under mutex
  std::map<std::string, std::string, std::less<>> aliases;  // under mutex

  // Needs mutex. Returns the collection that a name or alias leads to.
  std::string_view NameOf(std::string_view name) const {
    const auto at = aliases.find(name);
    return at == aliases.end() ? name : at->second;
  }
  bool SetAliases(const index::DataFolder& folder);
  bool RefreshCollection(const std::string& name);
  Served Find(const std::string& name) const;
  bool IsUpToDate(const Served& served, uint64_t number,
                  const Digest& manifest) const;
  bool Take(const std::string& name, const Failure& attempt,
            absl::StatusOr<GenerationPtr> opened);
  bool Forget(const std::vector<std::string>& present);
  absl::StatusOr<ViewPtr> GetRetained(const std::string& name, uint64_t number,
                                      const CurrentViewPtr& current);
  int64_t Now() const { return options.now ? options.now() : SystemNow(); }
};

Catalog::Catalog(std::string data_dir, const CatalogOptions& options)
    : state_(new State{std::move(data_dir), options, {}, {}, {}}) {}

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
  if (served.current != nullptr) {
    const index::GenerationInfo& info = served.current->generation()->info();
    if (info.number == number && info.manifest_sha256 == manifest) {
      return true;
    }
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
  CurrentViewPtr view;
  if (opened.ok()) {
    view = std::make_shared<CurrentView>(*opened, FindTimed(**opened));
    view->At(Now());  // so that no call has to make it
  }
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
      NumberOf(*collection.current) >= attempt.number) {
    collection.retained.Clear();
  }
  collection.current = std::move(view);
  collection.error = absl::OkStatus();
  collection.failure.reset();
  const index::GenerationInfo& info = (*opened)->info();
  Log(Severity::kInfo, "serving a generation",
      {{"collection", name},
       {"generation", info.number},
       {"documents", info.documents},
       {"passages", info.passages}});
  return true;
}

bool Catalog::State::Forget(const std::vector<std::string>& present) {
  const std::lock_guard<std::mutex> lock(mutex);
  return std::erase_if(collections, [&](const auto& entry) {
           return std::find(present.begin(), present.end(), entry.first) ==
                  present.end();
         }) > 0;
}

// Takes over the aliases. They lead to what is open already.
bool Catalog::State::SetAliases(const index::DataFolder& folder) {
  std::map<std::string, std::string, std::less<>> found;
  for (const std::string& collection : folder.collections) {
    for (const std::string& alias : index::AliasesOf(folder, collection)) {
      found.emplace(alias, collection);
    }
  }
  const std::lock_guard<std::mutex> lock(mutex);
  const bool changed = found != aliases;
  aliases = std::move(found);
  return changed;
}

bool Catalog::Refresh() {
  const auto folder = index::ReadDataFolder(state_->data_dir);
  if (!folder.ok()) {
    return false;  // the folder is away; what was served stays served
  }
  bool changed = false;
  for (const std::string& name : folder->collections) {
    changed = state_->RefreshCollection(name) || changed;
  }
  changed = state_->SetAliases(*folder) || changed;
  return state_->Forget(folder->collections) || changed;
}

absl::StatusOr<ViewPtr> Catalog::Get(std::string_view collection,
                                     uint64_t generation) const {
  CurrentViewPtr current;
  std::string name;
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    name = state_->NameOf(collection);
    const auto at = state_->collections.find(name);
    if (at == state_->collections.end()) {
      return NoCollection(collection);
    }
    if (at->second.current == nullptr) {
      return at->second.error;
    }
    current = at->second.current;
  }
  if (generation == 0 || NumberOf(*current) == generation) {
    return current->At(state_->Now());
  }
  return state_->GetRetained(name, generation, current);
}

// Returns what is to be seen of a generation other than the current one.
absl::StatusOr<ViewPtr> Catalog::State::GetRetained(
    const std::string& name, uint64_t number, const CurrentViewPtr& current) {
  GenerationPtr generation;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto at = collections.find(name);
    if (at == collections.end()) {
      return NoCollection(name);
    }
    if (const auto* const retained = at->second.retained.Use(number)) {
      if (retained->newest.lock() == current) {
        return retained->view->At(Now());
      }
      generation = retained->view->generation();
    }
  }
  const std::string folder = data_dir + "/" + name;
  // A purge rewrites manifests, and then publishes, so that this is noticed.
  if (generation != nullptr &&
      generation->info().manifest_sha256 != DigestOfManifest(folder, number)) {
    generation = nullptr;
  }
  if (generation == nullptr) {
    FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t published,
                              index::ReadCurrent(folder));
    if (number > published) {  // written, maybe, but never published
      return index::NoGenerationError(number);
    }
    FOOTNOTE_ASSIGN_OR_RETURN(generation, OpenGeneration(folder, number, 1));
  }
  const auto view = std::make_shared<const CurrentView>(
      generation, FindTimed(*generation, *current->generation()));
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto at = collections.find(name);
    if (at != collections.end()) {
      at->second.retained.Add({view, current});
    }
  }
  return view->At(Now());
}

std::vector<ViewPtr> Catalog::List() const {
  std::vector<CurrentViewPtr> served;
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    for (const auto& [name, collection] : state_->collections) {
      if (collection.current != nullptr) {
        served.push_back(collection.current);
      }
    }
  }
  const int64_t now = state_->Now();
  std::vector<ViewPtr> views;
  views.reserve(served.size());
  for (const CurrentViewPtr& collection : served) {
    views.push_back(collection->At(now));
  }
  return views;
}

}  // namespace footnote::search
