#include "client/common_flags.h"

namespace footnote::client {
namespace {

// Returns what is wrong with HOST:PORT, "" for nothing.
std::string CheckAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  const std::string port =
      colon == std::string::npos ? "" : address.substr(colon + 1);
  const bool ok = colon != 0 && !port.empty() && port.size() <= 5 &&
                  port.find_first_not_of("0123456789") == std::string::npos;
  return ok ? "" : "\"" + address + "\" is not HOST:PORT";
}

}  // namespace

void AddCommonFlags(CLI::App* command, CommonFlags* flags) {
  command
      ->add_option("--server", flags->server,
                   "HOST:PORT of the server. Default: 127.0.0.1:50051.")
      ->envname("FOOTNOTE_SERVER")
      ->check(CheckAddress);
  command
      ->add_option("--timeout", flags->timeout_seconds,
                   "Seconds to wait for the answer. Default: 10.")
      ->check(CLI::Range(0.001, 86400.0));
  command->add_flag("--json", flags->json,
                    "Prints the response in protobuf's JSON mapping.");
}

}  // namespace footnote::client
