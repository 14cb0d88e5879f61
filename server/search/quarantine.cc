#include "server/search/quarantine.h"

#include <sys/stat.h>

#include <filesystem>

#include "indexer/base/file.h"
#include "indexer/index/schema.h"

namespace footnote::search {
namespace {

constexpr uint64_t kMaxMarkerBytes = 1 << 16;

std::string MarkerOf(const std::string& folder) {
  return folder + "/" + std::string(index::kQuarantineFile);
}

std::string RealPath(const std::string& folder) {
  std::error_code error;
  const auto path = std::filesystem::canonical(folder, error);
  return error ? folder : path.string();
}

uint64_t InodeOf(const std::string& folder) {
  struct stat found {};
  return stat(folder.c_str(), &found) == 0 ? found.st_ino : 0;
}

absl::Status Refusal(const std::string& folder, const std::string& why) {
  return MakeError(absl::StatusCode::kDataLoss, "SEGMENT_QUARANTINED",
                   folder + " was found damaged: " + why +
                       "; repair the collection (footnote-index repair)",
                   {{"path", folder}});
}

}  // namespace

absl::Status Quarantine::Add(const std::string& folder,
                             const std::string& why) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    entries_[RealPath(folder)] = {InodeOf(folder), why};
  }
  return WriteFileDurably(MarkerOf(folder), why + "\n");
}

absl::Status Quarantine::Check(const std::string& folder) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto at = entries_.find(RealPath(folder));
    if (at != entries_.end() && at->second.inode == InodeOf(folder)) {
      return Refusal(folder, at->second.why);
    }
  }
  const std::string marker = MarkerOf(folder);
  std::error_code error;
  if (!std::filesystem::exists(marker, error)) {
    return absl::OkStatus();
  }
  std::string why =
      ReadFile(marker, kMaxMarkerBytes).value_or("its marker says no more");
  while (!why.empty() && why.back() == '\n') {
    why.pop_back();
  }
  return Refusal(folder, why);
}

}  // namespace footnote::search
