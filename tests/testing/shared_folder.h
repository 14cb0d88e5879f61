// The folder of real texts and test collections beside the project. It is not
// part of the project; tests that need it skip where it is absent.

#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace footnote {

// Returns FOOTNOTE_SHARED_DIR, or "../shared" from the project's root.
inline std::string SharedFolder() {
  const char* given = std::getenv("FOOTNOTE_SHARED_DIR");
  return given != nullptr ? given
                          : std::string(FOOTNOTE_SOURCE_DIR) + "/../shared";
}

}  // namespace footnote

// Skips the test where `path` is not in that folder.
#define FOOTNOTE_NEEDS_SHARED(path)                                          \
  if (!std::filesystem::exists(::footnote::SharedFolder() + "/" + (path))) { \
    GTEST_SKIP() << (path) << " is not beside the project";                  \
  }
