#include "client/read_input.h"

#include <iterator>

#include "indexer/base/file.h"

namespace footnote::client {

absl::StatusOr<std::string> ReadInput(const std::string& file,
                                      std::istream& in) {
  if (file != "-") {
    return ReadFile(file);
  }
  return std::string{std::istreambuf_iterator<char>(in),
                     std::istreambuf_iterator<char>()};
}

}  // namespace footnote::client
