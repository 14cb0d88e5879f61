#include "server/service/document_service.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/base/sha256.h"
#include "server/search/documents.h"
#include "server/search/moved_text.h"
#include "server/search/revisions.h"
#include "server/search/searcher.h"
#include "server/service/conversion.h"
#include "server/service/page_token.h"
#include "server/service/request_view.h"
#include "server/service/resource_name.h"
#include "server/service/search_request.h"

namespace footnote::service {
namespace {

constexpr uint32_t kDefaultPageSize = 100;
constexpr uint32_t kMaxPageSize = 1000;
constexpr int32_t kMaxContext = 100;

// A page of documents ends after this many bytes: gRPC's default message limit
// is 4 MiB.
constexpr size_t kMaxPageBytes = 2U << 20U;

absl::StatusOr<v1::GetDocumentResponse> AnswerGetDocument(
    const search::Catalog& catalog, const v1::GetDocumentRequest& request,
    CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(const ChildName name,
                            ParseDocumentName(request.name()));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const ViewPtr view,
      GetView(catalog, name.collection, request.generation(), info));
  FOOTNOTE_ASSIGN_OR_RETURN(
      search::DocumentText text,
      search::GetDocument(*view, name.id, request.start_byte(),
                          request.end_byte()));
  v1::GetDocumentResponse response;
  const OutputFormat format{view->generation().info().collection,
                            request.include_utf16()};
  response.set_content_sha256(ToBytes(Sha256Of(text.content.text)));
  Convert(text.document.size, response.mutable_size());
  Convert(std::move(text.document), format, response.mutable_document());
  Convert(std::move(text.content), format, response.mutable_content());
  Convert(view->generation().info(), response.mutable_generation());
  AddWarnings(view->generation(), response.mutable_warnings());
  return response;
}

absl::StatusOr<v1::GetPassageResponse> AnswerGetPassage(
    const search::Catalog& catalog, const v1::GetPassageRequest& request,
    CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(const ChildName name,
                            ParsePassageName(request.name()));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const uint32_t previous_count,
      ParseNeighbours(request.previous_passages(), "previous_passages"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const uint32_t next_count,
      ParseNeighbours(request.next_passages(), "next_passages"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const ViewPtr view,
      GetView(catalog, name.collection, request.generation(), info));
  FOOTNOTE_ASSIGN_OR_RETURN(
      search::Passage passage,
      search::GetPassage(*view, name.id, previous_count, next_count));
  v1::GetPassageResponse response;
  const OutputFormat format{view->generation().info().collection,
                            request.include_utf16()};
  Convert(std::move(passage), format, response.mutable_passage());
  Convert(view->generation().info(), response.mutable_generation());
  AddWarnings(view->generation(), response.mutable_warnings());
  return response;
}

absl::StatusOr<search::ContextUnit> ParseContextUnit(
    v1::GetSpanRequest::ContextUnit unit) {
  switch (unit) {
    case v1::GetSpanRequest::CONTEXT_UNIT_UNSPECIFIED:
    case v1::GetSpanRequest::CONTEXT_UNIT_SENTENCE:
      return search::ContextUnit::kSentence;
    case v1::GetSpanRequest::CONTEXT_UNIT_PASSAGE:
      return search::ContextUnit::kPassage;
    default:
      return MakeError(
          absl::StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN",
          "context_unit has an unknown value",
          {{"field", "context_unit"}, {"value", std::to_string(unit)}});
  }
}

absl::StatusOr<uint32_t> ParseContextCount(int32_t count) {
  if (count < 0 || count > kMaxContext) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "CONTEXT_INVALID",
        "context_count must be 0 to " + std::to_string(kMaxContext),
        {{"field", "context_count"}, {"value", std::to_string(count)}});
  }
  return static_cast<uint32_t>(count);
}

