#include "indexer/base/ignore_list.h"

#include <algorithm>

#include <fnmatch.h>

namespace footnote {
namespace {

constexpr size_t kNone = std::string_view::npos;

std::string_view Trim(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t start = line.find_first_not_of(kBlanks);
  if (start == kNone) {
    return "";
  }
  return line.substr(start, line.find_last_not_of(kBlanks) + 1 - start);
}

}  // namespace

IgnoreList::IgnoreList(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view pattern = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pattern.empty() || pattern.front() == '#') {
      continue;
    }
    if (pattern.back() == '/') {
      pattern.remove_suffix(1);
    }
    patterns_.emplace_back(pattern);
  }
}

bool IgnoreList::Matches(const std::string& path) const {
  const std::string name = path.substr(path.rfind('/') + 1);
  return std::any_of(
      patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
        return fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0 ||
               fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME) == 0;
      });
}

}  // namespace footnote
