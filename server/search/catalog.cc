#include "server/search/catalog.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/log.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "server/search/open_generation.h"
#include "server/search/quarantine.h"
#include "server/search/retained.h"
#include "server/search/visibility.h"

namespace footnote::search {
namespace {

using Clock = std::chrono::steady_clock;
using GenerationPtr = std::shared_ptr<const index::Generation>;
using CurrentViewPtr = std::shared_ptr<const CurrentView>;
using ViewPtr = std::shared_ptr<const View>;

// What is missing is looked for again after so many retry intervals.
constexpr int kMissingPatience = 12;

int64_t SystemNow() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

uint64_t NumberOf(const CurrentView& view) {
  return view.generation()->info().number;
}

// Opening a generation.
struct Attempt {
  uint64_t number = 0;
  Digest manifest{};  // SHA-256 of its bytes
  Clock::time_point time;
  uint64_t exclusions = 0;  // of Served, before
};

// A collection as it is served.
struct Served {
  CurrentViewPtr current;  // null: cannot be served
  absl::Status error;      // why not, or why a newer one was not taken
  std::optional<Attempt> failure;
  Retained retained;
  Clock::time_point opened;  // when current was, or was tried again
  // Segments of it that were to be left out so far; those that were.
  uint64_t exclusions = 0;
  uint64_t exclusions_done = 0;

  const index::Generation* generation() const {
    return current ? current->generation().get() : nullptr;
  }
  bool is_to_be_reopened() const { return exclusions != exclusions_done; }
};

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
  Quarantine quarantine;

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
  bool Take(const std::string& name, const Attempt& attempt,
            absl::StatusOr<GenerationPtr> opened);
  void Refuse(const std::string& name, const Attempt& attempt,
              const absl::Status& status);
  bool Forget(const std::vector<std::string>& present);
  absl::StatusOr<ViewPtr> GetRetained(const std::string& name, uint64_t number,
                                      const CurrentViewPtr& current);
  int64_t Now() const { return options.now ? options.now() : SystemNow(); }
};

Catalog::Catalog(std::string data_dir, const CatalogOptions& options)
    : state_(new State{std::move(data_dir), options, {}, {}, {}, {}}) {}

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
  if (served.is_to_be_reopened()) {
    return false;
  }
  if (served.current != nullptr) {
    const index::Generation& generation = *served.current->generation();
    if (generation.info().number == number &&
        generation.info().manifest_sha256 == manifest) {
      return generation.missing().empty() ||
             Clock::now() - served.opened <
                 kMissingPatience * options.retry_interval;
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
  const Served served = Find(name);
  if (IsUpToDate(served, *number, manifest)) {
    return false;
  }
  const Attempt attempt{*number, manifest, Clock::now(), served.exclusions};
  return Take(name, attempt,
              OpenGeneration(folder, *number, options.threads, quarantine,
                             served.generation()));
}

// Takes note of what opening a collection's generation came to.
bool Catalog::State::Take(const std::string& name, const Attempt& attempt,
                          absl::StatusOr<GenerationPtr> opened) {
  if (!opened.ok()) {
    Refuse(name, attempt, opened.status());
    return false;
  }
  const GenerationPtr& generation = *opened;
  const Served before = Find(name);
  if (!before.is_to_be_reopened() && before.current != nullptr) {
    if (const auto* const lost =
            FindLost(*before.current->generation(), *generation)) {
      Refuse(name, attempt, lost->error);
      return false;
    }
  }
  const auto view =
      std::make_shared<const CurrentView>(generation, FindTimed(*generation));
  view->At(Now());  // so that no call has to make it
  const std::lock_guard<std::mutex> lock(mutex);
  Served& served = collections[name];
  served.opened = Clock::now();
  served.exclusions_done = attempt.exclusions;
  if (served.current != nullptr &&
      IsSame(*served.current->generation(), *generation)) {
    return false;  // what is missing is missing still
  }
  // What stands under a number for good never changes, but a whole folder may
  // be made anew, and what is damaged goes.
  if (served.current != nullptr &&
      NumberOf(*served.current) >= attempt.number) {
    served.retained.Clear();
  }
  served.current = view;
  served.error = absl::OkStatus();
  served.failure.reset();
  LogServed(name, *generation);
  return true;
}

// Takes note of why a collection's generation cannot be opened. One that turned
// out damaged while it was served is served no more.
void Catalog::State::Refuse(const std::string& name, const Attempt& attempt,
                            const absl::Status& status) {
  const std::lock_guard<std::mutex> lock(mutex);
  Served& served = collections[name];
  if (status != served.error) {
    Log(Severity::kError, "a generation cannot be opened",
        {{"collection", name},
         {"reason", ErrorReason(status)},
         {"error", ErrorMessage(status)}});
  }
  served.error = status;
  served.failure = attempt;
  if (served.is_to_be_reopened() && absl::IsDataLoss(status)) {
    served.current.reset();
    served.retained.Clear();
    served.exclusions_done = attempt.exclusions;
  }
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
    FOOTNOTE_ASSIGN_OR_RETURN(generation,
                              OpenGeneration(folder, number, 1, quarantine,
                                             current->generation().get()));
  }
  const auto view = std::make_shared<const CurrentView>(
      generation, FindTimed(*generation, *current->generation(), folder));
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

std::map<std::string, bool> Catalog::Health() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::map<std::string, bool> whole;
  for (const auto& [name, served] : state_->collections) {
    whole[name] = served.current != nullptr && served.error.ok() &&
                  served.current->generation()->missing().empty();
  }
  return whole;
}

std::vector<GenerationPtr> Catalog::OpenGenerations() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::vector<GenerationPtr> open;
  for (const auto& [name, served] : state_->collections) {
    if (served.current != nullptr) {
      open.push_back(served.current->generation());
    }
    served.retained.AddTo(&open);
  }
  return open;
}

void Catalog::Exclude(const std::string& segment_folder,
                      const std::string& why) {
  const absl::Status marked = state_->quarantine.Add(segment_folder, why);
  if (!marked.ok()) {
    Log(Severity::kWarning,
        "a damaged segment could not be marked; after a restart it is served "
        "until it is found again",
        {{"segment", segment_folder}, {"error", ErrorMessage(marked)}});
  }
  Reopen(segment_folder);
}

void Catalog::Reopen(const std::string& segment_folder) {
  std::error_code error;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  for (auto& [name, served] : state_->collections) {
    served.retained.Clear();
    if (served.current == nullptr) {
      continue;
    }
    for (const auto& segment : served.current->generation()->segments()) {
      if (std::filesystem::equivalent(segment->folder(), segment_folder,
                                      error)) {
        ++served.exclusions;
        break;
      }
    }
  }
}

std::string Catalog::FolderOf(std::string_view collection) const {
  return state_->data_dir + "/" + std::string(collection);
}

}  // namespace footnote::search
