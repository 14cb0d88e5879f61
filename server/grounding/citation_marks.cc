// Citation marks of answers.

#include <algorithm>
#include <optional>
#include <utility>

#include "server/grounding/claims.h"

namespace footnote::grounding {
namespace {

constexpr std::string_view kOpen = "\u3010";    // 【
constexpr std::string_view kClose = "\u3011";   // 】
constexpr std::string_view kDagger = "\u2020";  // †

constexpr size_t kMaxDigits = 4;
constexpr size_t kMaxNumbers = 100;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads one mark.
class MarkReader {
 public:
  MarkReader(std::string_view text, size_t at) : text_(text), at_(at) {}

  // Returns the mark that begins here, or nothing.
  std::optional<CitationMark> Read() {
    CitationMark mark;
    mark.start = static_cast<uint32_t>(at_);
    const bool is_wide = Skip(kOpen);
    if (!is_wide && !Skip("[")) {
      return std::nullopt;
    }
    do {
      SkipSpaces();
      Skip("^");
      const auto number = ReadNumber();
      if (!number || mark.numbers.size() == kMaxNumbers) {
        return std::nullopt;
      }
      mark.numbers.push_back(*number);
      SkipSpaces();
    } while (Skip(",") || Skip(";"));
    if (is_wide && Skip(kDagger)) {
      SkipSource();
    }
    if (!Skip(is_wide ? kClose : std::string_view("]"))) {
      return std::nullopt;
    }
    SkipLink();
    mark.end = static_cast<uint32_t>(at_);
    return mark;
  }

 private:
  bool Skip(std::string_view piece) {
    const bool is_here = text_.substr(at_, piece.size()) == piece;
    at_ += is_here ? piece.size() : 0;
    return is_here;
  }
  void SkipSpaces() {
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
    }
  }
  std::optional<uint32_t> ReadNumber() {
    const size_t first = at_;
    uint32_t number = 0;
    while (at_ < text_.size() && IsDigit(text_[at_]) &&
           at_ - first < kMaxDigits) {
      number = number * 10 + static_cast<uint32_t>(text_[at_++] - '0');
    }
    if (number == 0) {
      return std::nullopt;
    }
    return number;
  }
  // "†source" of "【3†source】"
  void SkipSource() {
    constexpr size_t kLongest = 200;
    const size_t close = text_.substr(at_, kLongest).find(kClose);
    at_ += close == std::string_view::npos ? 0 : close;
  }
  // "(https://…)" of "[1](https://…)"
  void SkipLink() {
    constexpr size_t kLongest = 2000;
    if (text_.substr(at_, 1) == "(") {
      const size_t close = text_.substr(at_, kLongest).find_first_of(")\n");
      at_ += close != std::string_view::npos && text_[at_ + close] == ')'
                 ? close + 1
                 : 0;
    }
  }

  std::string_view text_;
  size_t at_;
};

}  // namespace

std::vector<CitationMark> FindCitationMarks(std::string_view answer) {
  std::vector<CitationMark> marks;
  constexpr char kFirstBytes[] = {'[', kOpen[0], '\0'};
  for (size_t at = answer.find_first_of(kFirstBytes);
       at != std::string_view::npos;
       at = answer.find_first_of(kFirstBytes, at)) {
    auto mark = MarkReader(answer, at).Read();
    at = mark ? mark->end : at + 1;
    if (mark) {
      marks.push_back(*std::move(mark));
    }
  }
  return marks;
}

}  // namespace footnote::grounding
