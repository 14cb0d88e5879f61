// footnote: the command line of Footnote.

#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <iostream>

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include "client/command.h"
#include "client/run.h"

int main(int argc, char** argv) {
  // Widths of characters; messages stay as they are.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  gpr_set_log_function([](gpr_log_func_args*) {});
  google::protobuf::SetLogHandler(nullptr);
  const auto line = footnote::client::ParseCommandLine(argc, argv);
  if (!line.command) {
    std::fputs(line.output.c_str(), line.exit_code == 0 ? stdout : stderr);
    return line.exit_code;
  }
  return footnote::client::RunCommand(
      *line.command, {std::cin, std::cout, std::cerr,
                      footnote::client::DetectTerminal(STDOUT_FILENO)});
}
