#include "indexer/sources/markdown.h"

#include <algorithm>
#include <climits>
#include <memory>
#include <string>
#include <utility>

#include <cmark-gfm.h>

namespace footnote::sources {
namespace {

struct NodeDeleter {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct IteratorDeleter {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};

struct Line {
  size_t start = 0;
  size_t end = 0;  // before the line break
};

// Splits as cmark does: at LF, CR LF and CR.
std::vector<Line> SplitLines(std::string_view text) {
  std::vector<Line> lines;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find_first_of("\r\n", start), text.size());
    lines.push_back({start, end});
    start = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  return lines;
}

// Returns the text below `heading`, without markup, white space as one space.
std::string TextBelow(cmark_node* heading) {
  const std::unique_ptr<cmark_iter, IteratorDeleter> iterator(
      cmark_iter_new(heading));
  std::string text;
  for (cmark_event_type event = cmark_iter_next(iterator.get());
       event != CMARK_EVENT_DONE; event = cmark_iter_next(iterator.get())) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const cmark_node_type type = cmark_node_get_type(node);
    if (event != CMARK_EVENT_ENTER) {
      continue;
    }
    switch (type) {
      case CMARK_NODE_TEXT:
      case CMARK_NODE_CODE:
        text += cmark_node_get_literal(node);
        break;
      case CMARK_NODE_SOFTBREAK:
      case CMARK_NODE_LINEBREAK:
        text += ' ';
        break;
      default:
        break;
    }
  }
  return text;
}

bool IsUnderline(std::string_view line) {
  const size_t start = line.find_first_not_of(' ');
  if (start > 3) {
    return false;  // or a line of spaces
  }
  const char mark = line[start];
  if (std::string_view("=-").find(mark) == std::string_view::npos) {
    return false;
  }
  const size_t rest = line.find_first_not_of(mark, start);
  return rest == std::string_view::npos ||
         line.find_first_not_of(" \t", rest) == std::string_view::npos;
}

// Returns the last line of a heading from line `first` to `last`, as cmark
// counts them: it takes a setext heading to end one line late.
size_t LastLine(std::string_view text, const std::vector<Line>& lines,
                size_t first, size_t last) {
  for (size_t i = first + 1; i <= last; ++i) {
    const Line& line = lines[i];
    if (IsUnderline(text.substr(line.start, line.end - line.start))) {
      return i;
    }
  }
  return first;
}

}  // namespace

std::vector<Heading> FindHeadings(std::string_view markdown) {
  std::vector<Heading> headings;
  if (markdown.size() > INT_MAX) {
    return headings;  // cmark counts in int
  }
  const std::unique_ptr<cmark_node, NodeDeleter> document(cmark_parse_document(
      markdown.data(), markdown.size(), CMARK_OPT_DEFAULT));
  const std::vector<Line> lines = SplitLines(markdown);
  for (cmark_node* node = cmark_node_first_child(document.get());
       node != nullptr; node = cmark_node_next(node)) {
    if (cmark_node_get_type(node) != CMARK_NODE_HEADING) {
      continue;
    }
    std::string text = TextBelow(node);
    const auto first = static_cast<size_t>(cmark_node_get_start_line(node));
    const auto last = static_cast<size_t>(cmark_node_get_end_line(node));
    if (text.empty() || first == 0 || first > lines.size()) {
      continue;
    }
    const size_t last_line =
        LastLine(markdown, lines, first - 1, std::min(last, lines.size()) - 1);
    headings.push_back({static_cast<uint32_t>(lines[first - 1].start),
                        static_cast<uint32_t>(lines[last_line].end),
                        cmark_node_get_heading_level(node), std::move(text)});
  }
  return headings;
}

}  // namespace footnote::sources
