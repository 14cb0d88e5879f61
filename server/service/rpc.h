// The one path that every RPC takes: queue, run, convert the status, log one
// line, answer.

#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>
#include <nlohmann/json.hpp>

#include "indexer/base/log.h"
#include "indexer/base/status.h"
#include "server/observability/metrics.h"
#include "server/search/searcher.h"
#include "server/service/worker_pool.h"

namespace footnote::service {

// Where the lines of RPCs go; Log() of indexer/base/log.h, or a test's own.
using LogFunction = std::function<void(Severity, std::string_view message,
                                       const nlohmann::json& fields)>;

// What all RPCs share. Outlives the server.
struct RpcEnvironment {
  WorkerPool& pool;
  std::chrono::milliseconds max_deadline;  // where the client has a later one
  LogFunction log;
  observability::Metrics* metrics = nullptr;  // null for none
};

// Counts an RPC that came in, and one that ended after a time, in the metrics.
// `method` is as for UnaryCall.
void CountStarted(const RpcEnvironment& environment, std::string_view method);
void CountEnded(const RpcEnvironment& environment, std::string_view method,
                const absl::Status& status, std::chrono::duration<double> time);

// Logs the one line of an RPC: `fields`, with how it ended.
void WriteRpcLog(const RpcEnvironment& environment, const absl::Status& status,
                 nlohmann::json fields);

// Returns what `work` does; an exception out of it is INTERNAL.
absl::Status CatchExceptions(const std::function<absl::Status()>& work);

// One call, as the code that answers it sees it.
struct CallInfo {
  search::Deadline deadline;
  nlohmann::json log_fields = nlohmann::json::object();  // to add to its line
};

// The transport's side of one unary call. Deletes itself when gRPC is done.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  using Work = std::function<absl::Status(CallInfo& call)>;

  // `method` is "package.Service/Method" and lives as long as the program; what
  // `environment` refers to, and `context`, outlive the call.
  UnaryCall(const RpcEnvironment& environment, std::string_view method,
            grpc::CallbackServerContext* context);

  // Queues `work` and sees the call through. Where the queue is full the answer
  // is UNAVAILABLE OVERLOADED, at once; where the deadline passes or the client
  // leaves before its turn comes, `work` does not run. An exception out of
  // `work` is INTERNAL.
  void Start(Work work);

 private:
  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { delete this; }

  absl::Status Run(const Work& work);
  void Complete(const absl::Status& status);
  void WriteLog(const absl::Status& status);

  const RpcEnvironment& environment_;
  const std::string_view method_;
  grpc::CallbackServerContext* const context_;
  const std::chrono::steady_clock::time_point start_;
  std::atomic<bool> cancelled_ = false;
  CallInfo info_;
};

// Answers one unary RPC: `handler` is called with a CallInfo& and `response` on
// a thread of the pool; it fills the response or returns an error.
template <typename Response, typename Handler>
grpc::ServerUnaryReactor* RunRpcInPlace(const RpcEnvironment& environment,
                                        std::string_view method,
                                        grpc::CallbackServerContext* context,
                                        Response* response, Handler handler) {
  auto call = std::make_unique<UnaryCall>(environment, method, context);
  call->Start([response, handler = std::move(handler)](CallInfo& info) {
    return handler(info, response);
  });
  return call.release();
}

// Likewise, with a `handler` that is called with a CallInfo& alone and returns
// absl::StatusOr<Response>.
template <typename Response, typename Handler>
grpc::ServerUnaryReactor* RunRpc(const RpcEnvironment& environment,
                                 std::string_view method,
                                 grpc::CallbackServerContext* context,
                                 Response* response, Handler handler) {
  return RunRpcInPlace(environment, method, context, response,
                       [handler = std::move(handler)](
                           CallInfo& info, Response* filled) -> absl::Status {
                         FOOTNOTE_ASSIGN_OR_RETURN(*filled, handler(info));
                         return absl::OkStatus();
                       });
}

}  // namespace footnote::service
