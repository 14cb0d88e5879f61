#include "tests/bench/server_process.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing/temp_folder.h"

namespace footnote {
namespace {

// Waits for another process to write its port.
std::string ReadPort(const std::string& path) {
  for (int i = 0; i < 3000; ++i) {
    std::ifstream file(path);
    std::string port;
    if (std::getline(file, port) && !port.empty()) {
      return port;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::fprintf(stderr, "the server did not start\n");
  std::abort();
}

}  // namespace

ServerProcess::ServerProcess(const std::string& program,
                             const std::string& data_dir,
                             const std::string& log) {
  const TempFolder folder;
  const std::string port_file = folder / "port";
  pid_ = fork();
  if (pid_ == 0) {
    std::freopen(log.c_str(), "w", stderr);
    execl(program.c_str(), program.c_str(), "--data-dir", data_dir.c_str(),
          "--listen", "127.0.0.1:0", "--port-file", port_file.c_str(),
          "--cache-mb", "0",  // searches are to be measured, not the cache
          static_cast<char*>(nullptr));
    _exit(127);
  }
  address_ = "127.0.0.1:" + ReadPort(port_file);
}

ServerProcess::~ServerProcess() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

double ServerProcess::CpuSeconds() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string line;
  std::getline(file, line);
  // Fields after the name in parentheses: utime is the 12th, stime the 13th.
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) {
    fields >> skipped;
  }
  uint64_t user = 0;
  uint64_t system = 0;
  fields >> user >> system;
  return static_cast<double>(user + system) /
         static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace footnote
