// A folder, perhaps of a network file system, as a store.

#pragma once

#include <optional>
#include <string>
#include <utility>

#include "indexer/store/store.h"

namespace footnote::store {

// Objects are files below a folder, which the first of them makes.
class DirectoryStore : public Store {
 public:
  DirectoryStore(std::string folder, Cancelled cancelled)
      : folder_(std::move(folder)), cancelled_(std::move(cancelled)) {}

  absl::Status Read(const std::string& key, uint64_t offset,
                    const Sink& sink) override;
  absl::Status Write(const std::string& key, std::string_view bytes) override;
  absl::StatusOr<bool> Replace(const std::string& key,
                               const std::optional<std::string>& before,
                               std::string_view bytes) override;
  absl::StatusOr<bool> Has(const std::string& key, uint64_t bytes) override;
  absl::Status Remove(const std::string& key) override;

 private:
  std::string PathOf(const std::string& key) const {
    return folder_ + "/" + key;
  }

  const std::string folder_;
  const Cancelled cancelled_;
};

}  // namespace footnote::store
