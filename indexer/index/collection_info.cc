#include "indexer/index/collection_info.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "indexer/index/data_folder.h"

namespace footnote::index {
namespace {

constexpr std::string_view kManifestSuffix = ".json";
constexpr size_t kMaxDigits = 18;

// Returns the bytes of all files in a folder and below it, as far as they can
// be read; files may go meanwhile.
uint64_t BytesIn(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end;
       !error && at != end; at.increment(error)) {
    std::error_code gone;
    if (at->is_regular_file(gone)) {
      const uint64_t size = at->file_size(gone);
      bytes += gone ? 0 : size;
    }
  }
  return bytes;
}

uint64_t BytesOf(const std::string& folder, const SegmentEntry& entry) {
  uint64_t bytes = BytesIn(SegmentPath(folder, entry.segment.id));
  if (entry.tombstones) {
    std::error_code gone;
    const uint64_t size = std::filesystem::file_size(
        GenerationFilePath(folder, entry.tombstones->file.name), gone);
    bytes += gone ? 0 : size;
  }
  return bytes;
}

absl::Status NoCollection(const std::string& data_dir,
                          const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND",
                   "there is no collection \"" + name + "\" in " + data_dir,
                   {{"collection", name}});
}

}  // namespace

absl::Status CheckCollectionName(const std::string& name) {
  if (IsCollectionName(name)) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "COLLECTION_NAME_INVALID",
                   "\"" + name +
                       "\" cannot name a collection: 1 to 63 of a-z, 0-9, '-' "
                       "and '_', beginning with a letter or digit",
                   {{"collection", name}});
}

std::vector<uint64_t> ListGenerations(const std::string& folder) {
  std::vector<uint64_t> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder + "/generations", error),
       end;
       !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const size_t digits = name.find_first_not_of("0123456789");
    if (digits != 0 && digits <= kMaxDigits &&
        name.substr(std::min(digits, name.size())) == kManifestSuffix) {
      numbers.push_back(std::stoull(name));
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

absl::StatusOr<std::string> FindCollection(const std::string& data_dir,
                                           const std::string& name) {
  FOOTNOTE_RETURN_IF_ERROR(CheckCollectionName(name));
  std::string folder = ResolveAlias(data_dir + "/" + name);
  std::error_code error;
  const bool is_ring = !std::filesystem::exists(folder, error) &&
                       error == std::errc::too_many_symbolic_link_levels;
  const absl::StatusOr<uint64_t> current = ReadCurrent(folder);
  if (is_ring || absl::IsNotFound(current.status())) {
    return NoCollection(data_dir, name);
  }
  FOOTNOTE_RETURN_IF_ERROR(current.status());
  return folder;
}

absl::StatusOr<CollectionInfo> DescribeCollection(const std::string& data_dir,
                                                  const std::string& name) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string folder,
                            FindCollection(data_dir, name));
  FOOTNOTE_ASSIGN_OR_RETURN(const DataFolder names, ReadDataFolder(data_dir));
  CollectionInfo info;
  info.name = std::filesystem::path(folder).filename().string();
  info.aliases = AliasesOf(names, info.name);
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t current, ReadCurrent(folder));
  FOOTNOTE_ASSIGN_OR_RETURN(info.manifest, ReadManifest(folder, current));
  info.manifest.info.collection = info.name;
  for (const SegmentEntry& entry : info.manifest.segments) {
    info.segment_bytes.push_back(BytesOf(folder, entry));
  }
  info.generations = ListGenerations(folder);
  std::erase_if(info.generations,
                [current](uint64_t number) { return number > current; });
  info.bytes = BytesIn(folder);
  info.log_bytes = BytesIn(folder + "/wal");
  return info;
}

}  // namespace footnote::index
