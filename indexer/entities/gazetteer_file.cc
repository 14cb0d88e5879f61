#include "indexer/entities/gazetteer_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "indexer/text/names.h"
#include "indexer/text/utf8.h"

namespace footnote::entities {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr size_t kMaxTypeBytes = 32;
constexpr size_t kMaxIdBytes = 128;
constexpr size_t kMaxColumns = 4;
constexpr std::string_view kBom = "\xEF\xBB\xBF";

absl::Status SyntaxError(const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "GAZETTEER_SYNTAX",
                   message);
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == kNone) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

std::string_view Trim(std::string_view text) {
  const size_t start = text.find_first_not_of(' ');
  if (start == kNone) {
    return "";
  }
  return text.substr(start, text.find_last_not_of(' ') + 1 - start);
}

bool IsType(std::string_view type) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return !type.empty() && type.size() <= kMaxTypeBytes &&
         kLetters.find(type.front()) != kNone &&
         type.find_first_not_of(kAllowed) == kNone;
}

// Returns whether `id` is 1 to 128 bytes without control characters, spaces
// (the no-break space too) and '/'.
bool IsId(std::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes) {
    return false;
  }
  for (size_t i = 0; i < id.size(); ++i) {
    const auto byte = static_cast<unsigned char>(id[i]);
    const bool is_c1 = byte == 0xC2 && i + 1 < id.size() &&
                       static_cast<unsigned char>(id[i + 1]) <= 0xA0;
    if (byte <= 0x20 || byte == 0x7F || byte == '/' || is_c1) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<NamedEntity> ParseLine(std::string_view line) {
  const std::vector<std::string_view> columns = Split(line, '\t');
  if (columns.size() < 3 || columns.size() > kMaxColumns) {
    return SyntaxError(
        "expected type, id, name and aliases between tabs; found " +
        std::to_string(columns.size()) + " column(s)");
  }
  NamedEntity parsed;
  parsed.entity = {std::string(columns[0]), std::string(columns[1]),
                   std::string(Trim(columns[2]))};
  if (!IsType(columns[0])) {
    return SyntaxError("type \"" + parsed.entity.type +
                       "\" is not 1 to 32 of A-Z, 0-9 and '_', a letter first");
  }
  if (!IsId(columns[1])) {
    return SyntaxError("id \"" + parsed.entity.id +
                       "\" is not 1 to 128 bytes without spaces, control "
                       "characters and '/'");
  }
  if (text::FoldName(parsed.entity.name).empty()) {
    return SyntaxError("the name of " + parsed.entity.id + " is empty");
  }
  parsed.names.push_back(parsed.entity.name);
  if (columns.size() == kMaxColumns) {
    for (const std::string_view alias : Split(columns[3], '|')) {
      parsed.names.emplace_back(Trim(alias));
    }
  }
  for (const std::string& name : parsed.names) {
    if (name.size() > kMaxNameBytes) {
      return SyntaxError("a name of " + parsed.entity.id + " has " +
                         std::to_string(name.size()) + " bytes; at most " +
                         std::to_string(kMaxNameBytes) + " are taken");
    }
  }
  return parsed;
}

bool IsHeader(std::string_view line) {
  constexpr std::string_view kStart = "type\tid";
  return line.substr(0, kStart.size()) == kStart;
}

// Puts lines together into entities.
class Collector {
 public:
  absl::Status Add(NamedEntity parsed) {
    const auto [found, is_new] = places_.try_emplace(
        {parsed.entity.type, parsed.entity.id}, entities_.size());
    if (is_new) {
      entities_.push_back(std::move(parsed));
      return absl::OkStatus();
    }
    NamedEntity& known = entities_[found->second];
    if (known.entity.name != parsed.entity.name) {
      return SyntaxError("two names for " + known.entity.type + " " +
                         known.entity.id + ": \"" + known.entity.name +
                         "\" and \"" + parsed.entity.name + "\"");
    }
    known.names.insert(known.names.end(), parsed.names.begin(),
                       parsed.names.end());
    return absl::OkStatus();
  }
  std::vector<NamedEntity> Finish() && { return std::move(entities_); }

 private:
  std::vector<NamedEntity> entities_;
  std::map<std::pair<std::string, std::string>, size_t> places_;
};

absl::Status AddLine(std::string_view line, Collector* collector) {
  if (const size_t at = text::FindInvalidUtf8(line); at != kNone) {
    return SyntaxError("not UTF-8 at byte " + std::to_string(at) +
                       " of the line");
  }
  FOOTNOTE_ASSIGN_OR_RETURN(NamedEntity parsed, ParseLine(line));
  return collector->Add(std::move(parsed));
}

}  // namespace

std::vector<NamedEntity> ParseGazetteerFile(std::string_view tsv,
                                            std::vector<BadLine>* bad_lines) {
  if (tsv.substr(0, kBom.size()) == kBom) {
    tsv.remove_prefix(kBom.size());
  }
  Collector collector;
  bool is_first = true;
  size_t number = 0;
  for (std::string_view line : Split(tsv, '\n')) {
    ++number;
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    if (Trim(line).empty() || line.front() == '#') {
      continue;
    }
    if (!std::exchange(is_first, false) || !IsHeader(line)) {
      absl::Status status = AddLine(line, &collector);
      if (!status.ok()) {
        bad_lines->push_back({number, std::move(status)});
      }
    }
  }
  return std::move(collector).Finish();
}

}  // namespace footnote::entities
