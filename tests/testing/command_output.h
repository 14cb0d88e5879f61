// What a command of the shell prints.

#pragma once

#include <cstdio>
#include <string>

#include <gtest/gtest.h>

namespace footnote {

// Runs a command and returns its standard output; a failure of it fails the
// test.
inline std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  char buffer[1 << 16];
  for (size_t bytes = 0;
       (bytes = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
    output.append(buffer, bytes);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

}  // namespace footnote
