// A collection that a test builds again and again from files it changes.

#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "indexer/index/generation.h"
#include "indexer/pipeline/build.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote {

// Sources in one folder and the collection made of them in another.
class GrowingCollection {
 public:
  explicit GrowingCollection(std::string collection = "test")
      : collection_(std::move(collection)) {
    std::filesystem::create_directories(sources());
    std::filesystem::create_directories(data_dir());
  }

  // Writes the source `name`, a path inside the folder of sources.
  void Write(const std::string& name, std::string_view bytes) {
    const std::filesystem::path path = sources() + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  void Remove(const std::string& name) {
    std::filesystem::remove(sources() + "/" + name);
  }

  absl::StatusOr<pipeline::BuildSummary> Build() {
    pipeline::BuildOptions options;
    options.data_dir = data_dir();
    options.collection = collection_;
    options.paths = {sources()};
    options.gazetteers = gazetteers;
    options.from_scratch = from_scratch;
    options.threads = threads;
    options.limits = limits;
    options.progress = progress;
    return pipeline::BuildCollection(options);
  }

  // Builds, which must go well, and opens what is current then.
  std::shared_ptr<const index::Generation> BuildAndOpen() {
    const auto built = Build();
    EXPECT_THAT(built, IsOk());
    return built.ok() ? Open() : nullptr;
  }

  // Opens a generation, which must go well; 0 is the current one.
  std::shared_ptr<const index::Generation> Open(uint64_t number = 0) {
    auto opened = index::Generation::Open(folder(), number);
    EXPECT_THAT(opened, IsOk());
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  std::string sources() const { return folder_ / "sources"; }
  std::string data_dir() const { return folder_ / "data"; }
  std::string folder() const { return data_dir() + "/" + collection_; }

  std::vector<std::string> gazetteers;  // files, besides those among sources
  bool from_scratch = false;
  int threads = 0;
  pipeline::SegmentLimits limits;
  std::function<void(const pipeline::BuildProgress&)> progress;

 private:
  const std::string collection_;
  TempFolder folder_;
};

// Returns one line of JSON Lines.
inline std::string JsonLine(const std::string& id, const std::string& text) {
  return nlohmann::json{{"_id", id}, {"text", text}}.dump() + "\n";
}

}  // namespace footnote
