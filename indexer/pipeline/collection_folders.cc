#include "indexer/pipeline/collection_folders.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/manifest.h"
#include "indexer/index/manifest_lock.h"
#include "indexer/index/segment.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/live_documents.h"
#include "indexer/pipeline/publish.h"
#include "indexer/pipeline/synonyms.h"

namespace footnote::pipeline {
namespace {

namespace fs = std::filesystem;

// What folders on their way in or out are called: no collection can be.
constexpr std::string_view kDroppedPrefix = ".dropped-";
constexpr std::string_view kCopyPrefix = ".copying-";

absl::Status ExistsError(const std::string& name, const std::string& what) {
  return MakeError(absl::StatusCode::kAlreadyExists, "COLLECTION_EXISTS",
                   "\"" + name + "\" is " + what + " already",
                   {{"collection", name}});
}

absl::Status InUseError(const std::string& name, const std::string& why) {
  return MakeError(absl::StatusCode::kFailedPrecondition, "COLLECTION_IN_USE",
                   "\"" + name + "\" " + why, {{"collection", name}});
}

absl::Status NotFoundError(const std::string& message,
                           const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND", message,
                   {{"collection", name}});
}

// Checks that nothing has the name `name` yet. The folder of a collection that
// was never published counts as nothing.
absl::Status CheckIsFree(const std::string& data_dir, const std::string& name) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(name));
  const std::string path = data_dir + "/" + name;
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    return ExistsError(name, "an alias or a link");
  }
  if (fs::exists(path + "/CURRENT", error)) {
    return ExistsError(name, "a collection");
  }
  return absl::OkStatus();
}

// Removes what crashes left of drops and copies. Those that run hold a lock.
void RemoveLeftovers(const std::string& data_dir) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(data_dir, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(kDroppedPrefix) || name.starts_with(kCopyPrefix)) {
      found.push_back(at->path());
    }
  }
  for (const fs::path& path : found) {
    if (const auto lock = index::WriterLock::Take(path.string()); lock.ok()) {
      fs::remove_all(path, error);
    }
  }
}

absl::Status Rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return FileError(errno, "rename", from);
  }
  return SyncPath(fs::path(to).parent_path().string());
}

// Takes the locks of all generations, so that nobody opens one any more.
absl::Status LockGenerations(const std::string& folder, const std::string& name,
                             std::vector<index::ManifestLock>* locks) {
  for (const uint64_t number : index::ListGenerations(folder)) {
    auto lock = index::ManifestLock::TryLockExclusive(folder, number);
    if (!lock) {
      return InUseError(name,
                        "is open in a server or another program; --force "
                        "drops it all the same");
    }
    locks->push_back(*std::move(lock));
  }
  return absl::OkStatus();
}

// Links a file, or copies it where it cannot be linked.
absl::Status LinkOrCopy(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (!error) {
    return absl::OkStatus();
  }
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  return error ? FileError(error.value(), "copy", from) : SyncPath(to);
}

// Puts a segment's files from one folder into another.
absl::Status CopySegment(const std::string& from, const std::string& to,
                         const index::SegmentSummary& segment) {
  const std::string folder = index::SegmentPath(to, segment.id);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return FileError(error.value(), "create", folder);
  }
  for (const index::FileEntry& file : segment.files) {
    FOOTNOTE_RETURN_IF_ERROR(
        LinkOrCopy(index::SegmentPath(from, segment.id) + "/" + file.name,
                   folder + "/" + file.name));
  }
  return SyncPath(folder);
}

// Finished segments, and which documents of each are gone.
struct Segments {
  std::vector<index::SegmentSummary> segments;
  std::vector<Roaring> gone;
};