// Returns the digest of 64 hexadecimal digits.
std::optional<Digest> ParseHex(std::string_view text) {
  Digest digest{};
  if (text.size() != 2 * digest.size()) {
    return std::nullopt;
  }
  for (size_t i = 0; i < digest.size(); ++i) {
    const char* const first = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(first, first + 2, digest[i], 16);
    if (error != std::errc() || end != first + 2) {
      return std::nullopt;
    }
  }
  return digest;
}

// Returns what the request cites; its revision is set.
absl::StatusOr<search::CitedSpan> ParseCitedSpan(
    const ChildName& name, const v1::GetSpanRequest& request,
    const search::SpanContext& context) {
  search::CitedSpan cited;
  cited.collection = name.collection;
  cited.document_id = name.id;
  cited.generation = request.generation();
  cited.start = request.start_byte();
  cited.end = request.end_byte();
  cited.context = context;
  const auto revision = ParseHex(request.document_revision());
  if (!revision) {
    return MakeError(absl::StatusCode::kInvalidArgument, "REVISION_INVALID",
                     "document_revision must be 64 hexadecimal digits",
                     {{"field", "document_revision"}});
  }
  cited.revision = *revision;
  if (!request.text_sha256().empty()) {
    if (request.text_sha256().size() != sizeof(Digest)) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "TEXT_SHA256_INVALID", "text_sha256 must be 32 bytes",
                       {{"field", "text_sha256"}});
    }
    std::copy(request.text_sha256().begin(), request.text_sha256().end(),
              cited.text_sha256.emplace().begin());
  }
  if (request.quote().size() > search::kMaxQuoteBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUOTE_TOO_LONG",
                     "quote has more than " +
                         std::to_string(search::kMaxQuoteBytes) + " bytes",
                     {{"field", "quote"}});
  }
  cited.quote = request.quote();
  return cited;
}

// Reads the span that the request names, by its revision where it has one.
absl::StatusOr<search::CitedText> ReadCitedText(
    const search::Catalog& catalog, const ChildName& name,
    const v1::GetSpanRequest& request, CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(const search::ContextUnit unit,
                            ParseContextUnit(request.context_unit()));
  FOOTNOTE_ASSIGN_OR_RETURN(const uint32_t count,
                            ParseContextCount(request.context_count()));
  const search::SpanContext context{unit, count};
  if (!request.document_revision().empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(const search::CitedSpan cited,
                              ParseCitedSpan(name, request, context));
    info.log_fields["collection"] = name.collection;
    FOOTNOTE_ASSIGN_OR_RETURN(
        search::CitedText text,
        search::GetCitedSpan(catalog, cited, info.deadline));
    info.log_fields["index_generation"] = text.view->generation().info().number;
    return text;
  }
  search::CitedText text;
  FOOTNOTE_ASSIGN_OR_RETURN(
      text.view, GetView(catalog, name.collection, request.generation(), info));
  FOOTNOTE_ASSIGN_OR_RETURN(
      text.span, search::GetSpan(*text.view, name.id, request.start_byte(),
                                 request.end_byte(), context));
  return text;
}

absl::StatusOr<v1::GetSpanResponse> AnswerGetSpan(
    const search::Catalog& catalog, const v1::GetSpanRequest& request,
    CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(const ChildName name,
                            ParseDocumentName(request.name()));
  FOOTNOTE_ASSIGN_OR_RETURN(search::CitedText text,
                            ReadCitedText(catalog, name, request, info));
  search::SpanText& span = text.span;
  v1::GetSpanResponse response;
  const OutputFormat format{text.view->generation().info().collection,
                            request.include_utf16()};
  Convert(std::move(span.document), format, response.mutable_document());
  Convert(std::move(span.content), format, response.mutable_content());
  Convert(std::move(span.before), format, response.mutable_before());
  Convert(std::move(span.after), format, response.mutable_after());
  Convert(std::move(span.provenance), format, response.mutable_provenance());
  Convert(text.view->generation().info(), response.mutable_generation());
  if (text.superseded) {
    v1::Superseded* superseded = response.mutable_superseded();
    superseded->set_current_generation(text.superseded->generation);
    superseded->set_document_gone(!text.superseded->revision);
    if (text.superseded->revision) {
      superseded->set_current_revision(ToHex(*text.superseded->revision));
    }
  }
  for (const Span& place : text.moved_to) {
    Convert(place, format, response.add_moved_to());
  }
  AddWarnings(text.view->generation(), response.mutable_warnings());
  return response;
}

