#include "indexer/sources/front_matter.h"

#include <optional>
#include <utility>

#include "indexer/sources/yaml_scalar.h"

namespace footnote::sources {
namespace {

using nlohmann::json;

constexpr size_t kNone = std::string_view::npos;

// Returns the line of `text` from `start`, without its break; *next becomes
// where the line after it starts.
std::string_view LineAt(std::string_view text, size_t start, size_t* next) {
  const size_t end = text.find('\n', start);
  *next = end == kNone ? text.size() : end + 1;
  std::string_view line =
      text.substr(start, end == kNone ? kNone : end - start);
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  return line;
}

std::string_view TrimRight(std::string_view line) {
  const size_t last = line.find_last_not_of(" \t");
  return line.substr(0, last == kNone ? 0 : last + 1);
}

// Where the front matter of a text stands.
struct Frame {
  size_t start = 0;  // of its first line after "---"
  size_t end = 0;    // of its last line before the closing one
  size_t text = 0;   // where the text after it starts
};

std::optional<Frame> FindFrame(std::string_view text) {
  Frame frame;
  if (TrimRight(LineAt(text, 0, &frame.start)) != "---") {
    return std::nullopt;
  }
  size_t at = frame.start;
  while (at < text.size()) {
    size_t next = 0;
    const std::string_view line = TrimRight(LineAt(text, at, &next));
    if (line == "---" || line == "...") {
      frame.end = at;
      frame.text = next;
      return frame;
    }
    if (at == frame.start && line.empty()) {
      break;  // a thematic break and a paragraph, not front matter
    }
    at = next;
  }
  return std::nullopt;
}

absl::Status SyntaxError(const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FRONT_MATTER_SYNTAX",
                   message);
}

// Reads lines one after another into a FrontMatter.
class Reader {
 public:
  absl::Status ReadLine(std::string_view line);
  FrontMatter Finish() && { return std::move(front_matter_); }

 private:
  absl::Status ReadItem(std::string_view item);
  absl::Status ReadPair(std::string_view line);
  absl::Status ReadValue(const std::string& key, std::string_view rest);

  FrontMatter front_matter_;
  json* open_ = nullptr;  // a value not given yet: null, or a list of items
};

absl::Status Reader::ReadLine(std::string_view line) {
  const size_t start = line.find_first_not_of(" \t");
  if (start == kNone || line[start] == '#') {
    return absl::OkStatus();
  }
  const std::string_view content = line.substr(start);
  const bool is_item = content == "-" || content.substr(0, 2) == "- ";
  if (is_item && line.find('\t') >= start) {
    return ReadItem(content.substr(1));
  }
  if (start > 0) {
    return SyntaxError(
        "an indented line; nested maps and values of several lines are not "
        "read");
  }
  return ReadPair(line);
}

absl::Status Reader::ReadItem(std::string_view item) {
  if (open_ == nullptr) {
    return SyntaxError("a list item without a key before it");
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const YamlScalar scalar, ReadYamlScalar(&item));
  FOOTNOTE_RETURN_IF_ERROR(CheckYamlEnd(item));
  if (open_->is_null()) {
    *open_ = json::array();
  }
  open_->push_back(scalar.value);
  return absl::OkStatus();
}

absl::Status Reader::ReadPair(std::string_view line) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string key, ReadYamlKey(&line));
  if (front_matter_.values.contains(key)) {
    return SyntaxError("key \"" + key + "\" is given twice");
  }
  return ReadValue(key, line);
}

absl::Status Reader::ReadValue(const std::string& key, std::string_view rest) {
  open_ = nullptr;
  json& value = front_matter_.values[key];
  if (CheckYamlEnd(rest).ok()) {
    open_ = &value;  // null, unless items follow
    return absl::OkStatus();
  }
  if (rest[rest.find_first_not_of(" \t")] == '[') {
    FOOTNOTE_ASSIGN_OR_RETURN(value, ReadYamlList(&rest));
    return CheckYamlEnd(rest);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(YamlScalar scalar, ReadYamlScalar(&rest));
  FOOTNOTE_RETURN_IF_ERROR(CheckYamlEnd(rest));
  if (!scalar.value.is_null()) {
    front_matter_.scalars[key] = std::move(scalar.written);
  }
  value = std::move(scalar.value);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FrontMatter> ParseFrontMatter(std::string_view text) {
  const std::optional<Frame> frame = FindFrame(text);
  if (!frame) {
    return FrontMatter();
  }
  Reader reader;
  size_t number = 2;
  for (size_t at = frame->start; at < frame->end; ++number) {
    const absl::Status status = reader.ReadLine(LineAt(text, at, &at));
    if (!status.ok()) {
      return MakeError(status.code(), "FRONT_MATTER_SYNTAX",
                       "front matter, line " + std::to_string(number) + ": " +
                           std::string(status.message()),
                       {{"line", std::to_string(number)}});
    }
  }
  FrontMatter front_matter = std::move(reader).Finish();
  front_matter.size = frame->text;
  return front_matter;
}

}  // namespace footnote::sources
