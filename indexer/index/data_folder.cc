#include "indexer/index/data_folder.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "indexer/base/file.h"
#include "indexer/index/generation.h"

namespace footnote::index {
namespace {

// More than one step takes links made by hand.
constexpr int kMaxSteps = 8;

// Returns the name that the link at `path` leads to, if it is an alias.
std::optional<std::string> TargetOf(const std::filesystem::path& path) {
  std::error_code error;
  std::string target = std::filesystem::read_symlink(path, error).string();
  if (error || !IsCollectionName(target)) {
    return std::nullopt;
  }
  return target;
}

}  // namespace

absl::StatusOr<DataFolder> ReadDataFolder(const std::string& data_dir) {
  DataFolder found;
  std::error_code error;
  for (std::filesystem::directory_iterator at(data_dir, error), end;
       !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!IsCollectionName(name)) {
      continue;
    }
    std::error_code gone;  // meanwhile
    if (const auto target = TargetOf(at->path())) {
      found.aliases.emplace(name, *target);
    } else if (at->is_directory(gone)) {
      found.collections.push_back(name);
    }
  }
  if (error) {
    return FileError(error.value(), "read", data_dir);
  }
  std::sort(found.collections.begin(), found.collections.end());
  return found;
}

std::vector<std::string> AliasesOf(const DataFolder& data_folder,
                                   std::string_view collection) {
  std::vector<std::string> names;
  for (const auto& [name, first] : data_folder.aliases) {
    std::string target = first;
    for (int step = 1; step < kMaxSteps; ++step) {
      const auto next = data_folder.aliases.find(target);
      if (next == data_folder.aliases.end()) {
        break;
      }
      target = next->second;
    }
    if (target == collection) {
      names.push_back(name);
    }
  }
  return names;
}

std::string ResolveAlias(const std::string& folder) {
  std::filesystem::path path = folder;
  for (int step = 0; step < kMaxSteps; ++step) {
    const auto target = TargetOf(path);
    if (!target) {
      break;
    }
    path.replace_filename(*target);
  }
  return path.string();
}

absl::Status CreateCollectionFolder(const std::string& folder) {
  std::error_code error;
  for (const char* name : {"/generations", "/segments"}) {
    if (!error) {
      std::filesystem::create_directories(folder + name, error);
    }
  }
  if (error) {
    return FileError(error.value(), "create", folder);
  }
  // Syncs the names of what may be new: the collection's and its folders'.
  FOOTNOTE_RETURN_IF_ERROR(SyncPath(folder));
  return SyncPath(std::filesystem::path(folder).parent_path());
}

}  // namespace footnote::index
