#include "server/search/assemble.h"

#include <algorithm>
#include <utility>

#include "indexer/text/utf8.h"

namespace footnote::search {
namespace {

constexpr uint64_t kContextChars = 32;  // of prefix and suffix
constexpr uint64_t kMaxCharBytes = 4;

// The last `kContextChars` code points of a text.
std::string LastChars(std::string_view text) {
  uint64_t chars = 0;
  size_t at = text.size();
  while (at > 0 && chars < kContextChars) {
    at = text::FloorToCodePoint(text, at - 1);
    ++chars;
  }
  return std::string(text.substr(at));
}

// The first `kContextChars` code points of a text, which may be cut inside
// its last one.
std::string FirstChars(std::string_view text) {
  uint64_t chars = 0;
  size_t at = 0;
  while (at < text.size() && chars < kContextChars) {
    size_t next = at + 1;
    while (next < text.size() &&
           (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) {
      ++next;
    }
    at = next;
    ++chars;
  }
  return std::string(text.substr(0, at));
}

// A piece of a document's text with what stands around it, read at once:
// reading decompresses whole blocks.
class TextWindow {
 public:
  // Reads [start, end) of a document with enough around it for anchors.
  static absl::StatusOr<TextWindow> Read(const index::Segment& segment,
                                         uint32_t document, uint64_t start,
                                         uint64_t end) {
    constexpr uint64_t kReach = kContextChars * kMaxCharBytes;
    TextWindow window;
    window.start_ = start - std::min(start, kReach);
    FOOTNOTE_ASSIGN_OR_RETURN(
        window.text_, segment.ReadText(document, window.start_, end + kReach));
    return window;
  }

  // Returns the bytes [start, end) of the document that the window has.
  std::string_view Between(uint64_t start, uint64_t end) const {
    const uint64_t from = std::min<uint64_t>(start - start_, text_.size());
    return std::string_view(text_).substr(from, end - start);
  }
  std::string_view Before(uint64_t at) const { return Between(start_, at); }
  std::string_view From(uint64_t at) const {
    return Between(at, start_ + text_.size());
  }

 private:
  std::string text_;
  uint64_t start_ = 0;
};

// Returns the provenance of a span that `window` holds, from the start of its
// first passage on.
Provenance ProvenanceIn(const TextWindow& window, const index::Segment& segment,
                        uint32_t passage, const index::DocumentRecord& record,
                        const Span& span) {
  const index::PassagePlace& place = segment.passage_place(passage);
  const std::string_view before = window.Between(place.start, span.start.bytes);
  const std::string_view text =
      window.Between(span.start.bytes, span.end.bytes);
  // A line break at the very end still belongs to the last line.
  const std::string_view lines =
      text.substr(0, text.empty() ? 0 : text.size() - 1);
  Provenance provenance;
  provenance.span = span;
  provenance.first_line = place.line + static_cast<uint64_t>(std::count(
                                           before.begin(), before.end(), '\n'));
  provenance.last_line =
      provenance.first_line +
      static_cast<uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
  provenance.heading_path = HeadingPathAt(record, span.start.bytes);
  provenance.ordinal = place.ordinal;
  if (place.ordinal > 0) {
    provenance.previous_passage_id =
        PassageIdText(segment.passage_id(passage - 1));
  }
  if (place.ordinal + 1 < record.passage_count) {
    provenance.next_passage_id = PassageIdText(segment.passage_id(passage + 1));
  }
  provenance.document_sha256 = record.revision;
  provenance.text_sha256 = Sha256Of(text);
  provenance.prefix = LastChars(window.Before(span.start.bytes));
  provenance.suffix = FirstChars(window.From(span.end.bytes));
  return provenance;
}

std::vector<TextBlock> BlocksOf(const index::Segment& segment, uint32_t passage,
                                std::string_view text, TextOffset base) {
  std::vector<TextBlock> blocks;
  OffsetCursor cursor(text, base);
  uint64_t at = 0;
  for (const uint32_t bytes : segment.ReadSentenceBytes(passage)) {
    TextBlock block;
    block.text = text.substr(at, bytes);
    block.span.start = cursor.At(at);
    block.span.end = cursor.At(at += bytes);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::vector<EntityMention> MentionsOf(const index::Segment& segment,
                                      uint32_t passage, std::string_view text,
                                      TextOffset base) {
  std::vector<EntityMention> mentions;
  OffsetCursor cursor(text, base);
  for (const index::PassageMention& read : segment.ReadMentions(passage)) {
    const std::string_view entry = segment.entity(read.entity);
    const size_t type_end = entry.find(index::kEntrySeparator);
    const size_t id_end = entry.find(index::kEntrySeparator, type_end + 1);
    EntityMention mention;
    mention.type = entry.substr(0, type_end);
    mention.id = entry.substr(type_end + 1, id_end - type_end - 1);
    mention.name = entry.substr(id_end + 1);
    mention.span.start = cursor.At(read.start);
    mention.span.end = cursor.At(read.end);
    mentions.push_back(std::move(mention));
  }
  return mentions;
}

}  // namespace

std::vector<std::string> HeadingPathAt(const index::DocumentRecord& record,
                                       uint64_t at) {
  std::vector<const index::HeadingRecord*> path;
  for (const index::HeadingRecord& heading : record.headings) {
    if (heading.start > at) {
      break;
    }
    while (!path.empty() && path.back()->level >= heading.level) {
      path.pop_back();
    }
    path.push_back(&heading);
  }
  std::vector<std::string> texts;
  texts.reserve(path.size());
  for (const index::HeadingRecord* heading : path) {
    texts.push_back(heading->text);
  }
  return texts;
}

OffsetCursor::OffsetCursor(std::string_view text, TextOffset base)
    : text_(text),
      base_(base),
      ascii_(std::all_of(text.begin(), text.end(),
                         [](char c) { return (c & 0x80) == 0; })) {}

TextOffset OffsetCursor::At(uint64_t at) {
  if (ascii_) {
    return base_ + TextOffset{at, at, at};
  }
  at_done_ += text::MeasureText(text_.substr(done_, at - done_));
  done_ = at;
  return base_ + at_done_;
}

TextOffset PassageStart(const index::PassagePlace& place) {
  return {place.start, place.start_chars, place.start_utf16};
}

std::string PassageIdText(const index::PassageId& id) {
  return ToBase64Url(
      {reinterpret_cast<const char*>(id.bytes), sizeof(id.bytes)});
}

std::optional<uint32_t> FindPassageByText(const index::Segment& segment,
                                          std::string_view passage_id) {
  const std::optional<std::string> bytes = FromBase64Url(passage_id);
  index::PassageId id;
  if (!bytes || bytes->size() != sizeof(id.bytes)) {
    return std::nullopt;
  }
  std::copy(bytes->begin(), bytes->end(), id.bytes);
  return segment.FindPassage(id);
}

uint32_t PassageAt(const index::Segment& segment, uint32_t document,
                   uint64_t at) {
  const index::DocumentPlace& place = segment.document_place(document);
  uint32_t low = place.first_passage;
  uint32_t high = place.first_passage + place.passage_count - 1;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (at < segment.passage_place(middle).end) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

absl::StatusOr<Provenance> AssembleProvenance(
    const index::Segment& segment, uint32_t document,
    const index::DocumentRecord& record, const Span& span) {
  const uint32_t passage = PassageAt(segment, document, span.start.bytes);
  FOOTNOTE_ASSIGN_OR_RETURN(
      const TextWindow window,
      TextWindow::Read(segment, document, segment.passage_place(passage).start,
                       span.end.bytes));
  return ProvenanceIn(window, segment, passage, record, span);
}

// Assembles a passage of the document of `record`, leaving `document` empty.
absl::StatusOr<Passage> AssembleWithin(const index::Segment& segment,
                                       uint32_t passage,
                                       const index::DocumentRecord& record) {
  const index::PassagePlace& place = segment.passage_place(passage);
  Passage assembled;
  assembled.passage_id = PassageIdText(segment.passage_id(passage));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const TextWindow window,
      TextWindow::Read(segment, place.document, place.start, place.end));
  assembled.text = window.Between(place.start, place.end);
  const TextOffset start = PassageStart(place);
  const Span span{start, start + text::MeasureText(assembled.text)};
  assembled.provenance = ProvenanceIn(window, segment, passage, record, span);
  assembled.blocks = BlocksOf(segment, passage, assembled.text, start);
  assembled.mentions = MentionsOf(segment, passage, assembled.text, start);
  return assembled;
}

absl::StatusOr<Passage> AssemblePassage(const index::Segment& segment,
                                        uint32_t passage) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      index::DocumentRecord record,
      segment.ReadDocument(segment.passage_place(passage).document));
  FOOTNOTE_ASSIGN_OR_RETURN(Passage assembled,
                            AssembleWithin(segment, passage, record));
  assembled.document = std::move(record);
  return assembled;
}

absl::Status AddNeighbours(const index::Segment& segment, uint32_t passage,
                           uint32_t previous_count, uint32_t next_count,
                           Passage* assembled) {
  const uint32_t ordinal = segment.passage_place(passage).ordinal;
  const uint32_t before = std::min(previous_count, ordinal);
  const uint32_t after =
      std::min(next_count, assembled->document.passage_count - 1 - ordinal);
  for (uint32_t i = passage - before; i < passage; ++i) {
    FOOTNOTE_ASSIGN_OR_RETURN(Passage neighbour,
                              AssembleWithin(segment, i, assembled->document));
    assembled->previous.push_back(std::move(neighbour));
  }
  for (uint32_t i = passage + 1; i <= passage + after; ++i) {
    FOOTNOTE_ASSIGN_OR_RETURN(Passage neighbour,
                              AssembleWithin(segment, i, assembled->document));
    assembled->next.push_back(std::move(neighbour));
  }
  return absl::OkStatus();
}

}  // namespace footnote::search
