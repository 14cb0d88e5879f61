#include "server/service/listen_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace footnote::service {
namespace {

// Returns why binding to `address` fails: an errno value, or 0.
int BindError(const addrinfo& address) {
  const int fd = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC,
                        address.ai_protocol);
  if (fd < 0) {
    return errno;
  }
  int error = 0;
  if (bind(fd, address.ai_addr, address.ai_addrlen) != 0 ||
      listen(fd, 1) != 0) {
    error = errno;
  }
  close(fd);
  return error;
}

// Returns why nothing can listen on `address`, as the end of a sentence.
std::string FindCause(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failure =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(),
                  &hints, &found);
  if (failure != 0) {
    return std::string("the host is not known (") + gai_strerror(failure) + ")";
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found,
                                                                 freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    const int error = BindError(*at);
    if (error == EADDRINUSE) {
      return "another program listens there already";
    }
    if (error != 0) {
      return strerror(error);
    }
  }
  return "the address could not be used";
}

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto fail = [&] {
    const std::string value(text);
    return MakeError(absl::StatusCode::kInvalidArgument, "CONFIG_INVALID",
                     value + " is not HOST:PORT with a port of 0 to 65535",
                     {{"value", value}});
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return fail();
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return fail();
  }
  ListenAddress address;
  const auto [end, error] =
      std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (host.empty() || error != std::errc() ||
      end != port.data() + port.size()) {
    return fail();
  }
  address.host = std::string(host);
  return address;
}

absl::Status ListenError(const std::string& listen) {
  std::string cause = "it is not HOST:PORT";
  if (const auto address = ParseListenAddress(listen); address.ok()) {
    cause = FindCause(*address);
  }
  return MakeError(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
                   "cannot listen on " + listen + ": " + cause,
                   {{"address", listen}});
}

}  // namespace footnote::service
