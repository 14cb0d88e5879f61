#include "server/service/claim_conversion.h"

#include <map>
#include <utility>

#include "indexer/text/language.h"
#include "indexer/text/utf8.h"
#include "server/service/resource_name.h"

namespace footnote::service {
namespace {

absl::Status SourceEmpty(const std::string& field, const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "SOURCE_EMPTY",
                   field + " " + message, {{"field", field}});
}

absl::StatusOr<grounding::GroundingSource> ParseFact(
    const v1::GroundingFact& fact, const std::string& field) {
  grounding::GroundingSource source;
  source.kind = grounding::GroundingSource::Kind::kFact;
  source.fact.text = fact.fact_text();
  if (source.fact.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return SourceEmpty(field, "has no fact_text");
  }
  // A map has no order of its own; what is found must not depend on one.
  const std::map<std::string, std::string> sorted(fact.attributes().begin(),
                                                  fact.attributes().end());
  source.fact.attributes.assign(sorted.begin(), sorted.end());
  return source;
}

absl::StatusOr<grounding::GroundingSource> ParseSource(
    const v1::GroundingSource& source, const CollectionNames& collection,
    const std::string& field) {
  grounding::GroundingSource parsed;
  if (source.has_fact()) {
    return ParseFact(source.fact(), field + ".fact");
  }
  if (source.has_passage()) {
    parsed.kind = grounding::GroundingSource::Kind::kPassage;
    FOOTNOTE_ASSIGN_OR_RETURN(
        parsed.id, ParseNameOrId(source.passage(), collection,
                                 field + ".passage", &ParsePassageName));
  } else {
    parsed.kind = grounding::GroundingSource::Kind::kDocument;
    FOOTNOTE_ASSIGN_OR_RETURN(
        parsed.id, ParseNameOrId(source.document(), collection,
                                 field + ".document", &ParseDocumentName));
  }
  if (parsed.id.empty()) {
    return SourceEmpty(field, "names neither a passage, a document nor a fact");
  }
  return parsed;
}

v1::ClaimStatus ToProto(grounding::ClaimStatus status) {
  switch (status) {
    case grounding::ClaimStatus::kSupported:
      return v1::CLAIM_STATUS_SUPPORTED;
    case grounding::ClaimStatus::kContradicted:
      return v1::CLAIM_STATUS_CONTRADICTED;
    case grounding::ClaimStatus::kUnsupported:
      return v1::CLAIM_STATUS_UNSUPPORTED;
    default:
      return v1::CLAIM_STATUS_EXEMPT;
  }
}

v1::ClaimExemption ToProto(grounding::Exemption exemption) {
  switch (exemption) {
    case grounding::Exemption::kQuestion:
      return v1::CLAIM_EXEMPTION_QUESTION;
    case grounding::Exemption::kGreeting:
      return v1::CLAIM_EXEMPTION_GREETING;
    case grounding::Exemption::kHeading:
      return v1::CLAIM_EXEMPTION_HEADING;
    case grounding::Exemption::kHedge:
      return v1::CLAIM_EXEMPTION_HEDGE;
    case grounding::Exemption::kEmpty:
      return v1::CLAIM_EXEMPTION_EMPTY;
    default:
      return v1::CLAIM_EXEMPTION_UNSPECIFIED;
  }
}

v1::DisagreementKind ToProto(grounding::DisagreementKind kind) {
  switch (kind) {
    case grounding::DisagreementKind::kMoney:
      return v1::DISAGREEMENT_KIND_MONEY;
    case grounding::DisagreementKind::kPercent:
      return v1::DISAGREEMENT_KIND_PERCENT;
    case grounding::DisagreementKind::kUnit:
      return v1::DISAGREEMENT_KIND_UNIT;
    case grounding::DisagreementKind::kDate:
      return v1::DISAGREEMENT_KIND_DATE;
    case grounding::DisagreementKind::kName:
      return v1::DISAGREEMENT_KIND_NAME;
    case grounding::DisagreementKind::kNegation:
      return v1::DISAGREEMENT_KIND_NEGATION;
    case grounding::DisagreementKind::kModality:
      return v1::DISAGREEMENT_KIND_MODALITY;
    default:
      return v1::DISAGREEMENT_KIND_NUMBER;
  }
}

std::string Slice(const std::string& answer, const Span& span) {
  return answer.substr(span.start.bytes, span.end.bytes - span.start.bytes);
}

void Convert(grounding::CitedChunk&& chunk, const OutputFormat& format,
             v1::CitedChunk* out) {
  out->set_chunk_text(std::move(chunk.content.text));
  out->set_source_index(chunk.source == grounding::CitedChunk::kNoSource
                            ? -1
                            : static_cast<int32_t>(chunk.source));
  if (chunk.passage_id.empty()) {
    Convert(chunk.content.span, format, out->mutable_fact_span());
    return;
  }
  out->set_passage_id(std::move(chunk.passage_id));
  Convert(std::move(chunk.document), format, out->mutable_document());
  Convert(std::move(chunk.provenance), format, out->mutable_provenance());
}

void Convert(const grounding::Corroboration& corroboration,
             v1::Corroboration* out) {
  for (const uint32_t chunk : corroboration.agreeing) {
    out->add_agreeing_indices(static_cast<int32_t>(chunk));
  }
  for (const uint32_t chunk : corroboration.disagreeing) {
    out->add_disagreeing_indices(static_cast<int32_t>(chunk));
  }
  out->set_near_duplicates(static_cast<int32_t>(corroboration.near_duplicates));
}

void Convert(grounding::ClaimDisagreement&& disagreement,
             const std::string& answer, const OutputFormat& format,
             v1::Disagreement* out) {
  out->set_kind(ToProto(disagreement.kind));
  Convert(disagreement.span, format, out->mutable_span());
  out->set_claim_piece(Slice(answer, disagreement.span));
  if (disagreement.source) {
    Convert(*std::move(disagreement.source), format,
            out->mutable_source_piece());
  }
}

void Convert(grounding::CheckedClaim&& claim, const std::string& answer,
             const OutputFormat& format, v1::Claim* out) {
  Convert(claim.span, format, out->mutable_span());
  out->set_claim_text(Slice(answer, claim.span));
  out->set_grounding_check_required(claim.exemption ==
                                    grounding::Exemption::kNone);
  out->set_exemption(ToProto(claim.exemption));
  out->set_status(ToProto(claim.status));
  out->set_score(claim.score);
  for (const grounding::ClaimCitation& citation : claim.citations) {
    out->add_citation_indices(static_cast<int32_t>(citation.chunk));
    out->add_citation_shares(citation.share);
  }
  for (const grounding::MarkInAnswer& mark : claim.marks) {
    v1::CitationMark* added = out->add_marks();
    Convert(mark.span, format, added->mutable_span());
    for (const uint32_t number : mark.numbers) {
      added->add_numbers(static_cast<int32_t>(number));
    }
  }
  if (claim.marks_hold) {
    out->set_marks_hold(*claim.marks_hold);
  }
  for (grounding::ClaimDisagreement& disagreement : claim.disagreements) {
    Convert(std::move(disagreement), answer, format, out->add_disagreements());
  }
  Convert(claim.corroboration, out->mutable_corroboration());
  for (const grounding::ClaimCitation& suggestion : claim.suggestions) {
    out->add_suggestion_indices(static_cast<int32_t>(suggestion.chunk));
  }
}

}  // namespace

