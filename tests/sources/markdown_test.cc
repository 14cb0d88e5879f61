#include "indexer/sources/markdown.h"

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace footnote::sources {
namespace {

struct HeadingCase {
  const char* name;
  std::string markdown;
  std::vector<std::string> expected;  // "level text|source"
};

std::ostream& operator<<(std::ostream& out, const HeadingCase& c) {
  return out << c.name;
}

class FindsHeadings : public testing::TestWithParam<HeadingCase> {};

TEST_P(FindsHeadings, WithTextAndSpan) {
  const std::string& markdown = GetParam().markdown;
  std::vector<std::string> found;
  for (const Heading& heading : FindHeadings(markdown)) {
    ASSERT_LE(heading.end, markdown.size());
    found.push_back(
        std::to_string(heading.level) + " " + heading.text + "|" +
        markdown.substr(heading.start, heading.end - heading.start));
  }
  EXPECT_EQ(found, GetParam().expected);
}

const HeadingCase kHeadingCases[] = {
    {"none", "text\n\nmore #no\n#no\n", {}},
    {"atx", "# A\n\ntext\n\n###### B ##\n", {"1 A|# A", "6 B|###### B ##"}},
    {"after_blank_lines", "\n\n  ## A\ntext", {"2 A|  ## A"}},
    {"windows_lines",
     "# A\r\n\r\ntext\r\n## \u00C9\r\nmore\r\n",
     {"1 A|# A", "2 \u00C9|## \u00C9"}},
    {"old_mac_lines", "# A\r\r## B\rtext", {"1 A|# A", "2 B|## B"}},
    {"mixed_lines", "a\r\n\r# A\n\r\n## B", {"1 A|# A", "2 B|## B"}},
    {"setext",
     "A\n===\ntext\n\nB\n---\n\nC\n-",
     {"1 A|A\n===", "2 B|B\n---", "2 C|C\n-"}},
    {"setext_windows", "A\r\nB\r\n===\r\ntext", {"1 A B|A\r\nB\r\n==="}},
    {"setext_then_break", "A\n---\n---\n", {"2 A|A\n---"}},
    {"setext_at_end", "text\n\nA\n===\n", {"1 A|A\n==="}},
    {"markup",
     "# *A* __b__ `c*` [d](e) <i>f</i> \\* &amp; ![g](h)\n",
     {"1 A b c* d f * & g|"
      "# *A* __b__ `c*` [d](e) <i>f</i> \\* &amp; ![g](h)"}},
    {"in_code", "```\n# A\n```\n\n    # B\n\n# C\n", {"1 C|# C"}},
    {"in_comment", "<!--\n# A\n-->\n# C\n", {"1 C|# C"}},
    {"in_list_and_quote", "- # A\n> # B\n\n# C\n", {"1 C|# C"}},
    {"empty", "#\n\n# C\n", {"1 C|# C"}},
    {"bytes_not_characters",
     "\u4E2D\u6587\n\n# \U0001F600 x\n\u4E2D",
     {"1 \U0001F600 x|# \U0001F600 x"}},
};

INSTANTIATE_TEST_SUITE_P(Cases, FindsHeadings, testing::ValuesIn(kHeadingCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

}  // namespace
}  // namespace footnote::sources
