#include "indexer/base/source_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include <dirent.h>
#include <sys/stat.h>

#include "indexer/base/file.h"
#include "indexer/base/ignore_list.h"

namespace footnote {
namespace {

constexpr char kIgnoreFile[] = ".footnoteignore";
constexpr std::string_view kGazetteerFile = "entities.tsv";
constexpr uint64_t kMaxIgnoreFileBytes = 1 << 20;

struct DirCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

// A folder to walk. Its parent is the folder in which it was found.
struct Folder {
  std::string path;      // as reached, to open
  std::string relative;  // to the given folder, with '/' at the end; or ""
  std::string real;      // without symbolic links
  bool is_by_link = false;
  std::shared_ptr<const Folder> parent;
  std::shared_ptr<const IgnoreList> ignored;  // none: nullptr
};

// A file that was reached.
struct Candidate {
  SourceFile file;
  std::string real;
  bool is_by_link = false;
};

std::string Join(const std::string& folder, const std::string& name) {
  return folder.empty() || folder.back() == '/' ? folder + name
                                                : folder + "/" + name;
}

std::string NameOf(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// Returns `path` without symbolic links, or "" (see errno).
std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(path.c_str(), nullptr), &std::free);
  return real == nullptr ? "" : real.get();
}

absl::Status LoopError(const std::string& path) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FOLDER_LOOP",
                   "a symbolic link to itself or to a folder it stands in",
                   {{"path", path}});
}

absl::Status PathError(int error, const std::string& path) {
  if (error == ELOOP) {
    return LoopError(path);
  }
  return FileError(error == ENOTDIR ? ENOENT : error, "read", path);
}

// Returns whether `real` is `folder` or one of those it stands in.
bool IsAbove(const std::string& real, const Folder* folder) {
  for (; folder != nullptr; folder = folder->parent.get()) {
    if (folder->real == real ||
        folder->real.compare(0, real.size() + 1, Join(real, "")) == 0) {
      return true;
    }
  }
  return false;
}

// Returns whether a list of `folder` or of one above leaves `relative` out.
bool IsIgnored(const Folder* folder, const std::string& relative) {
  for (; folder != nullptr; folder = folder->parent.get()) {
    if (folder->ignored != nullptr &&
        folder->ignored->Matches(relative.substr(folder->relative.size()))) {
      return true;
    }
  }
  return false;
}

// Walks given paths one after another.
class Walker {
 public:
  void Walk(const std::string& path);
  FoundFiles Finish() &&;

 private:
  void WalkFolder(Folder folder);
  void Enter(const std::string& name,
             const std::shared_ptr<const Folder>& parent);
  void Follow(const Folder& link);
  void Skip(const std::string& path, absl::Status status) {
    found_.skipped.push_back({path, std::move(status)});
  }

  FoundFiles found_;
  std::vector<Candidate> candidates_;
  // Of the given path being walked. Links are followed last, so that a folder
  // reached in both ways is taken where it stands.
  std::vector<Folder> folders_;
  std::deque<Folder> links_;
  std::set<std::string> walked_;
};

void Walker::Walk(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    Skip(path, PathError(errno, path));
    return;
  }
  std::string real = RealPath(path);
  if (real.empty()) {
    Skip(path, PathError(errno, path));
    return;
  }
  if (S_ISREG(info.st_mode)) {
    candidates_.push_back({{path, NameOf(path)}, std::move(real), false});
    return;
  }
  if (!S_ISDIR(info.st_mode)) {
    Skip(path, MakeError(absl::StatusCode::kInvalidArgument, "FILE_NOT_REGULAR",
                         "neither a file nor a folder", {{"path", path}}));
    return;
  }
  walked_.clear();
  folders_.push_back({path, "", std::move(real), false, nullptr, nullptr});
  while (!folders_.empty() || !links_.empty()) {
    if (folders_.empty()) {
      const Folder link = std::move(links_.front());
      links_.pop_front();
      Follow(link);
      continue;
    }
    Folder folder = std::move(folders_.back());
    folders_.pop_back();
    WalkFolder(std::move(folder));
  }
}

// Enters the folder that `link` leads to, unless that is walked already.
void Walker::Follow(const Folder& link) {
  if (IsAbove(link.real, link.parent.get())) {
    Skip(link.path, LoopError(link.path));
  } else if (!walked_.contains(link.real)) {
    folders_.push_back(link);
  }
}

