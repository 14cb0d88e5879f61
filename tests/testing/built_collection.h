// A collection built for a test.

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "indexer/index/generation.h"
#include "indexer/pipeline/build.h"
#include "tests/testing/temp_folder.h"

namespace footnote {

// Builds `paths` as the collection "test" and opens it; the status says what
// went wrong. Lives in a folder of its own.
class BuiltCollection {
 public:
  explicit BuiltCollection(std::vector<std::string> paths) {
    pipeline::BuildOptions options;
    options.data_dir = folder_.path();
    options.collection = "test";
    options.paths = std::move(paths);
    auto built = pipeline::BuildCollection(options);
    status_ = built.status();
    if (!built.ok()) {
      return;
    }
    summary_ = *std::move(built);
    auto opened = index::Generation::Open(folder_ / "test", 0);
    status_ = opened.status();
    if (opened.ok()) {
      generation_ = *std::move(opened);
    }
  }

  const absl::Status& status() const { return status_; }
  const pipeline::BuildSummary& summary() const { return summary_; }
  const index::Generation& generation() const { return *generation_; }
  const std::string& data_dir() const { return folder_.path(); }

 private:
  TempFolder folder_;
  absl::Status status_;
  pipeline::BuildSummary summary_;
  std::shared_ptr<const index::Generation> generation_;
};

}  // namespace footnote
