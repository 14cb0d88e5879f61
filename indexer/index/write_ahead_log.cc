#include "indexer/index/write_ahead_log.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "indexer/base/file.h"
#include "indexer/base/log.h"
#include "indexer/index/log_record.h"

namespace footnote::index {
namespace {

constexpr std::string_view kMagic = "FOTNWAL1";
constexpr std::string_view kExtension = ".log";
constexpr int kNameDigits = 20;

absl::Status Corrupt(const std::string& path, const std::string& what) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   path + ": " + what, {{"path", path}});
}

std::string NameOf(uint64_t first) {
  std::array<char, kNameDigits + 1> name{};
  std::snprintf(name.data(), name.size(), "%0*llu", kNameDigits,
                static_cast<unsigned long long>(first));
  return name.data() + std::string(kExtension);
}

// Returns the sequence in the name of a log file; nothing for other files.
std::optional<uint64_t> FirstOf(const std::string& name) {
  const std::string digits = name.substr(0, kNameDigits);
  if (name.size() != kNameDigits + kExtension.size() ||
      digits.find_first_not_of("0123456789") != std::string::npos ||
      digits > "09999999999999999999" || NameOf(std::stoull(digits)) != name) {
    return std::nullopt;
  }
  return std::stoull(digits);
}

// Returns the first sequences of the log files in `folder`, ascending.
std::vector<uint64_t> FindFiles(const std::string& folder) {
  std::vector<uint64_t> firsts;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (const auto first = FirstOf(entry.path().filename().string())) {
      firsts.push_back(*first);
    }
  }
  std::sort(firsts.begin(), firsts.end());
  return firsts;
}

absl::Status WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return FileError(errno, "write", path);
    }
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(written, 0)));
  }
  return absl::OkStatus();
}

absl::Status RemoveFile(const std::string& path) {
  return unlink(path.c_str()) == 0 || errno == ENOENT
             ? absl::OkStatus()
             : FileError(errno, "remove", path);
}

}  // namespace

std::string LogPath(const std::string& collection) {
  return collection + "/wal";
}

uint64_t LastLogSequence(const std::string& folder) {
  const std::vector<uint64_t> firsts = FindFiles(folder);
  uint64_t last = 0;
  for (const uint64_t first : firsts) {
    const auto file = MappedFile::Open(folder + "/" + NameOf(first));
    if (!file.ok()) {
      continue;
    }
    uint64_t at = kMagic.size();
    for (uint64_t next = first;; ++next) {
      const auto record = ReadLogRecord(file->bytes(), at, next, next);
      if (!record) {
        break;
      }
      last = next;
      at = record->end;
    }
  }
  return last;
}

bool HasLog(const std::string& folder) { return !FindFiles(folder).empty(); }

void RemoveLog(const std::string& folder) {
  std::error_code ignored;
  for (const uint64_t first : FindFiles(folder)) {
    std::filesystem::remove(folder + "/" + NameOf(first), ignored);
  }
}

absl::StatusOr<std::unique_ptr<WriteAheadLog>> WriteAheadLog::Open(
    std::string folder, uint64_t folded, const Replay& replay) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) {
    FOOTNOTE_RETURN_IF_ERROR(
        SyncPath(std::filesystem::path(folder).parent_path()));
  }
  if (error) {
    return FileError(error.value(), "create", folder);
  }
  std::unique_ptr<WriteAheadLog> log(
      new WriteAheadLog(std::move(folder), folded));
  FOOTNOTE_RETURN_IF_ERROR(log->Recover(folded, replay));
  return log;
}

WriteAheadLog::~WriteAheadLog() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