// Puts the segments of a part into a folder, and adds them to `all`.
absl::Status CopyPart(const Snapshot& part, const std::string& to,
                      Segments* all) {
  const auto& entries = part.manifest().segments;
  for (size_t i = 0; i < entries.size(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(
        CopySegment(part.folder(), to, entries[i].segment));
    all->segments.push_back(entries[i].segment);
    all->gone.push_back(
        part.generation()->segments()[i]->tombstones().documents);
  }
  return absl::OkStatus();
}

absl::StatusOr<Segments> CopyParts(const std::vector<Snapshot>& parts,
                                   const std::string& to) {
  Segments all;
  for (const Snapshot& part : parts) {
    FOOTNOTE_RETURN_IF_ERROR(CopyPart(part, to, &all));
  }
  FOOTNOTE_RETURN_IF_ERROR(SyncPath(to + "/segments"));
  return all;
}

// Puts all that `manifest` names from one folder into another.
absl::Status CopyFiles(const std::string& from, const std::string& to,
                       const index::Manifest& manifest) {
  const auto copy_generation_file = [&](const index::FileEntry& file) {
    return LinkOrCopy(index::GenerationFilePath(from, file.name),
                      index::GenerationFilePath(to, file.name));
  };
  for (const auto& file : {manifest.entities_file, manifest.synonyms_file}) {
    FOOTNOTE_RETURN_IF_ERROR(file ? copy_generation_file(*file)
                                  : absl::OkStatus());
  }
  for (const index::SegmentEntry& entry : manifest.segments) {
    FOOTNOTE_RETURN_IF_ERROR(CopySegment(from, to, entry.segment));
    FOOTNOTE_RETURN_IF_ERROR(entry.tombstones
                                 ? copy_generation_file(entry.tombstones->file)
                                 : absl::OkStatus());
  }
  return SyncPath(to + "/segments");
}

// Makes the collection `to` of what `fill` publishes in a folder that nobody
// sees before it is whole.
absl::Status Assemble(
    const std::string& data_dir, const std::string& to,
    const std::function<absl::Status(const std::string& folder)>& fill) {
  RemoveLeftovers(data_dir);
  const std::string building = data_dir + "/" + std::string(kCopyPrefix) + to +
                               "-" + std::to_string(getpid());
  FOOTNOTE_RETURN_IF_ERROR(index::CreateCollectionFolder(building));
  FOOTNOTE_ASSIGN_OR_RETURN(const index::WriterLock lock,
                            index::WriterLock::Take(building));
  absl::Status status = fill(building);
  if (status.ok()) {
    // An empty folder in the way, of a collection never published, gives way.
    std::error_code error;
    const std::string folder = data_dir + "/" + to;
    fs::remove(folder + "/generations", error);
    fs::remove(folder + "/segments", error);
    fs::remove(folder + "/LOCK", error);
    fs::remove(folder, error);
    status = Rename(building, folder);
  }
  if (!status.ok()) {
    std::error_code ignored;
    fs::remove_all(building, ignored);
  }
  return status;
}

// Checks that a part was made as the others were, and has no document of
// theirs.
absl::Status CheckFits(const Snapshot& part,
                       const std::vector<Snapshot>& others) {
  if (others.empty()) {
    return absl::OkStatus();
  }
  const std::string& name = part.manifest().info.collection;
  const std::string& first = others.front().manifest().info.collection;
  if (part.manifest().entities != others.front().manifest().entities) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "GAZETTEER_NOT_TAKEN",
                     "\"" + name +
                         "\" was made with another list of entities "
                         "than \"" +
                         first + "\"",
                     {{"collection", name}});
  }
  for (const LiveDocument& document : ListLiveDocuments(*part.generation())) {
    for (const Snapshot& other : others) {
      if (other.Find(document.id)) {
        std::string message = "\"" + std::string(document.id) + "\" is in \"";
        message += name + "\" and in \"";
        message += other.manifest().info.collection + "\"";
        return MakeError(absl::StatusCode::kAlreadyExists,
                         "DOCUMENT_ID_DUPLICATE", message,
                         {{"document_id", std::string(document.id)}});
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CreateCollection(const std::string& data_dir,
                              const std::string& name) {
  FOOTNOTE_RETURN_IF_ERROR(CheckIsFree(data_dir, name));
  const std::string folder = data_dir + "/" + name;
  FOOTNOTE_ASSIGN_OR_RETURN(const index::WriterLock lock,
                            index::WriterLock::TakeNew(folder));
  FOOTNOTE_RETURN_IF_ERROR(CheckIsFree(data_dir, name));
  return Publish(Snapshot::Empty(folder, name), {}, entities::Gazetteer())
      .status();
}

absl::Status DropCollection(const std::string& data_dir,
                            const std::string& name, bool force) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(name));
  RemoveLeftovers(data_dir);
  const std::string folder = data_dir + "/" + name;
  if (index::ResolveAlias(folder) != folder) {
    return NotFoundError("\"" + name +
                             "\" is an alias: footnote-index alias --remove "
                             "takes it away",
                         name);
  }
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return NotFoundError(
        "there is no collection \"" + name + "\" in " + data_dir, name);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const index::DataFolder names,
                            index::ReadDataFolder(data_dir));
  if (const auto aliases = index::AliasesOf(names, name); !aliases.empty()) {
    return InUseError(name, "is what the alias \"" + aliases.front() +
                                "\" leads to: remove or switch that first");
  }
  auto lock = index::WriterLock::Take(folder);
  std::vector<index::ManifestLock> locks;
  if (!force) {
    FOOTNOTE_RETURN_IF_ERROR(lock.status());
    FOOTNOTE_RETURN_IF_ERROR(LockGenerations(folder, name, &locks));
  }
  const std::string dropped = data_dir + "/" + std::string(kDroppedPrefix) +
                              name + "-" + std::to_string(getpid());
  FOOTNOTE_RETURN_IF_ERROR(Rename(folder, dropped));
  fs::remove_all(dropped, error);
  return error ? FileError(error.value(), "remove", dropped)
               : SyncPath(data_dir);
}

