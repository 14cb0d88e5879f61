// What a reader hands over, kept for a test.

#pragma once

#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "indexer/sources/reader.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::sources {

struct Reading {
  std::vector<SourceDocument> documents;
  std::vector<Skipped> skipped;

  // Returns "path REASON" of each part skipped.
  std::vector<std::string> SkippedReasons(const std::string& folder) const {
    std::vector<std::string> reasons;
    for (const Skipped& part : skipped) {
      std::string path = part.path;
      if (path.compare(0, folder.size() + 1, folder + "/") == 0) {
        path.erase(0, folder.size() + 1);
      }
      reasons.push_back(path + " " + ErrorReason(part.status));
    }
    return reasons;
  }
};

inline void Write(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Reads the file at `path` as one found as `relative_path`.
inline Reading ReadPath(const std::string& path,
                        const std::string& relative_path,
                        const ReadOptions& options = {}) {
  Reading reading;
  const Sink sink = {
      [&](SourceDocument document) {
        reading.documents.push_back(std::move(document));
        return absl::OkStatus();
      },
      [&](Skipped skipped) { reading.skipped.push_back(std::move(skipped)); }};
  EXPECT_THAT(ReadSourceFile({path, relative_path}, options, sink), IsOk());
  return reading;
}

// Writes `bytes` to a file called `name` and reads it.
inline Reading ReadBytes(const std::string& name, std::string_view bytes,
                         const ReadOptions& options = {}) {
  const TempFolder folder;
  Write(folder / name, bytes);
  Reading reading = ReadPath(folder / name, name, options);
  for (Skipped& skipped : reading.skipped) {
    skipped.path.erase(0, folder.path().size() + 1);
  }
  return reading;
}

// Runs `check` in a child process as a user who may not read everything (where
// the test runs as root, as nobody); returns what it returned.
inline bool RunAsNobody(const std::function<bool()>& check) {
  constexpr uid_t kNobody = 65534;
  const pid_t child = fork();
  if (child == 0) {
    const bool is_nobody = geteuid() != 0 || setuid(kNobody) == 0;
    _exit(is_nobody && check() ? 0 : 1);
  }
  int status = -1;
  return waitpid(child, &status, 0) == child && status == 0;
}

}  // namespace footnote::sources
