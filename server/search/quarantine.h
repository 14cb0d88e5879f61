// Segments that were found damaged, and stay out.

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "indexer/base/status.h"

namespace footnote::search {

// Remembers folders of damaged segments: in this process, and by a marker file
// in the folder, where that may be written, also after a restart. A folder that
// is replaced by another of the same name is a new one. Thread-safe.
class Quarantine {
 public:
  // Keeps the segment in `folder` out from now on; `why` is for people. Returns
  // an error where the marker could not be written.
  absl::Status Add(const std::string& folder, const std::string& why);

  // Returns OK for a segment that may be served, else kDataLoss
  // SEGMENT_QUARANTINED.
  absl::Status Check(const std::string& folder) const;

 private:
  struct Entry {
    uint64_t inode = 0;
    std::string why;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // by real path; guarded by mutex_
};

}  // namespace footnote::search
