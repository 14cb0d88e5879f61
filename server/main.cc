// footnote-server: serves the collections of a data folder over gRPC.

#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include "indexer/base/file.h"
#include "indexer/base/log.h"
#include "server/service/command_line.h"
#include "server/service/server.h"

namespace footnote::service {
namespace {

// The signals that end the server.
sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Waits for a signal to end, at most `time`.
void WaitForSignal(const sigset_t& signals, std::chrono::milliseconds time) {
  timespec limit{};
  limit.tv_sec = time.count() / 1000;
  limit.tv_nsec = (time.count() % 1000) * 1000000;
  sigtimedwait(&signals, nullptr, &limit);
}

void WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

int Fail(const absl::Status& status) {
  std::fprintf(
      stderr, "footnote-server: %s\n",
      std::string(status.message().data(), status.message().size()).c_str());
  return 1;
}

int Run(const ServerConfig& config) {
  // Blocked before any thread starts, so that only this one gets them.
  const sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto server = Server::Start(config.server);
  if (!server.ok()) {
    return Fail(server.status());
  }
  if (!config.port_file.empty()) {
    const absl::Status written = WriteFileDurably(
        config.port_file, std::to_string((*server)->port()) + "\n");
    if (!written.ok()) {
      return Fail(written);
    }
  }
  Log(Severity::kInfo, "serving",
      {{"listen", config.server.listen},
       {"port", (*server)->port()},
       {"metrics_port", (*server)->metrics_port()},
       {"data_dir", config.server.data_dir},
       {"version", FOOTNOTE_VERSION}});
  WaitForSignal(signals);
  Log(Severity::kInfo, "draining");
  (*server)->Drain();
  WaitForSignal(signals, config.drain_delay);
  (*server)->Shutdown(config.grace);
  Log(Severity::kInfo, "stopped");
  return 0;
}

}  // namespace
}  // namespace footnote::service

int main(int argc, char** argv) {
  // gRPC's own lines are no JSON; what matters in them we report ourselves.
  gpr_set_log_function([](gpr_log_func_args*) {});
  google::protobuf::SetLogHandler(nullptr);
  const auto command_line = footnote::service::ParseCommandLine(argc, argv);
  if (!command_line.config) {
    std::fputs(command_line.output.c_str(),
               command_line.exit_code == 0 ? stdout : stderr);
    return command_line.exit_code;
  }
  return footnote::service::Run(*command_line.config);
}
