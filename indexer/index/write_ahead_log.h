// The changes that are not in a generation yet, so that a crash loses none.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/base/status.h"

namespace footnote::index {

// A log of numbered records in files of a folder; indexer/README.md has their
// format. Sequences go up by one. Only for the holder of the collection's
// WriterLock; thread-safe.
//
// A record is acknowledged when Sync() returned ok after its Append(), and then
// outlives any crash. Others may be there after one, or not, but never in part.
// After a failed write or sync the log takes nothing more until it is opened
// again, for nobody knows what of it is on the disk.
class WriteAheadLog {
 public:
  // Takes what a record holds; an error stops the opening and comes back.
  using Replay =
      std::function<absl::Status(uint64_t sequence, std::string_view payload)>;

  // Opens the log in `folder`, which is made where missing, calls `replay` with
  // each record after `folded`, in order, and removes files that hold none.
  //
  // A record that is cut short or fails its checksum in the newest file, with
  // all that follows, is torn: a crash came before it was acknowledged. It is
  // cut off and logged. It is damage where a whole record after it says that it
  // had been synced, or where it stands in an older file, as is a gap in the
  // sequences after `folded`. Errors: kDataLoss INDEX_CORRUPT for damage;
  // DISK_FULL, FILE_IO, FILE_UNREADABLE.
  static absl::StatusOr<std::unique_ptr<WriteAheadLog>> Open(
      std::string folder, uint64_t folded, const Replay& replay);

  ~WriteAheadLog();
  WriteAheadLog(const WriteAheadLog&) = delete;
  WriteAheadLog& operator=(const WriteAheadLog&) = delete;

  // Adds a record of at most kMaxPayloadBytes; returns its sequence. Writes
  // nothing yet. Errors: that of an earlier failed write.
  absl::StatusOr<uint64_t> Append(std::string_view payload);

  // Makes all that was appended until now durable. Callers at the same time
  // share a sync. Errors: DISK_FULL, FILE_IO; also of an earlier failed write.
  absl::Status Sync();

  // Lets the next record begin a new file, so that Trim() can remove all of
  // those before.
  void StartFile();

  // Says that the records up to `sequence` are in a published generation, and
  // removes the files that hold no others.
  absl::Status Trim(uint64_t sequence);

  // The sequence of the last record; what the log was opened with before the
  // first.
  uint64_t last_sequence() const;

  static constexpr uint64_t kMaxPayloadBytes = 1ULL << 30;

 private:
  struct File {
    uint64_t first = 0;
    uint64_t last = 0;  // 0: no record
    std::string path;
  };
  // Records that are not written yet; `starts_file` puts them in a new file.
  struct Chunk {
    uint64_t first = 0;
    uint64_t last = 0;
    bool starts_file = false;
    std::string bytes;
  };

  WriteAheadLog(std::string folder, uint64_t folded)
      : folder_(std::move(folder)), last_(folded), durable_(folded) {}

  absl::Status Recover(uint64_t folded, const Replay& replay);
  absl::StatusOr<uint64_t> RecoverFile(const File& file, bool is_newest,
                                       uint64_t folded, const Replay& replay);
  absl::StatusOr<uint64_t> ReplayFile(std::string_view bytes, uint64_t folded,
                                      const Replay& replay, uint64_t* next);
  absl::Status CutFile(const File& file, uint64_t size);
  absl::Status Write(const std::deque<Chunk>& chunks);
  absl::Status WriteChunk(const Chunk& chunk);
  absl::Status CloseFile();

  const std::string folder_;
  mutable std::mutex mutex_;
  std::condition_variable synced_;
  std::deque<Chunk> chunks_;  // to be written
  uint64_t last_;             // appended
  uint64_t durable_;          // synced, or in a generation
  bool starts_file_ = true;   // so does the next record
  bool writing_ = false;      // somebody is in Write()
  absl::Status failed_;
  std::vector<File> files_;  // ascending; the last is open where fd_ >= 0
  int fd_ = -1;              // of whoever is writing
};

// Returns the sequence of the last whole record of the log in `folder`, 0 where
// there is none. Changes nothing.
uint64_t LastLogSequence(const std::string& folder);

// Returns whether the log has files.
bool HasLog(const std::string& folder);

// Removes the log, whatever it holds. Only for the holder of the WriterLock.
void RemoveLog(const std::string& folder);

// Path of the log inside a collection's folder.
std::string LogPath(const std::string& collection);

}  // namespace footnote::index
