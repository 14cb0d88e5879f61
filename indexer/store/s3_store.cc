#include <cstdlib>
#include <utility>

#include "indexer/store/http_store.h"

namespace footnote::store {
namespace {

constexpr std::string_view kScheme = "s3://";

std::string Environment(const char* name, const char* otherwise = "") {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

// Whether `text` needs no escapes in a URL, so that what is signed is what is
// sent.
bool IsPlain(std::string_view text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
             "-_./") == std::string_view::npos;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenS3Store(const std::string& address,
                                                   Cancelled cancelled) {
  std::string path = address.substr(kScheme.size());
  while (!path.empty() && path.back() == '/') {
    path.pop_back();
  }
  const std::string bucket = path.substr(0, path.find('/'));
  if (bucket.empty() || !IsPlain(path)) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "STORE_ADDRESS_INVALID",
                     "\"" + address +
                         "\" is no store: s3://BUCKET/PREFIX, of letters, "
                         "digits, '-', '_', '.' and '/'",
                     {{"address", address}});
  }
  const std::string region = Environment(
      "AWS_REGION", Environment("AWS_DEFAULT_REGION", "us-east-1").c_str());
  std::string endpoint = Environment(
      "AWS_ENDPOINT_URL", ("https://s3." + region + ".amazonaws.com").c_str());
  while (endpoint.back() == '/') {
    endpoint.pop_back();
  }
  return std::make_unique<HttpStore>(
      endpoint + "/" + path,
      S3Credentials{Environment("AWS_ACCESS_KEY_ID"),
                    Environment("AWS_SECRET_ACCESS_KEY"),
                    Environment("AWS_SESSION_TOKEN"), region},
      std::move(cancelled));
}

}  // namespace footnote::store
