// Whether the files of a generation are what its manifest says, byte for byte.
// pipeline/verify.h looks at what they mean.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/manifest.h"

namespace footnote::index {

// One thing that is wrong with an index.
struct Finding {
  std::string file;                 // relative to the collection's folder
  std::string what;                 // for people
  std::string document;             // its id; "" for none
  std::optional<uint32_t> passage;  // its ordinal in the document
};

// Findings as they come: the first are kept, the rest counted. Not thread-safe.
class Findings {
 public:
  explicit Findings(size_t max_kept = 100) : max_kept_(max_kept) {}

  void Add(Finding finding);
  void Add(std::string file, std::string what) {
    Add({std::move(file), std::move(what), "", std::nullopt});
  }

  const std::vector<Finding>& kept() const { return kept_; }
  uint64_t count() const { return count_; }

 private:
  size_t max_kept_;
  std::vector<Finding> kept_;
  uint64_t count_ = 0;
};

// Called after so many bytes were read, at most 1 MiB at a time: waits as long
// as it likes. An error ends the check and comes back from it.
using Throttle = std::function<absl::Status(uint64_t bytes)>;

// Reads the file `entry` at `folder`/`relative` and compares size and digest;
// `relative` names it in findings. What was read is dropped from the page
// cache again, but for what is mapped. Returns only errors of `throttle`, which
// may be empty. Thread-safe, as are the two below, each with its own Findings.
absl::Status VerifyFile(const std::string& folder, const std::string& relative,
                        const FileEntry& entry, const Throttle& throttle,
                        Findings* findings);

// Compares every file of a segment of the collection in `folder`, and its
// tombstones, with the sizes and digests of the manifest. A file that is
// missing or cannot be read is a finding. Returns what is wrong, nothing where
// all is well; else the error of `throttle`, which may be empty.
absl::StatusOr<std::vector<Finding>> VerifyDigests(const std::string& folder,
                                                   const SegmentEntry& entry,
                                                   const Throttle& throttle);

}  // namespace footnote::index
