#include "server/service/conversion.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "indexer/base/time.h"
#include "server/search/searcher.h"
#include "server/service/metadata_conversion.h"
#include "server/service/resource_name.h"

namespace footnote::service {
namespace {

// What google.protobuf.Timestamp can hold: the years 1 to 9999.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kLastSecond = 253402300799;

bool IsTimestamp(const std::optional<int64_t>& seconds) {
  return seconds && *seconds >= kFirstSecond && *seconds <= kLastSecond;
}

v1::ScoreKind ToProto(search::ScoreKind kind) {
  switch (kind) {
    case search::ScoreKind::kNone:
      return v1::SCORE_KIND_UNSPECIFIED;
    case search::ScoreKind::kBm25:
      return v1::SCORE_KIND_BM25;
    case search::ScoreKind::kFused:
      return v1::SCORE_KIND_FUSED;
  }
  return v1::SCORE_KIND_UNSPECIFIED;
}

v1::Contribution::Stage ToProto(search::Contribution::Stage stage) {
  using Stage = search::Contribution::Stage;
  switch (stage) {
    case Stage::kMatch:
      return v1::Contribution::STAGE_MATCH;
    case Stage::kRescore:
      return v1::Contribution::STAGE_RESCORE;
    case Stage::kFeedback:
      return v1::Contribution::STAGE_FEEDBACK;
    case Stage::kRecency:
      return v1::Contribution::STAGE_RECENCY;
    case Stage::kFusion:
      return v1::Contribution::STAGE_FUSION;
  }
  return v1::Contribution::STAGE_UNSPECIFIED;
}

void Convert(search::Duplicate&& duplicate, v1::Duplicate* out) {
  out->set_name(PassageName(duplicate.collection, duplicate.passage_id));
  out->set_passage_id(std::move(duplicate.passage_id));
  out->set_document_id(std::move(duplicate.document_id));
  out->set_title(std::move(duplicate.title));
  out->set_uri(std::move(duplicate.uri));
  out->set_resemblance(duplicate.resemblance);
}

void ConvertWithoutDocument(search::Passage&& passage,
                            const OutputFormat& format, v1::Passage* out) {
  out->set_name(PassageName(format.collection, passage.passage_id));
  out->set_passage_id(std::move(passage.passage_id));
  out->set_rank(static_cast<int32_t>(passage.rank));
  out->set_score(passage.score);
  out->set_relevance(passage.relevance);
  out->set_score_kind(ToProto(passage.score_kind));
  for (search::Contribution& part : passage.contributions) {
    v1::Contribution* added = out->add_contributions();
    added->set_stage(ToProto(part.stage));
    added->set_word(std::move(part.word));
    added->set_field(std::move(part.field));
    added->set_value(part.value);
  }
  out->set_text(std::move(passage.text));
  for (search::TextBlock& block : passage.blocks) {
    Convert(std::move(block), format, out->add_blocks());
  }
  Convert(std::move(passage.provenance), format, out->mutable_provenance());
  for (search::Highlight& highlight : passage.highlights) {
    v1::Highlight* added = out->add_highlights();
    Convert(highlight.span, format, added->mutable_span());
    added->set_term(std::move(highlight.term));
  }
  for (search::EntityMention& mention : passage.mentions) {
    v1::EntityMention* added = out->add_mentions();
    added->set_type(std::move(mention.type));
    added->set_id(std::move(mention.id));
    added->set_name(std::move(mention.name));
    Convert(mention.span, format, added->mutable_span());
  }
}

}  // namespace

void Convert(const Span& span, const OutputFormat& format, v1::Span* out) {
  out->set_start_byte(span.start.bytes);
  out->set_end_byte(span.end.bytes);
  out->set_start_char(span.start.chars);
  out->set_end_char(span.end.chars);
  if (format.include_utf16) {
    out->set_start_utf16(span.start.utf16);
    out->set_end_utf16(span.end.utf16);
  }
}

void Convert(search::TextBlock&& block, const OutputFormat& format,
             v1::TextBlock* out) {
  out->set_text(std::move(block.text));
  Convert(block.span, format, out->mutable_span());
}

void Convert(const TextOffset& size, v1::TextSize* out) {
  out->set_bytes(size.bytes);
  out->set_chars(size.chars);
  out->set_utf16(size.utf16);
}

void Convert(index::DocumentRecord&& document, const OutputFormat& format,
             v1::DocumentRef* out) {
  out->set_name(DocumentName(format.collection, document.document_id));
  out->set_document_id(std::move(document.document_id));
  out->set_title(std::move(document.title));
  out->set_uri(std::move(document.uri));
  out->set_filename(std::move(document.filename));
  out->set_media_type(std::move(document.media_type));
  out->set_language(std::move(document.language));
  out->set_source_type(std::move(document.source_type));
  if (IsTimestamp(document.create_time)) {
    out->mutable_create_time()->set_seconds(*document.create_time);
  }
  if (IsTimestamp(document.update_time)) {
    out->mutable_update_time()->set_seconds(*document.update_time);
  }
  out->mutable_index_time()->set_seconds(document.index_time);
  SetMetadata(document.metadata_json, out->mutable_metadata());
  out->set_revision(ToHex(document.revision));
  out->set_sha256(ToBytes(document.revision));
}

void Convert(search::Provenance&& provenance, const OutputFormat& format,
             v1::Provenance* out) {
  Convert(provenance.span, format, out->mutable_span());
  out->mutable_lines()->set_first(provenance.first_line);
  out->mutable_lines()->set_last(provenance.last_line);
  for (std::string& heading : provenance.heading_path) {
    out->add_heading_path(std::move(heading));
  }
  out->set_ordinal(static_cast<int32_t>(provenance.ordinal));
  out->set_previous_passage_id(std::move(provenance.previous_passage_id));
  out->set_next_passage_id(std::move(provenance.next_passage_id));
  out->set_document_revision(ToHex(provenance.document_sha256));
  out->set_document_sha256(ToBytes(provenance.document_sha256));
  out->set_text_sha256(ToBytes(provenance.text_sha256));
  out->set_prefix(std::move(provenance.prefix));
  out->set_suffix(std::move(provenance.suffix));
}

void Convert(search::Passage&& passage, const OutputFormat& format,
             v1::Passage* out) {
  Convert(std::move(passage.document), format, out->mutable_document());
  for (search::Passage& neighbour : passage.previous) {
    ConvertWithoutDocument(std::move(neighbour), format, out->add_previous());
  }
  for (search::Passage& neighbour : passage.next) {
    ConvertWithoutDocument(std::move(neighbour), format, out->add_next());
  }
  if (passage.document_matches) {
    out->set_document_matches(static_cast<int32_t>(*passage.document_matches));
  }
  for (search::Duplicate& duplicate : passage.duplicates) {
    Convert(std::move(duplicate), out->add_duplicates());
  }
  out->set_duplicate_count(static_cast<int32_t>(passage.duplicate_count));
  ConvertWithoutDocument(std::move(passage), format, out);
}

void Convert(const search::MatchCount& count, v1::MatchCount* out) {
  out->set_passages(count.passages);
  out->set_documents(count.documents);
}

void Convert(const search::HiddenResults& hidden, v1::HiddenResults* out) {
  out->set_looked_at(static_cast<int32_t>(hidden.looked_at));
  out->set_duplicates(static_cast<int32_t>(hidden.duplicates));
  out->set_beyond_document(static_cast<int32_t>(hidden.beyond_document));
}

void Convert(search::Facet&& facet, v1::Facet* out) {
  out->set_field(std::move(facet.field));
  for (search::FacetValue& value : facet.values) {
    v1::FacetValue* added = out->add_values();
    added->set_value(std::move(value.value));
    added->set_name(std::move(value.name));
    Convert(value.count, added->mutable_count());
  }
  out->set_other_values(facet.other_values);
  Convert(facet.other, out->mutable_other());
  Convert(facet.missing, out->mutable_missing());
}

void Convert(search::SpellingProposal&& proposal, v1::SpellingProposal* out) {
  out->set_text(std::move(proposal.text));
  for (search::CorrectedWord& word : proposal.words) {
    v1::CorrectedWord* added = out->add_words();
    added->set_start_byte(word.start);
    added->set_end_byte(word.end);
    added->set_proposal(std::move(word.proposal));
    added->set_passage_count(word.passages);
  }
}

void Convert(search::Warning&& warning, v1::Warning* out) {
  v1::Warning::Code code = v1::Warning::CODE_UNSPECIFIED;
  v1::Warning::Code_Parse("CODE_" + warning.code, &code);
  out->set_code(code);
  out->set_message(std::move(warning.message));
}

void AddWarnings(const index::Generation& generation,
                 google::protobuf::RepeatedPtrField<v1::Warning>* out) {
  const size_t segments = generation.missing().size();
  if (segments == 0) {
    return;
  }
  uint64_t documents = 0;
  for (const index::MissingSegment& missing : generation.missing()) {
    documents += missing.documents;
  }
  v1::Warning* warning = out->Add();
  warning->set_code(v1::Warning::CODE_SEGMENT_QUARANTINED);
  warning->set_message(
      "damaged and not served: " + std::to_string(segments) + " of " +
      std::to_string(segments + generation.segments().size()) +
      " segments, with " + std::to_string(documents) + " documents");
}

void Convert(const index::GenerationInfo& info, v1::GenerationRef* out) {
  out->set_collection(CollectionName(info.collection));
  out->set_generation(info.number);
  out->set_manifest_sha256(ToBytes(info.manifest_sha256));
  if (const auto seconds = ParseTime(info.build_time); IsTimestamp(seconds)) {
    out->mutable_build_time()->set_seconds(*seconds);
  }
  out->set_analyzer_id(info.analyzer);
  out->set_ranker(search::RankerId());
}

void Convert(const search::View& view, v1::Collection* out) {
  const index::GenerationInfo& info = view.generation().info();
  out->set_name(CollectionName(info.collection));
  Convert(info, out->mutable_generation());
  out->set_document_count(view.documents());
  out->set_passage_count(view.passages());
  out->set_text_bytes(view.text_bytes());
  out->set_word_count(view.words());
  for (const auto& [language, documents] : view.languages()) {
    v1::LanguageCount* added = out->add_languages();
    added->set_language(language);
    added->set_document_count(documents);
  }
  AddWarnings(view.generation(), out->mutable_warnings());
  // The map is by language; most documents first, ties as they stand.
  std::stable_sort(out->mutable_languages()->begin(),
                   out->mutable_languages()->end(),
                   [](const v1::LanguageCount& a, const v1::LanguageCount& b) {
                     return a.document_count() > b.document_count();
                   });
}

}  // namespace footnote::service
