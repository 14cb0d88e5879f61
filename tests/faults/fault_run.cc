// Runs a program and watches what it does to the files below a folder: kills it
// before a chosen system call, lets chosen calls fail, and keeps a journal of
// what a power cut could undo.
//
// The program asks for each call that may change a file (seccomp's user
// notifications), a process of ours answers. No call is missed, whatever
// library makes it and however: LD_PRELOAD would not see those that libc makes
// inside itself, as for fwrite(3). What is written through a shared memory map
// is not seen. Linux alone, from 5.19.

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/journal.h"
#include "tests/faults/watched_call.h"

namespace footnote::faults {
namespace {

constexpr const char* kUsage =
    "Usage: fault_run --root DIR --journal DIR [--kill-at N] [--kill-kind KIND]"
    "\n         [--fail KIND:N:ERRNO] [--cut-write] -- PROGRAM ARGUMENT...\n\n"
    "Runs PROGRAM in its own place (same process id), watching the files "
    "below\n"
    "DIR. --kill-at kills it before the N-th change (from 1; of KIND alone "
    "with\n"
    "--kill-kind). --fail lets the N-th change of KIND and all later ones "
    "fail\n"
    "with ERRNO, a number. With --cut-write the first write to fail writes "
    "half\n"
    "of its bytes first. KIND: write, truncate, sync, create, rename, remove "
    "or\n"
    "any.\n";

struct Options {
  std::string root;
  std::string journal;
  uint64_t kill_at = 0;  // 0: never
  std::string kill_kind = "any";
  uint64_t fail_at = 0;  // 0: never
  std::string fail_kind;
  int fail_errno = 0;
  bool cut_write = false;
  char** program = nullptr;
};

[[noreturn]] void Fail(const char* what) {
  std::perror((std::string("fault_run: ") + what).c_str());
  std::_Exit(EXIT_FAILURE);
}

[[noreturn]] void FailUsage() {
  std::fputs(kUsage, stderr);
  std::_Exit(2);
}

uint64_t ParseNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    FailUsage();
  }
  return number;
}

// KIND:N:ERRNO
void ParseFailure(std::string_view text, Options* options) {
  const size_t first = text.find(':');
  const size_t last = text.rfind(':');
  if (first == std::string_view::npos || first == last) {
    FailUsage();
  }
  options->fail_kind = text.substr(0, first);
  options->fail_at = ParseNumber(text.substr(first + 1, last - first - 1));
  options->fail_errno = static_cast<int>(ParseNumber(text.substr(last + 1)));
}

Options ParseOptions(int argc, char** argv) {
  Options options;
  int i = 1;
  for (; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view name = argv[i];
    if (name == "--cut-write") {
      options.cut_write = true;
      continue;
    }
    if (++i == argc) {
      FailUsage();
    }
    if (name == "--root") {
      options.root = std::filesystem::canonical(argv[i]);
    } else if (name == "--journal") {
      options.journal = argv[i];
    } else if (name == "--kill-at") {
      options.kill_at = ParseNumber(argv[i]);
    } else if (name == "--kill-kind") {
      options.kill_kind = argv[i];
    } else if (name == "--fail") {
      ParseFailure(argv[i], &options);
    } else {
      FailUsage();
    }
  }
  if (options.root.empty() || options.journal.empty() || i + 1 >= argc) {
    FailUsage();
  }
  options.program = argv + i + 1;
  return options;
}

// The filter that lets this thread and its children ask. open(2) and its like
// ask only where a flag says that they may change something.
std::vector<sock_filter> MakeFilter() {
  constexpr uint32_t kNumber = offsetof(seccomp_data, nr);
  std::vector<sock_filter> filter = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber)};
  for (const AskedCall& call : AskedCalls()) {
    const auto number = static_cast<uint32_t>(call.number);
    if (call.flags_argument < 0) {
      filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    } else {
      const auto flags = static_cast<uint32_t>(
          offsetof(seccomp_data, args) +
          sizeof(uint64_t) * static_cast<size_t>(call.flags_argument));
      filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4));
      filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, flags));
      filter.push_back(
          BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 1, 0));
      filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return filter;
}

// Returns the descriptor on which the calls of this process are answered.
int InstallFilter() {
  std::vector<sock_filter> filter = MakeFilter();
  const sock_fprog program{static_cast<uint16_t>(filter.size()), filter.data()};
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    Fail("no_new_privs");
  }
  const auto listener = static_cast<int>(syscall(
      SYS_seccomp, SECCOMP_SET_MODE_FILTER,
      SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
      &program));
  if (listener < 0) {
    Fail("seccomp");
  }
  return listener;
}

constexpr size_t kControlBytes = CMSG_SPACE(sizeof(int));

void SendDescriptor(int socket, int fd) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, kControlBytes> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &fd, sizeof(fd));
  if (sendmsg(socket, &message, 0) < 0) {
    Fail("sendmsg");
  }
}

