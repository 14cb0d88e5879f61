#include "tests/faults/journal.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

namespace footnote::faults {
namespace {

using Json = nlohmann::json;

[[noreturn]] void Fail(const std::string& what) {
  std::perror(("fault_run: " + what).c_str());
  std::_Exit(EXIT_FAILURE);
}

int OpenToAppend(const std::string& path) {
  const int fd =
      open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    Fail(path);
  }
  return fd;
}

struct stat StatusOf(const std::string& path) {
  struct stat status {};
  stat(path.c_str(), &status);
  return status;
}

uint64_t InodeOf(const std::string& path) { return StatusOf(path).st_ino; }

}  // namespace

Journal::Journal(const std::string& folder) : folder_(folder) {
  std::filesystem::create_directories(folder + "/graves");
  for ([[maybe_unused]] const auto& grave :
       std::filesystem::directory_iterator(folder + "/graves")) {
    ++graves_;
  }
  journal_ = OpenToAppend(folder + "/journal");
  blobs_ = OpenToAppend(folder + "/blobs");
  // A program that was just killed may still be about to let it go.
  if (flock(journal_, LOCK_EX) != 0) {
    Fail(folder + " cannot be locked");
  }
}

void Journal::Append(const std::string& line) const {
  if (write(journal_, (line + "\n").data(), line.size() + 1) < 0) {
    Fail("journal");
  }
}

void Journal::NoteContent(const WatchedCall& call) const {
  const int file = open(call.descriptor.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0) {
    Fail(call.descriptor);
  }
  const auto size = static_cast<uint64_t>(status.st_size);
  const bool cuts = call.kind == CallKind::kTruncate;
  const uint64_t end = cuts ? size : std::min(size, call.at + call.bytes);
  std::string old(end > call.at ? end - call.at : 0, '\0');
  const ssize_t saved =
      pread(file, old.data(), old.size(), static_cast<off_t>(call.at));
  close(file);
  const uint64_t blob = lseek(blobs_, 0, SEEK_END);
  if (saved < 0 || write(blobs_, old.data(), static_cast<size_t>(saved)) < 0) {
    Fail("blobs");
  }
  Json line = {{"op", NameOf(call.kind)},
               {"call", call.name},
               {"inode", status.st_ino},
               {"size", size},
               {"blob", blob},
               {"saved", saved}};
  if (cuts) {
    line["to"] = call.at;
  } else {
    line["at"] = call.at;
    line["bytes"] = call.bytes;
  }
  Append(line.dump());
}

std::string Journal::Bury(const Place& place) {
  struct stat status {};
  if (lstat(place.path().c_str(), &status) != 0 || S_ISDIR(status.st_mode)) {
    return "";
  }
  std::string grave = std::to_string(graves_++);
  if (linkat(AT_FDCWD, place.path().c_str(), AT_FDCWD,
             (folder_ + "/graves/" + grave).c_str(), 0) != 0) {
    Fail("cannot keep " + place.path());
  }
  return grave;
}

void Journal::Note(const WatchedCall& call) {
  Json line = {{"op", NameOf(call.kind)}, {"call", call.name}};
  switch (call.kind) {
    case CallKind::kWrite:
    case CallKind::kTruncate:
      NoteContent(call);
      return;
    case CallKind::kSync:
      line["whole_disk"] = call.whole_disk;
      line["inode"] = call.whole_disk ? 0 : InodeOf(call.descriptor);
      break;
    case CallKind::kCreate:
      line["folder"] = InodeOf(call.place.folder);
      line["name"] = call.place.name;
      break;
    case CallKind::kRename:
      line["folder"] = InodeOf(call.place.folder);
      line["name"] = call.place.name;
      line["inode"] = InodeOf(call.place.path());
      line["target_folder"] = InodeOf(call.target.folder);
      line["target_name"] = call.target.name;
      line["grave"] = Bury(call.target);
      break;
    case CallKind::kRemove:
      line["folder"] = InodeOf(call.place.folder);
      line["name"] = call.place.name;
      line["inode"] = InodeOf(call.place.path());
      line["grave"] = Bury(call.place);
      break;
  }
  Append(line.dump());
}

void Journal::NoteFailed(const WatchedCall& call) const {
  Append(
      Json({{"op", "failed"}, {"call", call.name}, {"kind", NameOf(call.kind)}})
          .dump());
}

}  // namespace footnote::faults
