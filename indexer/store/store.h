// A place that generations are pushed to and pulled from.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "indexer/base/status.h"

namespace footnote::store {

// Takes the next bytes of an object; an error ends the reading and comes back.
using Sink = std::function<absl::Status(std::string_view bytes)>;

// Returns whether to give up; called again and again from the thread at work.
using Cancelled = std::function<bool()>;

// Objects by key: words of [a-z0-9_.-] with '/' between them. An object appears
// whole, and is replaced whole. Not thread-safe.
//
// Errors of all: kNotFound STORE_OBJECT_MISSING; kUnavailable
// STORE_UNAVAILABLE, also after some attempts; kFailedPrecondition
// STORE_REFUSED; kCancelled CANCELLED; of folders those of FileError().
class Store {
 public:
  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Gives `sink` the bytes of an object from `offset` on, at least once where
  // there are any, in order.
  virtual absl::Status Read(const std::string& key, uint64_t offset,
                            const Sink& sink) = 0;

  // Puts an object there, in the place of one that has the key.
  virtual absl::Status Write(const std::string& key,
                             std::string_view bytes) = 0;

  // Puts an object there where it is still what Read() last gave of it, from
  // its beginning: `before`, or nothing where it was missing. Returns false
  // where another program was faster. Of two that do so at once one is, but at
  // a web server that knows no conditions (If-Match): there it is as Write().
  virtual absl::StatusOr<bool> Replace(const std::string& key,
                                       const std::optional<std::string>& before,
                                       std::string_view bytes) = 0;

  // Returns whether there is an object of that key and so many bytes.
  virtual absl::StatusOr<bool> Has(const std::string& key, uint64_t bytes) = 0;

  // Removes an object; it may be gone already.
  virtual absl::Status Remove(const std::string& key) = 0;

 protected:
  Store() = default;
};

// Returns the whole of an object of at most `max_bytes`.
// Errors also: kDataLoss INDEX_CORRUPT for a larger one.
absl::StatusOr<std::string> ReadAll(Store& store, const std::string& key,
                                    uint64_t max_bytes);

// Returns the store at an address: the path of a folder, http://…, https://… or
// s3://BUCKET/PREFIX (see http_store.h). Nothing is looked for there yet.
// `cancelled` may be empty.
// Errors: kInvalidArgument STORE_ADDRESS_INVALID.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const std::string& address,
                                                 Cancelled cancelled = {});

// Returns the error of an object that is not there: kNotFound
// STORE_OBJECT_MISSING. `place` is its path or URL.
absl::Status MissingObjectError(const std::string& place);

}  // namespace footnote::store