// Moves documents into the response until it is full; sets the token where any
// are left. There is one document more than `page_size` where there are more.
void FillPage(std::vector<index::DocumentRecord> documents, uint32_t page_size,
              const index::GenerationInfo& info, const std::string& key,
              v1::ListDocumentsResponse* response) {
  const OutputFormat format{info.collection};
  size_t bytes = 0;
  std::string last;
  for (index::DocumentRecord& document : documents) {
    const auto size = static_cast<uint32_t>(response->documents_size());
    if (size == page_size || bytes > kMaxPageBytes) {
      response->set_next_page_token(
          EncodePageToken({0, last, {{info.collection, info.number}}}, key));
      return;
    }
    last = document.document_id;
    v1::DocumentRef* added = response->add_documents();
    Convert(std::move(document), format, added);
    bytes += added->ByteSizeLong();
  }
}

absl::StatusOr<v1::ListDocumentsResponse> AnswerListDocuments(
    const search::Catalog& catalog, const v1::ListDocumentsRequest& request,
    CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string collection,
      ParseCollectionName(request.collection(), "collection"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const uint32_t page_size,
      ParsePageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  const std::string key = RequestKey(request);
  PageToken page{0, "", {{collection, request.generation()}}};
  if (!request.page_token().empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(page, DecodePageToken(request.page_token(), key));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const ViewPtr view,
                            GetView(catalog, page.generations, info));
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::vector<index::DocumentRecord> documents,
      search::ListDocuments(*view, page.after, page_size + 1));
  v1::ListDocumentsResponse response;
  FillPage(std::move(documents), page_size, view->generation().info(), key,
           &response);
  Convert(view->generation().info(), response.mutable_generation());
  AddWarnings(view->generation(), response.mutable_warnings());
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* DocumentService::GetDocument(
    grpc::CallbackServerContext* context, const v1::GetDocumentRequest* request,
    v1::GetDocumentResponse* response) {
  return RunRpc(environment_, "footnote.v1.DocumentService/GetDocument",
                context, response, [this, request](CallInfo& info) {
                  return AnswerGetDocument(catalog_, *request, info);
                });
}

grpc::ServerUnaryReactor* DocumentService::GetPassage(
    grpc::CallbackServerContext* context, const v1::GetPassageRequest* request,
    v1::GetPassageResponse* response) {
  return RunRpc(environment_, "footnote.v1.DocumentService/GetPassage", context,
                response, [this, request](CallInfo& info) {
                  return AnswerGetPassage(catalog_, *request, info);
                });
}

grpc::ServerUnaryReactor* DocumentService::GetSpan(
    grpc::CallbackServerContext* context, const v1::GetSpanRequest* request,
    v1::GetSpanResponse* response) {
  return RunRpc(environment_, "footnote.v1.DocumentService/GetSpan", context,
                response, [this, request](CallInfo& info) {
                  return AnswerGetSpan(catalog_, *request, info);
                });
}

grpc::ServerUnaryReactor* DocumentService::ListDocuments(
    grpc::CallbackServerContext* context,
    const v1::ListDocumentsRequest* request,
    v1::ListDocumentsResponse* response) {
  return RunRpc(environment_, "footnote.v1.DocumentService/ListDocuments",
                context, response, [this, request](CallInfo& info) {
                  return AnswerListDocuments(catalog_, *request, info);
                });
}

}  // namespace footnote::service
