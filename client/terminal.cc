#include "client/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cwchar>

namespace footnote::client {
namespace {

constexpr char kBold[] = "\x1b[1m";
constexpr char kDim[] = "\x1b[2m";
constexpr char kMark[] = "\x1b[1;33m";
constexpr char kReset[] = "\x1b[0m";
constexpr char32_t kReplacement = 0xFFFD;
constexpr size_t kLeastTextWidth = 20;

// One code point of a text and the bytes it takes.
struct CodePoint {
  char32_t value = 0;
  size_t size = 0;
};

// Returns the code point that begins at `at`; a byte that is no UTF-8 is
// U+FFFD.
CodePoint DecodeAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return static_cast<unsigned char>(text[at + i]);
  };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    return {first, 1};
  }
  const size_t size =
      first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : (first >= 0xC2 ? 2 : 0));
  if (size == 0 || first > 0xF4 || at + size > text.size()) {
    return {kReplacement, 1};
  }
  char32_t value = first & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) {
      return {kReplacement, 1};
    }
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  return {value, size};
}

void AppendUtf8(char32_t value, std::string* out) {
  const auto add = [&](char32_t byte) {
    out->push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (value < 0x80) {
    add(value);
  } else if (value < 0x800) {
    add(0xC0U | (value >> 6U));
    add(0x80U | (value & 0x3FU));
  } else if (value < 0x10000) {
    add(0xE0U | (value >> 12U));
    add(0x80U | ((value >> 6U) & 0x3FU));
    add(0x80U | (value & 0x3FU));
  } else {
    add(0xF0U | (value >> 18U));
    add(0x80U | ((value >> 12U) & 0x3FU));
    add(0x80U | ((value >> 6U) & 0x3FU));
    add(0x80U | (value & 0x3FU));
  }
}

// Returns `value`, or what to show in its place.
char32_t MakeSafe(char32_t value) {
  if (value < 0x20) {
    return 0x2400 + value;  // its picture: U+241B for escape
  }
  if (value == 0x7F) {
    return 0x2421;
  }
  const bool is_control = value >= 0x80 && value < 0xA0;
  const bool is_separator = value == 0x2028 || value == 0x2029;
  const bool is_direction = value == 0x061C || value == 0x200E ||
                            value == 0x200F ||
                            (value >= 0x202A && value <= 0x202E) ||
                            (value >= 0x2066 && value <= 0x2069);
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  return is_control || is_separator || is_direction || is_surrogate
             ? kReplacement
             : value;
}

bool IsSpace(char32_t value) {
  return value == ' ' || value == '\t' || value == '\r' || value == 0x3000;
}

size_t WidthOf(char32_t value) {
  const int width = wcwidth(static_cast<wchar_t>(value));
  return width < 0 ? 1 : static_cast<size_t>(width);
}

// Builds wrapped lines from code points, in the order of the text.
class Wrapper {
 public:
  Wrapper(size_t indent, const Terminal& terminal)
      : indent_(indent, ' '),
        width_(std::max(terminal.width, indent + kLeastTextWidth) - indent),
        color_(terminal.color) {}

  void AddCodePoint(char32_t value, bool marked) {
    if (value == '\n') {
      EndWord();
      EndLine();
    } else if (IsSpace(value)) {
      EndWord();
      pending_space_ = used_ > 0;
    } else {
      AddToWord(MakeSafe(value), marked);
    }
  }

  std::string Finish() {
    EndWord();
    if (used_ > 0) {
      EndLine();
    }
    return std::move(out_);
  }

 private:
  void AddToWord(char32_t value, bool marked) {
    const size_t width = WidthOf(value);
    if (word_width_ + width > width_) {
      EndWord();
    }
    SetMark(marked, &word_);
    AppendUtf8(value, &word_);
    word_width_ += width;
  }

  // Puts the word, if there is one, on this line or the next.
  void EndWord() {
    if (word_.empty()) {
      return;
    }
    SetMark(false, &word_);
    if (used_ + (pending_space_ ? 1 : 0) + word_width_ > width_) {
      EndLine();
    }
    if (used_ == 0) {
      out_ += indent_;
    } else if (pending_space_) {
      out_.push_back(' ');
      ++used_;
    }
    out_ += word_;
    used_ += std::max<size_t>(word_width_, 1);
    word_.clear();
    word_width_ = 0;
    pending_space_ = false;
  }

  void EndLine() {
    out_.push_back('\n');
    used_ = 0;
    pending_space_ = false;
  }

  void SetMark(bool marked, std::string* out) {
    if (color_ && marked != marked_) {
      *out += marked ? kMark : kReset;
      marked_ = marked;
    }
  }

  const std::string indent_;
  const size_t width_;  // without indent
  const bool color_;
  std::string out_;
  std::string word_;
  size_t word_width_ = 0;
  size_t used_ = 0;  // columns of the line
  bool pending_space_ = false;
  bool marked_ = false;
};

bool IsLineBreak(std::string_view text, size_t at) {
  return text[at] == '\n' || text.substr(at, 2) == "\r\n";
}

std::string MakeSafeCopy(std::string_view text, bool keep_lines) {
  std::string safe;
  safe.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    if (IsLineBreak(text, at)) {
      at += text[at] == '\r' ? 2 : 1;
      safe.push_back(keep_lines ? '\n' : ' ');
      continue;
    }
    const CodePoint code_point = DecodeAt(text, at);
    at += code_point.size;
    if (code_point.value == '\t') {
      safe.push_back(keep_lines ? '\t' : ' ');
    } else {
      AppendUtf8(MakeSafe(code_point.value), &safe);
    }
  }
  return safe;
}

std::string Style(const char* code, const std::string& text,
                  const Terminal& terminal) {
  return terminal.color && !text.empty() ? code + text + kReset : text;
}

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

Terminal DetectTerminal(int fd) {
  Terminal terminal;
  terminal.interactive = isatty(fd) == 1;
  winsize size{};
  if (terminal.interactive && ioctl(fd, TIOCGWINSZ, &size) == 0 &&
      size.ws_col > 0) {
    terminal.width = size.ws_col;
  }
  const char* type = std::getenv("TERM");
  terminal.color = terminal.interactive && !IsSet("NO_COLOR") &&
                   type != nullptr && std::string_view(type) != "dumb";
  return terminal;
}

std::string MakeSafeLine(std::string_view text) {
  return MakeSafeCopy(text, false);
}

std::string MakeSafeText(std::string_view text) {
  return MakeSafeCopy(text, true);
}

std::string WrapText(std::string_view text, const std::vector<Mark>& marks,
                     size_t indent, const Terminal& terminal) {
  const size_t end = text.find_last_not_of(" \t\r\n");
  text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  Wrapper wrapper(indent, terminal);
  auto mark = marks.begin();
  for (size_t at = 0; at < text.size();) {
    while (mark != marks.end() && at >= mark->end) {
      ++mark;
    }
    const CodePoint code_point = DecodeAt(text, at);
    wrapper.AddCodePoint(code_point.value,
                         mark != marks.end() && at >= mark->start);
    at += code_point.size;
  }
  return wrapper.Finish();
}

std::string Bold(const std::string& text, const Terminal& terminal) {
  return Style(kBold, text, terminal);
}

std::string Dim(const std::string& text, const Terminal& terminal) {
  return Style(kDim, text, terminal);
}

}  // namespace footnote::client
