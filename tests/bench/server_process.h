// A footnote-server of our own, and the CPU time it takes.

#pragma once

#include <cstdint>
#include <string>

namespace footnote {

// Starts a server on a free port of loopback and stops it at the end. Aborts
// where it does not start within 30 s.
class ServerProcess {
 public:
  // The server's log goes to the file `log`.
  ServerProcess(const std::string& program, const std::string& data_dir,
                const std::string& log = "/dev/null");
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& address() const { return address_; }

  // Returns user and system CPU seconds of all its threads so far, from
  // /proc/PID/stat: exact to a clock tick, 10 ms as a rule.
  double CpuSeconds() const;

 private:
  int pid_ = -1;
  std::string address_;
};

}  // namespace footnote