absl::Status WriteAheadLog::Recover(uint64_t folded, const Replay& replay) {
  for (const uint64_t first : FindFiles(folder_)) {
    files_.push_back({first, 0, folder_ + "/" + NameOf(first)});
  }
  for (size_t i = 0; i < files_.size(); ++i) {
    const bool is_newest = i + 1 == files_.size();
    // What comes before the next file's first is in the generation already.
    if (!is_newest && files_[i + 1].first <= folded + 1) {
      files_[i].last = files_[i + 1].first - 1;
      continue;
    }
    if (files_[i].first > last_ + 1) {
      return Corrupt(files_[i].path,
                     "changes " + std::to_string(last_ + 1) + " to " +
                         std::to_string(files_[i].first - 1) + " are missing");
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        const uint64_t next, RecoverFile(files_[i], is_newest, folded, replay));
    if (!is_newest && files_[i + 1].first < next) {
      return Corrupt(files_[i + 1].path,
                     "change " + std::to_string(files_[i + 1].first) +
                         " stands in two files");
    }
    files_[i].last = last_;
  }
  std::error_code error;
  if (!files_.empty() && !std::filesystem::exists(files_.back().path, error)) {
    files_.pop_back();  // nothing was left of it
  }
  durable_ = last_;
  return Trim(folded);
}

// Replays the whole records of a file from sequence *next on; *next becomes the
// one after the last. Returns where that ends.
absl::StatusOr<uint64_t> WriteAheadLog::ReplayFile(std::string_view bytes,
                                                   uint64_t folded,
                                                   const Replay& replay,
                                                   uint64_t* next) {
  uint64_t at = kMagic.size();
  while (const auto record = ReadLogRecord(bytes, at, *next, *next)) {
    const bool is_new = *next > folded;
    FOOTNOTE_RETURN_IF_ERROR(is_new ? replay(*next, record->payload)
                                    : absl::OkStatus());
    at = record->end;
    last_ = std::max(last_, *next);
    ++*next;
  }
  return at;
}

// Returns the sequence after the last of the file.
absl::StatusOr<uint64_t> WriteAheadLog::RecoverFile(const File& file,
                                                    bool is_newest,
                                                    uint64_t folded,
                                                    const Replay& replay) {
  FOOTNOTE_ASSIGN_OR_RETURN(const MappedFile mapped,
                            MappedFile::Open(file.path));
  const std::string_view bytes = mapped.bytes();
  const bool has_magic = bytes.substr(0, kMagic.size()) == kMagic;
  uint64_t next = file.first;
  uint64_t at = kMagic.size();
  if (has_magic) {
    FOOTNOTE_ASSIGN_OR_RETURN(at, ReplayFile(bytes, folded, replay, &next));
  }
  if (has_magic && at == bytes.size()) {
    return next;
  }
  // The start of a file and its first record are written as one.
  const bool lost_magic = !has_magic && ReadLogRecord(bytes, at, next, next);
  if (!is_newest || lost_magic || IsKnownDurable(bytes, at, next)) {
    return Corrupt(file.path, "change " + std::to_string(next) +
                                  " is damaged at byte " + std::to_string(at));
  }
  FOOTNOTE_RETURN_IF_ERROR(CutFile(file, has_magic ? at : 0));
  return next;
}

// Cuts off what a crash left of records that nobody was promised.
absl::Status WriteAheadLog::CutFile(const File& file, uint64_t size) {
  Log(Severity::kWarning, "unfinished changes of a crash were cut off",
      {{"path", file.path}, {"from_byte", size}});
  if (size <= kMagic.size()) {
    FOOTNOTE_RETURN_IF_ERROR(RemoveFile(file.path));
    return SyncPath(folder_);
  }
  if (truncate(file.path.c_str(), static_cast<off_t>(size)) != 0) {
    return FileError(errno, "cut", file.path);
  }
  return SyncPath(file.path);
}

absl::StatusOr<uint64_t> WriteAheadLog::Append(std::string_view payload) {
  const std::lock_guard lock(mutex_);
  FOOTNOTE_RETURN_IF_ERROR(failed_);
  const uint64_t sequence = last_ + 1;
  if (chunks_.empty() || starts_file_) {
    chunks_.push_back({sequence, sequence, starts_file_, {}});
    starts_file_ = false;
  }
  AppendLogRecord(&chunks_.back().bytes, sequence, durable_, payload);
  chunks_.back().last = sequence;
  last_ = sequence;
  return sequence;
}

