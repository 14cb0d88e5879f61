#include "server/grounding/source_texts.h"

#include <algorithm>
#include <set>
#include <utility>

#include "indexer/index/schema.h"
#include "server/search/assemble.h"
#include "server/search/result_ids.h"

namespace footnote::grounding {
namespace {

// What a byte of text takes once it is analysed, about.
constexpr uint64_t kBytesPerByte = 48;

absl::Status NotFound(const GroundingSource& source) {
  const bool is_passage = source.kind == GroundingSource::Kind::kPassage;
  const std::string what = is_passage ? "passage" : "document";
  return MakeError(absl::StatusCode::kNotFound,
                   is_passage ? "PASSAGE_NOT_FOUND" : "DOCUMENT_NOT_FOUND",
                   "there is no " + what + " \"" + source.id + "\"",
                   {{what + "_id", source.id}});
}

absl::Status TooLong() {
  return MakeError(absl::StatusCode::kInvalidArgument, "SOURCES_TOO_LONG",
                   "the sources have more than " +
                       std::to_string(kMaxSourceBytes >> 20) +
                       " MiB of text together",
                   {{"limit_bytes", std::to_string(kMaxSourceBytes)}});
}

// Returns the title of a document and the headings above a byte of it, which
// say what its sentences are about.
std::string ContextOf(const index::DocumentRecord& record, uint64_t at) {
  std::string context = record.title_given ? record.title + "\n" : "";
  for (const std::string& heading : search::HeadingPathAt(record, at)) {
    context += heading + "\n";
  }
  return context;
}

// Returns text without what would end a field of a gazetteer.
std::string Field(std::string_view text) {
  std::string field(text);
  for (char& c : field) {
    c = c == '\t' || c == '\n' || c == '\r' || c == '|' ? ' ' : c;
  }
  return field;
}

}  // namespace

absl::Status SourceTexts::AddGiven(const GroundingSource& source,
                                   uint32_t number, std::string_view language) {
  if (source.kind == GroundingSource::Kind::kFact) {
    EvidenceText text;
    text.text = source.fact.text;
    text.language = language;
    for (const auto& [name, value] : source.fact.attributes) {
      text.context += value + "\n";
    }
    text.source = sources_
                      .try_emplace("fact " + std::to_string(number),
                                   static_cast<uint32_t>(sources_.size()))
                      .first->second;
    Origin origin;
    origin.given = number;
    return AddText(std::move(text), origin);
  }
  const bool is_passage = source.kind == GroundingSource::Kind::kPassage;
  const auto ranges = search::FindPassages(
      view_, {is_passage ? search::ResultId::Kind::kPassage
                         : search::ResultId::Kind::kDocument,
              source.id});
  if (ranges.empty()) {
    return NotFound(source);
  }
  const search::PassageRange& range = ranges.front();
  const index::Segment& segment = *view_.generation().segments()[range.segment];
  const search::Place place{&segment,
                            segment.passage_place(range.first).document};
  return AddPassages(place, range.first, range.count, number);
}

absl::Status SourceTexts::AddFound(std::string_view passage_id) {
  const auto ranges = search::FindPassages(
      view_, {search::ResultId::Kind::kPassage, std::string(passage_id)});
  if (ranges.empty()) {
    return absl::OkStatus();
  }
  const search::PassageRange& range = ranges.front();
  const index::Segment& segment = *view_.generation().segments()[range.segment];
  const search::Place place{&segment,
                            segment.passage_place(range.first).document};
  return AddPassages(place, range.first, range.count, CitedChunk::kNoSource);
}

// Adds passages that follow each other as one text.
absl::Status SourceTexts::AddPassages(const search::Place& place,
                                      uint32_t first, uint32_t count,
                                      uint32_t given) {
  const uint64_t start = place.segment->passage_place(first).start;
  const uint64_t end = place.segment->passage_place(first + count - 1).end;
  if (end - start > kMaxSourceBytes) {
    return TooLong();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const index::DocumentRecord record,
                            place.segment->ReadDocument(place.document));
  EvidenceText text;
  FOOTNOTE_ASSIGN_OR_RETURN(
      text.text, place.segment->ReadText(place.document, start, end));
  text.language = record.language;
  text.context = ContextOf(record, start);
  text.source = sources_
                    .try_emplace("document " + record.document_id,
                                 static_cast<uint32_t>(sources_.size()))
                    .first->second;
  for (uint32_t passage = first; passage < first + count; ++passage) {
    const uint64_t from = place.segment->passage_place(passage).start - start;
    NoteMentions(place, passage, std::string_view(text.text).substr(from));
  }
  return AddText(std::move(text), {given, place, start});
}

absl::Status SourceTexts::AddText(EvidenceText text, Origin origin) {
  bytes_ += text.text.size();
  if (bytes_ > kMaxSourceBytes) {
    return TooLong();
  }
  FOOTNOTE_RETURN_IF_ERROR(
      memory_.Take((text.text.size() + text.context.size()) * kBytesPerByte,
                   "the texts of the sources"));
  waiting_.push_back(std::move(text));
  texts_.push_back(origin);
  return absl::OkStatus();
}

// Notes how entities are called in a passage, whose text is at the start of
// `text`, besides their own names.
void SourceTexts::NoteMentions(const search::Place& place, uint32_t passage,
                               std::string_view text) {
  for (const index::PassageMention& mention :
       place.segment->ReadMentions(passage)) {
    if (mention.end > text.size() || mention.start >= mention.end) {
      continue;
    }
    const std::string_view entry = place.segment->entity(mention.entity);
    const size_t type_end = entry.find(index::kEntrySeparator);
    const size_t id_end = entry.find(index::kEntrySeparator, type_end + 1);
    const std::string line =
        Field(entry.substr(0, type_end)) + "\t" +
        Field(entry.substr(type_end + 1, id_end - type_end - 1)) + "\t" +
        Field(entry.substr(id_end + 1));
    std::string& aliases = names_[line];
    const std::string alias =
        Field(text.substr(mention.start, mention.end - mention.start));
    if (("|" + aliases + "|").find("|" + alias + "|") == std::string::npos) {
      aliases += (aliases.empty() ? "" : "|") + alias;
    }
  }
}

absl::Status SourceTexts::Finish() {
  std::string lines;
  for (const auto& [line, aliases] : names_) {
    lines.append(line).append("\t").append(aliases).append("\n");
  }
  std::vector<entities::BadLine> bad_lines;  // names that no file can say
  gazetteer_ = entities::Gazetteer::Parse(lines, &bad_lines);
  evidence_ = std::make_unique<Evidence>(&gazetteer_);
  for (EvidenceText& text : waiting_) {
    FOOTNOTE_RETURN_IF_ERROR(evidence_->Add(std::move(text), deadline_));
  }
  waiting_.clear();
  evidence_->Finish();
  return absl::OkStatus();
}

absl::StatusOr<CitedChunk> SourceTexts::Cite(uint32_t text, uint64_t start,
                                             uint64_t end) const {
  const Origin& origin = texts_[text];
  CitedChunk chunk;
  chunk.source = origin.given;
  if (!origin.place) {
    const std::string_view all = evidence_->texts()[text].text;
    chunk.content.text = all.substr(start, end - start);
    search::OffsetCursor cursor(all, {});
    chunk.content.span.start = cursor.At(start);
    chunk.content.span.end = cursor.At(end);
    return chunk;
  }
  const search::Place& place = *origin.place;
  start += origin.base;
  end += origin.base;
  FOOTNOTE_RETURN_IF_ERROR(search::Widen(place, &start, &end));
  FOOTNOTE_ASSIGN_OR_RETURN(chunk.content,
                            search::ReadBlock(place, start, end));
  FOOTNOTE_ASSIGN_OR_RETURN(chunk.document,
                            place.segment->ReadDocument(place.document));
  FOOTNOTE_ASSIGN_OR_RETURN(
      chunk.provenance,
      search::AssembleProvenance(*place.segment, place.document, chunk.document,
                                 chunk.content.span));
  chunk.passage_id = search::PassageIdText(place.segment->passage_id(
      search::PassageAt(*place.segment, place.document, start)));
  return chunk;
}

}  // namespace footnote::grounding
