#include "server/service/grounding_service.h"

#include <string>
#include <utility>
#include <vector>

#include "server/grounding/grounding_check.h"
#include "server/grounding/pack_context.h"
#include "server/grounding/verify_quotes.h"
#include "server/search/documents.h"
#include "server/search/memory_budget.h"
#include "server/search/searcher.h"
#include "server/service/claim_conversion.h"
#include "server/service/context_conversion.h"
#include "server/service/conversion.h"
#include "server/service/filter_conversion.h"
#include "server/service/quote_conversion.h"
#include "server/service/request_view.h"
#include "server/service/resource_name.h"
#include "server/service/search_request.h"

namespace footnote::service {
namespace {

// What a request is about.
struct Asked {
  ViewPtr view;
  CollectionNames names;
};

// Returns it, and notes it for the log.
template <typename Request>
absl::StatusOr<Asked> GetAsked(const search::Catalog& catalog,
                               const Request& request, CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::string collection,
      ParseCollectionName(request.collection(), "collection"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      ViewPtr view, GetView(catalog, collection, request.generation(), info));
  const std::string own = view->generation().info().collection;
  return Asked{std::move(view), {std::move(collection), own}};
}

// Sets what every response says of the generation that gave it.
template <typename Response>
void SetGeneration(const search::View& view, Response* response) {
  Convert(view.generation().info(), response->mutable_generation());
  AddWarnings(view.generation(), response->mutable_warnings());
}

absl::StatusOr<v1::VerifyQuotesResponse> AnswerVerifyQuotes(
    const search::Catalog& catalog, const v1::VerifyQuotesRequest& request,
    uint64_t memory_bytes, CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(const Asked asked,
                            GetAsked(catalog, request, info));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<grounding::Quote> quotes,
                            ParseQuotes(request.quotes(), asked.names));
  info.log_fields["quotes"] = quotes.size();
  search::MemoryBudget memory(memory_bytes);
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::vector<grounding::QuoteCheck> checks,
      grounding::VerifyQuotes(*asked.view, quotes, info.deadline, memory));
  v1::VerifyQuotesResponse response;
  const OutputFormat format{asked.names.own, request.include_utf16()};
  for (grounding::QuoteCheck& check : checks) {
    Convert(std::move(check), format, response.add_checks());
  }
  SetGeneration(*asked.view, &response);
  return response;
}

absl::StatusOr<v1::CheckGroundingResponse> AnswerCheckGrounding(
    const search::Catalog& catalog, const v1::CheckGroundingRequest& request,
    uint64_t memory_bytes, CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(const Asked asked,
                            GetAsked(catalog, request, info));
  FOOTNOTE_ASSIGN_OR_RETURN(grounding::GroundingRequest parsed,
                            ParseGroundingRequest(request, asked.names));
  parsed.memory_bytes = memory_bytes;
  info.log_fields["answer_bytes"] = parsed.answer.size();
  info.log_fields["sources"] = parsed.sources.size();
  FOOTNOTE_ASSIGN_OR_RETURN(
      grounding::GroundingResult result,
      grounding::CheckGrounding(*asked.view, parsed, info.deadline));
  v1::CheckGroundingResponse response;
  Convert(std::move(result), parsed.answer,
          {asked.names.own, request.include_utf16()}, &response);
  SetGeneration(*asked.view, &response);
  return response;
}

// Returns the passages that answer the query of a request, best first.
absl::StatusOr<search::SearchResult> SearchPassages(
    const search::View& view, const v1::PackContextRequest& request,
    uint64_t memory_bytes, const CallInfo& info) {
  constexpr uint32_t kDefaultPassages = 50;
  search::SearchOptions options;
  options.query = request.query();
  options.count = false;
  options.memory_bytes = memory_bytes;
  FOOTNOTE_ASSIGN_OR_RETURN(
      options.limit,
      ParsePageSize(request.max_passages(), kDefaultPassages,
                    static_cast<uint32_t>(grounding::kMaxContextPassages)));
  if (request.has_filter()) {
    FOOTNOTE_ASSIGN_OR_RETURN(options.filter, ParseFilter(request.filter()));
  }
  return search::Search(view, options, info.deadline);
}

// Returns the passages that a request names or asks for, best first.
absl::StatusOr<search::SearchResult> ReadPassages(
    const Asked& asked, const v1::PackContextRequest& request,
    uint64_t memory_bytes, const CallInfo& info) {
  if (request.query().empty() == request.passages().empty()) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "CONTEXT_SOURCES_INVALID",
        "either query or passages must be given", {{"field", "query"}});
  }
  if (request.passages().empty()) {
    return SearchPassages(*asked.view, request, memory_bytes, info);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                            ParsePassageIds(request, asked.names));
  search::SearchResult result;
  for (const std::string& id : ids) {
    FOOTNOTE_ASSIGN_OR_RETURN(search::Passage passage,
                              search::GetPassage(*asked.view, id, 0, 0));
    result.passages.push_back(std::move(passage));
  }
  return result;
}

absl::StatusOr<v1::PackContextResponse> AnswerPackContext(
    const search::Catalog& catalog, const v1::PackContextRequest& request,
    uint64_t memory_bytes, CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(const grounding::ContextOptions options,
                            ParseContextOptions(request));
  FOOTNOTE_ASSIGN_OR_RETURN(const Asked asked,
                            GetAsked(catalog, request, info));
  FOOTNOTE_ASSIGN_OR_RETURN(search::SearchResult found,
                            ReadPassages(asked, request, memory_bytes, info));
  FOOTNOTE_ASSIGN_OR_RETURN(grounding::PackedContext context,
                            grounding::PackContext(*asked.view, found.passages,
                                                   options, info.deadline));
  info.log_fields["blocks"] = context.blocks.size();
  v1::PackContextResponse response;
  const OutputFormat format{asked.names.own, request.include_utf16()};
  Convert(std::move(context), format, &response);
  response.set_executed_query(std::move(found.executed_query));
  for (search::Warning& warning : found.warnings) {
    Convert(std::move(warning), response.add_warnings());
  }
  SetGeneration(*asked.view, &response);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* GroundingService::VerifyQuotes(
    grpc::CallbackServerContext* context,
    const v1::VerifyQuotesRequest* request,
    v1::VerifyQuotesResponse* response) {
  return RunRpc(environment_, "footnote.v1.GroundingService/VerifyQuotes",
                context, response, [this, request](CallInfo& info) {
                  return AnswerVerifyQuotes(catalog_, *request, memory_bytes_,
                                            info);
                });
}

grpc::ServerUnaryReactor* GroundingService::CheckGrounding(
    grpc::CallbackServerContext* context,
    const v1::CheckGroundingRequest* request,
    v1::CheckGroundingResponse* response) {
  return RunRpc(environment_, "footnote.v1.GroundingService/CheckGrounding",
                context, response, [this, request](CallInfo& info) {
                  return AnswerCheckGrounding(catalog_, *request, memory_bytes_,
                                              info);
                });
}

grpc::ServerUnaryReactor* GroundingService::PackContext(
    grpc::CallbackServerContext* context, const v1::PackContextRequest* request,
    v1::PackContextResponse* response) {
  return RunRpc(environment_, "footnote.v1.GroundingService/PackContext",
                context, response, [this, request](CallInfo& info) {
                  return AnswerPackContext(catalog_, *request, memory_bytes_,
                                           info);
                });
}

}  // namespace footnote::service