absl::Status WriteAheadLog::Sync() {
  std::unique_lock lock(mutex_);
  const uint64_t wanted = last_;
  while (durable_ < wanted) {
    FOOTNOTE_RETURN_IF_ERROR(failed_);
    if (writing_) {
      synced_.wait(lock);
      continue;
    }
    writing_ = true;
    const std::deque<Chunk> chunks = std::exchange(chunks_, {});
    const uint64_t last = last_;
    lock.unlock();
    absl::Status status = Write(chunks);
    lock.lock();
    writing_ = false;
    if (status.ok()) {
      durable_ = std::max(durable_, last);
    } else {
      failed_ = std::move(status);
    }
    synced_.notify_all();
  }
  return absl::OkStatus();
}

// Only for the one that set writing_.
absl::Status WriteAheadLog::Write(const std::deque<Chunk>& chunks) {
  for (const Chunk& chunk : chunks) {
    FOOTNOTE_RETURN_IF_ERROR(WriteChunk(chunk));
  }
  if (fd_ >= 0 && fdatasync(fd_) != 0) {
    return FileError(errno, "sync", files_.back().path);
  }
  return absl::OkStatus();
}

absl::Status WriteAheadLog::WriteChunk(const Chunk& chunk) {
  if (!chunk.starts_file && fd_ >= 0) {
    files_.back().last = chunk.last;
    return WriteAll(fd_, chunk.bytes, files_.back().path);
  }
  FOOTNOTE_RETURN_IF_ERROR(CloseFile());
  const std::string path = folder_ + "/" + NameOf(chunk.first);
  fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd_ < 0) {
    return FileError(errno, "create", path);
  }
  files_.push_back({chunk.first, chunk.last, path});
  FOOTNOTE_RETURN_IF_ERROR(
      WriteAll(fd_, std::string(kMagic) + chunk.bytes, path));
  return SyncPath(folder_);
}

// An older file is whole: it is synced before the next one is begun.
absl::Status WriteAheadLog::CloseFile() {
  if (fd_ < 0) {
    return absl::OkStatus();
  }
  const int fd = std::exchange(fd_, -1);
  const int error = fdatasync(fd) == 0 ? 0 : errno;
  close(fd);
  return error == 0 ? absl::OkStatus()
                    : FileError(error, "sync", files_.back().path);
}

void WriteAheadLog::StartFile() {
  const std::lock_guard lock(mutex_);
  starts_file_ = true;
}

absl::Status WriteAheadLog::Trim(uint64_t sequence) {
  std::unique_lock lock(mutex_);
  synced_.wait(lock, [this] { return !writing_; });
  while (!chunks_.empty() && chunks_.front().last <= sequence) {
    // Durable by the generation; what follows begins a new file.
    chunks_.pop_front();
    if (!chunks_.empty()) {
      chunks_.front().starts_file = true;
    } else {
      starts_file_ = true;
    }
  }
  durable_ = std::max(durable_, std::min(sequence, last_));
  synced_.notify_all();
  const bool open_file_is_done =
      chunks_.empty() ? starts_file_ : chunks_.front().starts_file;
  absl::Status status;
  size_t done = 0;
  for (; done < files_.size() && files_[done].last <= sequence; ++done) {
    if (fd_ >= 0 && done + 1 == files_.size()) {
      if (!open_file_is_done) {
        break;
      }
      close(std::exchange(fd_, -1));
    }
    status.Update(RemoveFile(files_[done].path));
  }
  files_.erase(files_.begin(), files_.begin() + static_cast<ptrdiff_t>(done));
  return status;
}

uint64_t WriteAheadLog::last_sequence() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace footnote::index
