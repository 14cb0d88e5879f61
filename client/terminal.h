// Text for a terminal: made safe, wrapped and highlighted.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::client {

// What output goes to.
struct Terminal {
  bool interactive = false;  // a terminal, not a file or pipe
  bool color = false;
  size_t width = 80;  // columns
};

// Returns what the file descriptor `fd` is. Colour needs a terminal, no
// NO_COLOR (https://no-color.org) and a TERM that is not "dumb".
Terminal DetectTerminal(int fd);

// A range of bytes of a text to make stand out.
struct Mark {
  size_t start = 0;
  size_t end = 0;  // exclusive
};

// Returns `text` in one line that cannot steer a terminal: line breaks and tabs
// become spaces; other control characters, and the invisible ones that change
// the direction of writing, become visible ones; so do bytes that are no UTF-8.
std::string MakeSafeLine(std::string_view text);

// As MakeSafeLine(), but keeps line breaks and tabs.
std::string MakeSafeText(std::string_view text);

// Returns `text` made safe in lines of at most the terminal's width, each
// indented by `indent` spaces and ended by a line break. Line breaks of the
// text stay; white space at its end goes. Marks, by start and without overlap,
// are highlighted where the terminal has colour.
std::string WrapText(std::string_view text, const std::vector<Mark>& marks,
                     size_t indent, const Terminal& terminal);

// Returns `text` in bold or dim where the terminal has colour.
std::string Bold(const std::string& text, const Terminal& terminal);
std::string Dim(const std::string& text, const Terminal& terminal);

}  // namespace footnote::client
