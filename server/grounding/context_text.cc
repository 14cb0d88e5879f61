#include "server/grounding/context_text.h"

#include "indexer/text/code_points.h"
#include "indexer/text/utf8.h"

namespace footnote::grounding {
namespace {

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAscii(char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; }

// Returns where the run of characters ends that begins at `at`.
size_t EndOfRun(std::string_view text, size_t at, bool (*is_of_run)(char)) {
  while (at < text.size() && is_of_run(text[at])) {
    ++at;
  }
  return at;
}

// Returns `text` in one line.
std::string OneLine(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') {
      c = ' ';
    }
  }
  return line;
}

// Appends `text` as the content of an XML element.
void AppendXml(std::string_view text, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    const text::CodePoint c = text::DecodeAt(text, at);
    const bool is_unknown = (c.value < ' ' && c.value != '\t' &&
                             c.value != '\n' && c.value != '\r') ||
                            c.value == 0xFFFE || c.value == 0xFFFF;
    if (is_unknown) {
      *out += "\uFFFD";
    } else if (c.value == '&') {
      *out += "&amp;";
    } else if (c.value == '<') {
      *out += "&lt;";
    } else if (c.value == '>') {
      *out += "&gt;";
    } else if (c.value == '\r') {
      *out += "&#13;";  // else readers make a line feed of it
    } else {
      *out += text.substr(at, c.end - at);
    }
    at = c.end;
  }
}

// Appends a block's text and notes where it stands.
void AppendText(ContextBlock* block, std::string* out) {
  block->rendered_start = out->size();
  *out += block->content.text;
  block->rendered_end = out->size();
}

void AppendPlain(ContextBlock* block, std::string* out) {
  *out += out->empty() ? "[" : "\n\n[";
  *out += block->key + "] " + OneLine(block->document.title) + " (" +
          OneLine(block->document.uri) + ")\n";
  AppendText(block, out);
}

void AppendMarkdown(ContextBlock* block, std::string* out) {
  *out += out->empty() ? "" : "\n\n";
  AppendText(block, out);
  *out += " [" + block->key + "]";
}

// Returns what stands for a character between the angle brackets of a link.
std::string EscapedInLink(char c) {
  switch (c) {
    case '<':
      return "%3C";
    case '>':
      return "%3E";
    case ' ':
      return "%20";
    case '\\':
      return "%5C";
    default:
      break;
  }
  std::string same(1, c);
  return same;
}

// Appends "[1]: <uri> "title"", which makes a link of each "[1]".
void AppendMarkdownFootnote(const ContextBlock& block, bool is_first,
                            std::string* out) {
  *out += (is_first ? "\n\n[" : "\n[") + block.key + "]: <";
  for (const char c : OneLine(block.document.uri)) {
    *out += EscapedInLink(c);
  }
  *out += "> \"";
  for (const char c : OneLine(block.document.title)) {
    if (c == '"' || c == '\\') {
      *out += '\\';
    }
    *out += c;
  }
  *out += "\"";
}

void AppendXmlDocument(ContextBlock* block, std::string* out) {
  *out += "<document index=\"" + block->key + "\">\n<title>";
  AppendXml(OneLine(block->document.title), out);
  *out += "</title>\n<source>";
  AppendXml(OneLine(block->document.uri), out);
  *out += "</source>\n<document_content>\n";
  block->rendered_start = out->size();
  AppendXml(block->content.text, out);
  block->rendered_end = out->size();
  *out += "\n</document_content>\n</document>\n";
}

}  // namespace

uint64_t EstimateTokens(std::string_view text) {
  constexpr size_t kLetters = 6;
  constexpr size_t kDigits = 3;
  constexpr char32_t kBasicPlaneEnd = 0x10000;
  uint64_t tokens = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    if (IsLetter(text[at])) {
      at = EndOfRun(text, at, &IsLetter);
      tokens += (at - start + kLetters - 1) / kLetters;
    } else if (IsDigit(text[at])) {
      at = EndOfRun(text, at, &IsDigit);
      tokens += (at - start + kDigits - 1) / kDigits;
    } else if (IsAscii(text[at])) {
      ++at;
      const bool is_single_space =
          text[start] == ' ' && (start == 0 || text[start - 1] != ' ');
      tokens += is_single_space ? 0 : 1;
    } else {
      const text::CodePoint c = text::DecodeAt(text, at);
      at = c.end;
      tokens += c.value < kBasicPlaneEnd ? 1 : 2;
    }
  }
  return tokens;
}

ContextSize MeasureContext(std::string_view text) {
  return {EstimateTokens(text), text::MeasureText(text).chars, text.size()};
}

std::string RenderContext(ContextFormat format,
                          std::vector<ContextBlock>* blocks) {
  std::string text;
  if (blocks->empty()) {
    return text;
  }
  if (format == ContextFormat::kXml) {
    text = "<documents>\n";
  }
  for (ContextBlock& block : *blocks) {
    switch (format) {
      case ContextFormat::kPlain:
        AppendPlain(&block, &text);
        break;
      case ContextFormat::kMarkdown:
        AppendMarkdown(&block, &text);
        break;
      case ContextFormat::kXml:
        AppendXmlDocument(&block, &text);
        break;
    }
  }
  for (size_t i = 0; format == ContextFormat::kMarkdown && i < blocks->size();
       ++i) {
    AppendMarkdownFootnote((*blocks)[i], i == 0, &text);
  }
  return text += format == ContextFormat::kXml ? "</documents>\n" : "\n";
}

}  // namespace footnote::grounding
