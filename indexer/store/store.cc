#include "indexer/store/store.h"

#include <utility>

#include "indexer/store/directory_store.h"
#include "indexer/store/http_store.h"

namespace footnote::store {

absl::StatusOr<std::string> ReadAll(Store& store, const std::string& key,
                                    uint64_t max_bytes) {
  std::string all;
  FOOTNOTE_RETURN_IF_ERROR(
      store.Read(key, 0, [&](std::string_view bytes) -> absl::Status {
        if (bytes.size() > max_bytes - all.size()) {
          return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                           "the store's object " + key + " has more than " +
                               std::to_string(max_bytes) + " bytes",
                           {{"object", key}});
        }
        all += bytes;
        return absl::OkStatus();
      }));
  return all;
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const std::string& address,
                                                 Cancelled cancelled) {
  if (address.starts_with("s3://")) {
    return OpenS3Store(address, std::move(cancelled));
  }
  if (address.starts_with("http://") || address.starts_with("https://")) {
    return std::make_unique<HttpStore>(
        address.substr(0, address.find_last_not_of('/') + 1), S3Credentials(),
        std::move(cancelled));
  }
  if (address.empty() || address.find("://") != std::string::npos) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "STORE_ADDRESS_INVALID",
                     "\"" + address +
                         "\" is no store: the path of a folder, http://…, "
                         "https://… or s3://BUCKET/PREFIX",
                     {{"address", address}});
  }
  return std::make_unique<DirectoryStore>(address, std::move(cancelled));
}

absl::Status MissingObjectError(const std::string& place) {
  return MakeError(absl::StatusCode::kNotFound, "STORE_OBJECT_MISSING",
                   "the store does not have " + place, {{"object", place}});
}

}  // namespace footnote::store