absl::Status CopyCollection(const std::string& data_dir,
                            const std::string& from, const std::string& to) {
  FOOTNOTE_RETURN_IF_ERROR(CheckIsFree(data_dir, to));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string source,
                            index::FindCollection(data_dir, from));
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t number, index::ReadCurrent(source));
  FOOTNOTE_ASSIGN_OR_RETURN(const index::ManifestLock read_lock,
                            index::ManifestLock::Share(source, number));
  FOOTNOTE_ASSIGN_OR_RETURN(index::Manifest manifest,
                            index::ReadManifest(source, number));
  manifest.info.collection = to;
  manifest.parent = 0;
  return Assemble(data_dir, to, [&](const std::string& folder) -> absl::Status {
    FOOTNOTE_RETURN_IF_ERROR(CopyFiles(source, folder, manifest));
    return index::PublishManifest(folder, manifest);
  });
}

absl::Status JoinCollections(const std::string& data_dir,
                             const std::vector<std::string>& from,
                             const std::string& to) {
  FOOTNOTE_RETURN_IF_ERROR(CheckIsFree(data_dir, to));
  std::vector<Snapshot> parts;
  std::string synonyms;
  for (const std::string& name : from) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::string source,
                              index::FindCollection(data_dir, name));
    FOOTNOTE_ASSIGN_OR_RETURN(Snapshot part, Snapshot::Open(source, name));
    FOOTNOTE_RETURN_IF_ERROR(CheckFits(part, parts));
    FOOTNOTE_ASSIGN_OR_RETURN(std::string theirs, ReadSynonyms(data_dir, name));
    if (!parts.empty() && theirs != synonyms) {
      return MakeError(
          absl::StatusCode::kFailedPrecondition, "COLLECTION_DIVERGED",
          "\"" + name + "\" has other synonyms than \"" + from.front() + "\"",
          {{"collection", name}});
    }
    synonyms = std::move(theirs);
    parts.push_back(std::move(part));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const entities::Gazetteer gazetteer,
                            ReadGazetteer(parts.front()));
  return Assemble(data_dir, to, [&](const std::string& folder) -> absl::Status {
    FOOTNOTE_ASSIGN_OR_RETURN(Segments all, CopyParts(parts, folder));
    const auto published =
        Publish(Snapshot::Empty(folder, to), std::move(all.segments), gazetteer,
                all.gone);
    FOOTNOTE_RETURN_IF_ERROR(published.status());
    FOOTNOTE_ASSIGN_OR_RETURN(const Snapshot joined,
                              Snapshot::Open(folder, to));
    return PublishSynonyms(joined, synonyms).status();
  });
}

absl::Status SetAlias(const std::string& data_dir, const std::string& alias,
                      const std::string& name) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(alias));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string folder,
                            index::FindCollection(data_dir, name));
  const std::string target = fs::path(folder).filename().string();
  const std::string path = data_dir + "/" + alias;
  std::error_code error;
  const bool is_alias = index::ResolveAlias(path) != path;
  if (!is_alias && fs::exists(fs::symlink_status(path, error))) {
    return ExistsError(alias, "a collection");
  }
  const std::string link =
      data_dir + "/.alias-" + alias + "-" + std::to_string(getpid());
  fs::remove(link, error);
  fs::create_symlink(target, link, error);
  if (error) {
    return FileError(error.value(), "create", link);
  }
  return Rename(link, path);
}

absl::Status RemoveAlias(const std::string& data_dir,
                         const std::string& alias) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(alias));
  const std::string path = data_dir + "/" + alias;
  if (index::ResolveAlias(path) == path) {
    return NotFoundError("there is no alias \"" + alias + "\" in " + data_dir,
                         alias);
  }
  if (unlink(path.c_str()) != 0) {
    return FileError(errno, "remove", path);
  }
  return SyncPath(data_dir);
}

}  // namespace footnote::pipeline