int ReceiveDescriptor(int socket) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, kControlBytes> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) < 1 ||
      CMSG_FIRSTHDR(&message) == nullptr) {
    Fail("recvmsg");
  }
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
  return fd;
}

// Does half of a write(2) in place of the caller. Returns the bytes written.
int64_t WriteHalf(const seccomp_notif& notice, const WatchedCall& call) {
  const auto thread = static_cast<pid_t>(notice.pid);
  std::string bytes(call.bytes / 2, '\0');
  const int memory = open(("/proc/" + std::to_string(thread) + "/mem").c_str(),
                          O_RDONLY | O_CLOEXEC);
  const ssize_t count = pread(memory, bytes.data(), bytes.size(),
                              static_cast<off_t>(notice.data.args[1]));
  close(memory);
  const auto process =
      static_cast<int>(syscall(SYS_pidfd_open, ProcessOf(thread), 0));
  const auto file = static_cast<int>(
      syscall(SYS_pidfd_getfd, process, notice.data.args[0], 0));
  const ssize_t written =
      count <= 0 ? -1 : write(file, bytes.data(), static_cast<size_t>(count));
  close(file);
  close(process);
  return written;
}

// Answers the calls of a watched process until it has ended.
class Answerer {
 public:
  Answerer(const Options& options, Journal* journal, int listener)
      : options_(options), journal_(*journal), listener_(listener) {}

  void Run();

 private:
  void AnswerOne(const seccomp_notif& notice);
  bool KillsNow(const WatchedCall& call);
  bool FailsNow(const WatchedCall& call);
  void Send(seccomp_notif_resp response) const {
    ioctl(listener_, SECCOMP_IOCTL_NOTIF_SEND, &response);
  }

  const Options& options_;
  Journal& journal_;
  const int listener_;
  uint64_t killable_ = 0;  // changes of the kind to kill at, until now
  uint64_t failable_ = 0;
};

void Answerer::Run() {
  pollfd waiting{listener_, POLLIN, 0};
  while (poll(&waiting, 1, -1) > 0 && (waiting.revents & POLLHUP) == 0) {
    seccomp_notif notice{};
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, &notice) == 0) {
      AnswerOne(notice);
    }
  }
}

bool Answerer::KillsNow(const WatchedCall& call) {
  const bool counts =
      options_.kill_kind == "any" || options_.kill_kind == NameOf(call.kind);
  return counts && ++killable_ == options_.kill_at;
}

bool Answerer::FailsNow(const WatchedCall& call) {
  const bool counts =
      options_.fail_at > 0 &&
      (options_.fail_kind == "any" || options_.fail_kind == NameOf(call.kind));
  return counts && ++failable_ >= options_.fail_at;
}

void Answerer::AnswerOne(const seccomp_notif& notice) {
  seccomp_notif_resp response{};
  response.id = notice.id;
  response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  const std::optional<WatchedCall> call = ReadCall(notice, options_.root);
  if (!call) {
    Send(response);
    return;
  }
  if (KillsNow(*call)) {
    kill(ProcessOf(static_cast<pid_t>(notice.pid)), SIGKILL);
    return;
  }
  if (FailsNow(*call)) {
    response.flags = 0;
    response.error = -options_.fail_errno;
    if (options_.cut_write && failable_ == options_.fail_at &&
        call->name == "write" && call->bytes > 1) {
      journal_.Note(*call);
      response.val = WriteHalf(notice, *call);
      response.error = 0;
    } else {
      journal_.NoteFailed(*call);
    }
    Send(response);
    return;
  }
  journal_.Note(*call);
  if (call->kind == CallKind::kSync) {
    response.flags = 0;  // the journal's word is all that it takes
  }
  Send(response);
}

// Forks the process that answers; returns the socket that it awaits the
// descriptor on.
int StartAnswerer(const Options& options, Journal* journal) {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    Fail("socketpair");
  }
  const pid_t child = fork();
  if (child < 0) {
    Fail("fork");
  }
  if (child > 0) {
    close(sockets[1]);
    waitpid(child, nullptr, 0);
    return sockets[0];
  }
  // The child of the child is nobody's: the program sees no child.
  if (setsid() < 0 || fork() != 0) {
    std::_Exit(EXIT_SUCCESS);
  }
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO}) {
    dup2(null, fd);
  }
  close(sockets[0]);
  const int listener = ReceiveDescriptor(sockets[1]);
  Answerer(options, journal, listener).Run();
  std::_Exit(EXIT_SUCCESS);
}

int Run(int argc, char** argv) {
  const Options options = ParseOptions(argc, argv);
  Journal journal(options.journal);
  const int socket = StartAnswerer(options, &journal);
  const int listener = InstallFilter();
  SendDescriptor(socket, listener);
  close(listener);
  execvp(options.program[0], options.program);
  Fail(options.program[0]);
}

}  // namespace
}  // namespace footnote::faults

int main(int argc, char** argv) { return footnote::faults::Run(argc, argv); }
