// Every reason that the sources give to MakeError() is in the API's list.

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "footnote/v1/error_reason.pb.h"

namespace footnote {
namespace {

std::string ReadSource(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Returns the reasons in `source`: the first literal of each MakeError() call
// that begins with a capital, after its code, and of each table row of a code
// and a reason.
std::set<std::string> FindReasons(const std::string& source) {
  static const std::regex kReason(
      R"(StatusCode::k\w+,\s*"([A-Z][A-Z0-9_]+)\")");
  std::set<std::string> reasons;
  for (std::sregex_iterator at(source.begin(), source.end(), kReason), end;
       at != end; ++at) {
    reasons.insert((*at)[1]);
  }
  return reasons;
}

TEST(ErrorReason, ListsEveryReasonOfTheSources) {
  size_t count = 0;
  for (const char* folder : {"client", "indexer", "server"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             std::filesystem::path(FOOTNOTE_SOURCE_DIR) / folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".cc" && extension != ".h") {
        continue;
      }
      for (const std::string& reason : FindReasons(ReadSource(entry.path()))) {
        v1::ErrorReason value = v1::ERROR_REASON_UNSPECIFIED;
        EXPECT_TRUE(v1::ErrorReason_Parse("ERROR_REASON_" + reason, &value))
            << reason << " of " << entry.path();
        ++count;
      }
    }
  }
  EXPECT_GT(count, 30U);  // the pattern finds what it is meant to
}

// google.rpc.ErrorInfo allows 63 characters.
TEST(ErrorReason, NamesAreShortEnough) {
  const auto* names = v1::ErrorReason_descriptor();
  for (int i = 0; i < names->value_count(); ++i) {
    const std::string& name = names->value(i)->name();
    EXPECT_LE(name.size() - std::string("ERROR_REASON_").size(), 63U) << name;
  }
}

}  // namespace
}  // namespace footnote