absl::StatusOr<grounding::GroundingRequest> ParseGroundingRequest(
    const v1::CheckGroundingRequest& request,
    const CollectionNames& collection) {
  grounding::GroundingRequest parsed;
  parsed.answer = request.answer_candidate();
  parsed.find_citations = request.find_citations();
  if (request.has_citation_threshold()) {
    parsed.citation_threshold = request.citation_threshold();
  }
  if (!request.language().empty()) {
    parsed.language = text::PrimaryLanguage(request.language());
    if (parsed.language.empty()) {
      return MakeError(
          absl::StatusCode::kInvalidArgument, "LANGUAGE_INVALID",
          R"(language is no BCP 47 tag; write "en" or "pt-BR", say)",
          {{"field", "language"}, {"value", request.language()}});
    }
  }
  for (int i = 0; i < request.sources_size(); ++i) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        grounding::GroundingSource source,
        ParseSource(request.sources(i), collection,
                    "sources[" + std::to_string(i) + "]"));
    parsed.sources.push_back(std::move(source));
  }
  return parsed;
}

void Convert(grounding::GroundingResult&& result, const std::string& answer,
             const OutputFormat& format, v1::CheckGroundingResponse* out) {
  out->set_support_score(result.support_score);
  for (grounding::CheckedClaim& claim : result.claims) {
    Convert(std::move(claim), answer, format, out->add_claims());
  }
  for (grounding::CitedChunk& chunk : result.chunks) {
    Convert(std::move(chunk), format, out->add_cited_chunks());
  }
}

}  // namespace footnote::service
