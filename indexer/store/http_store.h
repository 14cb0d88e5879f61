// A web server, or a bucket of an S3-compatible one, as a store.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "indexer/store/store.h"

namespace footnote::store {

// With what requests are signed (AWS Signature Version 4).
struct S3Credentials {
  std::string key_id;  // empty: nothing is signed
  std::string secret;
  std::string session_token;  // may be empty
  std::string region;
};

// Objects are resources below a URL: got, asked for, put and deleted with GET,
// HEAD, PUT and DELETE. What fails for the moment is tried four times, reading
// as long as it goes on.
class HttpStore : public Store {
 public:
  HttpStore(std::string url, S3Credentials credentials, Cancelled cancelled);
  ~HttpStore() override;

  absl::Status Read(const std::string& key, uint64_t offset,
                    const Sink& sink) override;
  absl::Status Write(const std::string& key, std::string_view bytes) override;
  absl::StatusOr<bool> Replace(const std::string& key,
                               const std::optional<std::string>& before,
                               std::string_view bytes) override;
  absl::StatusOr<bool> Has(const std::string& key, uint64_t bytes) override;
  absl::Status Remove(const std::string& key) override;

 private:
  class Exchange;

  // Runs an exchange until it has an answer that is not for the moment.
  static absl::Status Run(Exchange* exchange);

  const std::string url_;
  const S3Credentials credentials_;
  const Cancelled cancelled_;
  struct Connection;
  const std::unique_ptr<Connection> connection_;  // kept alive between requests
  std::string last_etag_;  // of what was read last; "" where nobody said it
};

// Returns the store at s3://BUCKET/PREFIX. AWS_ENDPOINT_URL says at which
// server (Amazon's where it is not set), AWS_REGION, AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN what requests are signed with.
// Errors: kInvalidArgument STORE_ADDRESS_INVALID.
absl::StatusOr<std::unique_ptr<Store>> OpenS3Store(const std::string& address,
                                                   Cancelled cancelled);

}  // namespace footnote::store
