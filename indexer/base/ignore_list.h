// What a folder's .footnoteignore leaves out.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace footnote {

// The patterns of one .footnoteignore: one a line, as fnmatch(3) has them with
// '*' and '?' not matching '/'; a '/' at the end is dropped, '#' starts a
// comment line.
class IgnoreList {
 public:
  explicit IgnoreList(std::string_view text);

  // Returns whether a pattern matches `path`, which is relative to the folder
  // of the list, or its last part.
  bool Matches(const std::string& path) const;

 private:
  std::vector<std::string> patterns_;
};

}  // namespace footnote