void Walker::WalkFolder(Folder folder) {
  if (!walked_.insert(folder.real).second) {
    return;
  }
  const std::unique_ptr<DIR, DirCloser> stream(opendir(folder.path.c_str()));
  if (stream == nullptr) {
    Skip(folder.path, PathError(errno, folder.path));
    return;
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(stream.get())) {
    names.emplace_back(static_cast<const char*>(entry->d_name));
    errno = 0;
  }
  if (errno != 0) {
    Skip(folder.path, PathError(errno, folder.path));
  }
  std::sort(names.begin(), names.end());
  if (std::binary_search(names.begin(), names.end(), kIgnoreFile)) {
    const std::string path = Join(folder.path, kIgnoreFile);
    if (const auto text = ReadFile(path, kMaxIgnoreFileBytes); text.ok()) {
      folder.ignored = std::make_shared<const IgnoreList>(*text);
    } else {
      Skip(path, text.status());
    }
  }
  const auto parent = std::make_shared<const Folder>(std::move(folder));
  for (const std::string& name : names) {
    if (name.front() != '.') {
      Enter(name, parent);
    }
  }
}

void Walker::Enter(const std::string& name,
                   const std::shared_ptr<const Folder>& parent) {
  const std::string path = Join(parent->path, name);
  const std::string relative = parent->relative + name;
  if (IsIgnored(parent.get(), relative)) {
    return;
  }
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) {
    Skip(path, PathError(errno, path));
    return;
  }
  const bool is_link = S_ISLNK(info.st_mode);
  std::string real = is_link ? RealPath(path) : Join(parent->real, name);
  if (real.empty() || (is_link && stat(path.c_str(), &info) != 0)) {
    Skip(path, PathError(errno, path));
    return;
  }
  const bool is_by_link = is_link || parent->is_by_link;
  if (S_ISDIR(info.st_mode)) {
    Folder folder{path,       relative + "/", std::move(real),
                  is_by_link, parent,         nullptr};
    if (is_link) {
      links_.push_back(std::move(folder));
    } else {
      folders_.push_back(std::move(folder));
    }
  } else if (S_ISREG(info.st_mode)) {
    candidates_.push_back({{path, relative}, std::move(real), is_by_link});
  } else {
    Skip(path, MakeError(absl::StatusCode::kInvalidArgument, "FILE_NOT_REGULAR",
                         "a socket, device or pipe", {{"path", path}}));
  }
}

FoundFiles Walker::Finish() && {
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Candidate& a, const Candidate& b) {
                     return !a.is_by_link && b.is_by_link;
                   });
  std::set<std::string> taken;
  for (Candidate& candidate : candidates_) {
    if (!taken.insert(candidate.real).second) {
      continue;
    }
    if (NameOf(candidate.file.path) == kGazetteerFile) {
      found_.gazetteers.push_back(std::move(candidate.file.path));
    } else {
      found_.files.push_back(std::move(candidate.file));
    }
  }
  std::sort(found_.files.begin(), found_.files.end(),
            [](const SourceFile& a, const SourceFile& b) {
              return std::tie(a.relative_path, a.path) <
                     std::tie(b.relative_path, b.path);
            });
  std::sort(found_.gazetteers.begin(), found_.gazetteers.end());
  std::stable_sort(
      found_.skipped.begin(), found_.skipped.end(),
      [](const Skipped& a, const Skipped& b) { return a.path < b.path; });
  return std::move(found_);
}

}  // namespace

FileKind KindOfFile(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  for (char& c : extension) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (extension == ".md" || extension == ".markdown") {
    return FileKind::kMarkdown;
  }
  if (extension == ".jsonl" || extension == ".ndjson") {
    return FileKind::kJsonLines;
  }
  return FileKind::kPlainText;
}

std::string DocumentIdOfPath(const std::string& path) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string id;
  id.reserve(path.size());
  for (const char c : path) {
    if (IsUnreserved(c)) {
      id += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    id += '%';
    id += kHexDigits[byte >> 4];
    id += kHexDigits[byte & 15];
  }
  return id;
}

std::string DocumentIdOfLine(const SourceFile& file, uint64_t number) {
  return DocumentIdOfPath(file.relative_path) + "#L" + std::to_string(number);
}

FoundFiles FindFiles(const std::vector<std::string>& paths) {
  Walker walker;
  for (const std::string& path : paths) {
    walker.Walk(path);
  }
  return std::move(walker).Finish();
}

}  // namespace footnote
