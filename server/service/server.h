// The gRPC server: all services over one data folder.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "indexer/base/status.h"
#include "server/search/searcher.h"
#include "server/service/follower.h"
#include "server/service/rpc.h"
#include "server/service/scrubber.h"

namespace footnote::service {

struct ServerOptions {
  std::string data_dir;                    // holds the collections
  std::string listen = "127.0.0.1:50051";  // HOST:PORT; port 0 for any free one
  uint32_t threads = 0;                    // that run calls; 0 for one per core
  uint32_t queue_limit = 0;  // of waiting calls; 0 for 64 per thread
  std::chrono::milliseconds max_deadline{30000};  // of a call, from its arrival
  int max_receive_bytes = 4 << 20;                // of one message
  size_t cache_bytes = 64 << 20;                  // of answers; 0 for none
  bool read_only = false;                         // take no changes
  // Changes are published this long after the first that waits.
  std::chrono::milliseconds publish_delay{200};
  uint64_t search_bytes = search::kDefaultMemory;  // that one search may take
  // That the documents of all streams may take until they are in a log.
  uint64_t ingest_bytes = 256 << 20;
  LogFunction log;               // Log() where empty
  FollowOptions follow;          // of a store; such a server takes no changes
  ScrubOptions scrub;            // of the background check of all segments
  std::string metrics_listen;    // HOST:PORT of metrics; empty for none
  std::function<int64_t()> now;  // Unix seconds; the system's clock where empty
};

// A running server. Serves from Start() on.
class Server {
 public:
  // Reads the catalog of the data folder, which is made where a store is
  // followed, then listens. Where a store is followed and the folder has no
  // collection yet, health says NOT_SERVING until all of the store's were tried
  // and one of them is served. Errors: kInvalidArgument STORE_ADDRESS_INVALID;
  // as of FileError(); kUnavailable LISTEN_FAILED where an address is taken or
  // no address of this machine.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options);

  // Stops at once, without grace.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port listened on, and that of metrics, 0 for none.
  int port() const;
  int metrics_port() const;

  // Has health say NOT_SERVING, but for "liveness", so that balancers send
  // their calls elsewhere. Calls that come nevertheless are answered.
  void Drain();

  // Takes no further calls, and returns when those running have ended or after
  // `grace`, when they are cancelled. Call once.
  void Shutdown(std::chrono::milliseconds grace);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace footnote::service
