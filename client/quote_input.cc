#include "client/quote_input.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace footnote::client {
namespace {

constexpr size_t kMinWords = 3;

// Marks that open a quotation, with those that close it.
constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
    {"\"", "\""},         {"\u201C", "\u201D"},  // English
    {"\u201E", "\u201C"},                        // German
    {"\u00AB", "\u00BB"},                        // French
    {"\u300C", "\u300D"},                        // Chinese, Japanese
};

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t start = text.find_first_not_of(kSpace);
  return start == std::string_view::npos
             ? std::string_view()
             : text.substr(start, text.find_last_not_of(kSpace) + 1 - start);
}

// Counts words; in scripts without spaces, of three bytes a character, these.
size_t CountWords(std::string_view text) {
  size_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    const bool is_wide = static_cast<unsigned char>(c) >= 0xE3;
    words += (!is_space && !in_word) || is_wide ? 1 : 0;
    in_word = !is_space;
  }
  return words;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

absl::Status LineError(size_t line, std::string_view reason,
                       const std::string& what) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason,
                   "line " + std::to_string(line) + ": " + what,
                   {{"line", std::to_string(line)}});
}

// Sets a field of a claim from one of an object, where it has it.
absl::Status SetText(const nlohmann::json& object, const char* field,
                     size_t line, std::string* out) {
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) {
    return absl::OkStatus();
  }
  if (!found->is_string()) {
    return LineError(line, "FIELD_TYPE",
                     "\"" + std::string(field) + "\" must be a string");
  }
  *out = found->get<std::string>();
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ReadByte(const nlohmann::json& object,
                                  const char* field, size_t line) {
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) {
    return uint64_t{0};
  }
  if (!found->is_number_unsigned()) {
    return LineError(line, "FIELD_TYPE",
                     "\"" + std::string(field) + "\" must be a whole number");
  }
  return found->get<uint64_t>();
}

absl::StatusOr<v1::Quote> ReadObject(std::string_view text, size_t line) {
  const auto object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) {
    return LineError(line, "JSON_SYNTAX", "is not a JSON object");
  }
  if (!object.contains("quote")) {
    return LineError(line, "FIELD_MISSING", "there is no \"quote\"");
  }
  v1::Quote quote;
  v1::QuoteClaim& claim = *quote.mutable_claim();
  FOOTNOTE_RETURN_IF_ERROR(
      SetText(object, "quote", line, quote.mutable_text()));
  FOOTNOTE_RETURN_IF_ERROR(
      SetText(object, "document", line, claim.mutable_document()));
  FOOTNOTE_RETURN_IF_ERROR(
      SetText(object, "passage", line, claim.mutable_passage()));
  FOOTNOTE_RETURN_IF_ERROR(
      SetText(object, "revision", line, claim.mutable_document_revision()));
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t start,
                            ReadByte(object, "start", line));
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t end, ReadByte(object, "end", line));
  claim.set_start_byte(start);
  claim.set_end_byte(end);
  return quote;
}

absl::StatusOr<std::vector<v1::Quote>> ReadJsonLines(std::string_view text) {
  std::vector<v1::Quote> quotes;
  size_t number = 0;
  for (const std::string_view line : LinesOf(text)) {
    ++number;
    if (!Trim(line).empty()) {
      FOOTNOTE_ASSIGN_OR_RETURN(v1::Quote quote, ReadObject(line, number));
      quotes.push_back(std::move(quote));
    }
  }
  return quotes;
}

void AddQuote(std::string_view text, std::vector<v1::Quote>* quotes) {
  quotes->emplace_back().set_text(std::string(Trim(text)));
}

// A quotation in a text, with its marks.
struct Quotation {
  size_t start = 0;
  size_t end = 0;
  std::string_view inside;
};

// Returns the next quotation from `at` on that ends in its paragraph.
std::optional<Quotation> NextQuotation(std::string_view text, size_t at) {
  for (; at < text.size(); ++at) {
    for (const auto& [open, close] : kMarks) {
      if (text.substr(at, open.size()) != open) {
        continue;
      }
      const size_t start = at + open.size();
      const size_t end = text.find(close, start);
      if (end < std::min(text.find("\n\n", start), text.size())) {
        return Quotation{at, end + close.size(),
                         text.substr(start, end - start)};
      }
    }
  }
  return std::nullopt;
}

void AddQuotations(std::string_view text, std::vector<v1::Quote>* quotes) {
  size_t at = 0;
  while (const auto found = NextQuotation(text, at)) {
    if (CountWords(found->inside) >= kMinWords) {
      AddQuote(found->inside, quotes);
    }
    at = found->end;
  }
}

// Takes the block quotes out of an answer; what remains comes back.
std::string TakeBlockQuotes(std::string_view text,
                            std::vector<v1::Quote>* quotes) {
  std::string rest;
  std::string block;
  const auto close = [&] {
    if (!Trim(block).empty()) {
      AddQuote(block, quotes);
    }
    block.clear();
  };
  for (const std::string_view line : LinesOf(text)) {
    const std::string_view trimmed = Trim(line);
    if (!trimmed.empty() && trimmed.front() == '>') {
      block += Trim(trimmed.substr(1));
      block += '\n';
      continue;
    }
    if (!block.empty()) {
      close();
      rest += "\n\n";
    }
    rest += line;
  }
  close();
  return rest;
}

}  // namespace

absl::StatusOr<std::vector<v1::Quote>> ReadQuotes(std::string_view text) {
  std::vector<v1::Quote> quotes;
  if (!Trim(text).empty() && Trim(text).front() == '{') {
    return ReadJsonLines(text);
  }
  AddQuotations(TakeBlockQuotes(text, &quotes), &quotes);
  if (quotes.empty()) {
    for (const std::string_view line : LinesOf(text)) {
      if (!Trim(line).empty()) {
        AddQuote(line, &quotes);
      }
    }
  }
  if (quotes.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUOTES_MISSING",
                     "there is no quote to verify");
  }
  return quotes;
}

}  // namespace footnote::client
