#include "indexer/index/synonyms.h"

#include <algorithm>
#include <utility>

namespace footnote::index {
namespace {

constexpr std::string_view kSpaces = " \t\r";

// Reads one line.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : line_(line) {}

  // Fills in the rule; returns what is wrong, "" for nothing. A line without a
  // rule leaves it empty.
  std::string Read(SynonymRule* rule) {
    std::string wrong;
    while (wrong.empty() && at_ < line_.size() && line_[at_] != '#') {
      if (line_.substr(at_).starts_with("=>")) {
        wrong = ReadArrow(rule);
      } else if (line_[at_] == ',') {
        ++at_;
        wrong = Take(rule);
      } else {
        ReadCharacter();
      }
    }
    if (wrong.empty() && rule->from.empty() && !has_arrow_ &&
        entry_.find_first_not_of(kSpaces) == std::string::npos) {
      return "";  // a comment, or nothing
    }
    if (wrong.empty()) {
      wrong = Take(rule);
    }
    return wrong.empty() ? Complete(rule) : wrong;
  }

 private:
  std::string ReadArrow(SynonymRule* rule) {
    if (has_arrow_) {
      return "it has more than one \"=>\"";
    }
    at_ += 2;
    std::string wrong = Take(rule);
    has_arrow_ = true;
    return wrong;
  }

  void ReadCharacter() {
    if (line_[at_] == '\\' && at_ + 1 < line_.size()) {
      ++at_;
    }
    entry_ += line_[at_++];
  }

  // Ends an entry of the side that is being read.
  std::string Take(SynonymRule* rule) {
    std::vector<std::string>* const side = has_arrow_ ? &rule->to : &rule->from;
    const size_t start = entry_.find_first_not_of(kSpaces);
    if (start == std::string::npos) {
      return "it has an empty synonym";
    }
    const size_t end = entry_.find_last_not_of(kSpaces) + 1;
    side->push_back(entry_.substr(start, end - start));
    entry_.clear();
    return side->back().size() > kMaxSynonymBytesOfOne
               ? "a synonym has more than " +
                     std::to_string(kMaxSynonymBytesOfOne) + " bytes"
               : "";
  }

  std::string Complete(SynonymRule* rule) const {
    if (rule->from.size() + rule->to.size() > kMaxSynonymsOfLine) {
      return "it has more than " + std::to_string(kMaxSynonymsOfLine) +
             " synonyms";
    }
    if (!has_arrow_) {
      if (rule->from.size() < 2) {
        return "it has one word and no synonym of it";
      }
      rule->to = rule->from;
    }
    return "";
  }

  std::string_view line_;
  size_t at_ = 0;
  bool has_arrow_ = false;
  std::string entry_;
};

absl::Status SyntaxError(uint64_t line, const std::string& what) {
  const std::string number = std::to_string(line);
  return MakeError(absl::StatusCode::kInvalidArgument, "SYNONYMS_SYNTAX",
                   "line " + number + ": " + what, {{"line", number}});
}

}  // namespace

absl::StatusOr<std::vector<SynonymRule>> ParseSynonyms(std::string_view text) {
  if (text.size() > kMaxSynonymBytes) {
    return SyntaxError(1, "the file has more than " +
                              std::to_string(kMaxSynonymBytes) + " bytes");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);  // a byte order mark
  }
  std::vector<SynonymRule> rules;
  for (uint64_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    SynonymRule rule;
    const std::string wrong = LineReader(text.substr(0, end)).Read(&rule);
    if (!wrong.empty()) {
      return SyntaxError(number, wrong);
    }
    if (!rule.from.empty()) {
      rules.push_back(std::move(rule));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rules;
}

}  // namespace footnote::index
