#include "server/service/search_service.h"

#include <memory>
#include <string>
#include <utility>

#include "indexer/base/sha256.h"
#include "server/search/searcher.h"
#include "server/search/suggest.h"
#include "server/service/analysis_conversion.h"
#include "server/service/conversion.h"
#include "server/service/more_like_this.h"
#include "server/service/page_token.h"
#include "server/service/query_id.h"
#include "server/service/request_view.h"
#include "server/service/resource_name.h"
#include "server/service/search_request.h"
#include "server/service/search_response.h"

namespace footnote::service {
namespace {

void LogRequest(const SearchCall& call, nlohmann::json* fields) {
  (*fields)["query_sha256"] = ToHex(Sha256Of(call.options.query));
  (*fields)["offset"] = call.options.offset;
  (*fields)["top_k"] = call.options.limit;
}

void FillResponse(search::SearchResult result, const SearchCall& call,
                  const search::View& view, v1::SearchResponse* response) {
  PageToken next = AddGenerations(view, response);
  if (result.has_more) {
    next.offset =
        call.options.offset + static_cast<uint32_t>(result.passages.size());
    response->set_next_page_token(EncodePageToken(next, call.request_key));
  }
  AddPassages(std::move(result.passages), call.include_utf16, response);
  if (result.count) {
    Convert(*result.count, response->mutable_count());
  }
  response->add_executed_queries(std::move(result.executed_query));
  for (search::Warning& warning : result.warnings) {
    Convert(std::move(warning), response->add_warnings());
  }
  AddWarnings(view.generation(), response->mutable_warnings());
  for (search::Facet& facet : result.facets) {
    Convert(std::move(facet), response->add_facets());
  }
  if (result.spelling) {
    Convert(*std::move(result.spelling), response->mutable_spelling());
  }
  if (result.hidden) {
    Convert(*result.hidden, response->mutable_hidden());
  }
}

absl::StatusOr<v1::AnalyzeResponse> AnswerAnalyze(
    const search::Catalog& catalog, const v1::AnalyzeRequest& request,
    CallInfo* info) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string collection,
      ParseCollectionName(request.collection(), "collection"));
  FOOTNOTE_ASSIGN_OR_RETURN(const search::AnalysisOptions options,
                            ParseAnalyzeRequest(request));
  info->log_fields["collection"] = collection;
  info->log_fields["query_sha256"] = ToHex(Sha256Of(options.text));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::shared_ptr<const search::View> view,
                            catalog.Get(collection, request.generation()));
  FOOTNOTE_ASSIGN_OR_RETURN(
      search::Analysis analysis,
      search::AnalyzeText(*view, options, info->deadline));
  const index::Generation& generation = view->generation();
  v1::AnalyzeResponse response;
  Convert(std::move(analysis),
          {generation.info().collection, request.include_utf16()}, &response);
  Convert(generation.info(), response.mutable_generation());
  AddWarnings(generation, response.mutable_warnings());
  return response;
}

// Returns what tells an answer from all others.
std::string CacheKey(const SearchCall& call, const search::View& view) {
  std::string key;
  for (const search::View* part : PartsOf(view)) {
    const index::GenerationInfo& info = part->generation().info();
    key += ToBytes(info.manifest_sha256) + std::to_string(part->epoch()) +
           '\0' + info.collection + '\0';
  }
  return key + call.cache_key;
}

void Fill(search::Completion completion, v1::Completion* out) {
  out->set_text(std::move(completion.text));
  out->set_value(std::move(completion.value));
  out->set_entity(std::move(completion.entity));
  out->set_passage_count(completion.passages);
}

absl::Status AnswerSuggest(const search::Catalog& catalog,
                           const v1::SuggestRequest& request, CallInfo& info,
                           v1::SuggestResponse* response) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string collection,
      ParseCollectionName(request.collection(), "collection"));
  search::SuggestOptions options;
  options.text = request.text();
  FOOTNOTE_ASSIGN_OR_RETURN(
      options.limit, ParsePageSize(request.limit(), search::kDefaultSuggestions,
                                   search::kMaxSuggestions));
  info.log_fields["collection"] = collection;
  FOOTNOTE_ASSIGN_OR_RETURN(const std::shared_ptr<const search::View> view,
                            catalog.Get(collection, request.generation()));
  info.log_fields["index_generation"] = view->generation().info().number;
  FOOTNOTE_ASSIGN_OR_RETURN(search::Suggestions suggestions,
                            search::Suggest(*view, options, info.deadline));
  for (search::Completion& word : suggestions.words) {
    Fill(std::move(word), response->add_words());
  }
  for (search::Completion& entity : suggestions.entities) {
    Fill(std::move(entity), response->add_entities());
  }
  for (search::Completion& title : suggestions.titles) {
    Fill(std::move(title), response->add_titles());
  }
  if (suggestions.spelling) {
    Convert(*std::move(suggestions.spelling), response->mutable_spelling());
  }
  Convert(view->generation().info(), response->mutable_generation());
  return absl::OkStatus();
}

}  // namespace

absl::Status SearchService::Answer(const v1::SearchRequest& request,
                                   CallInfo& info,
                                   v1::SearchResponse* response) {
  FOOTNOTE_ASSIGN_OR_RETURN(SearchCall call, ParseSearchRequest(request));
  LogRequest(call, &info.log_fields);
  FOOTNOTE_ASSIGN_OR_RETURN(const ViewPtr view,
                            GetView(catalog_, call.generations, info));
  return AnswerFrom(*view, std::move(call), info, response);
}

absl::Status SearchService::AnswerFrom(const search::View& view,
                                       SearchCall call, CallInfo& info,
                                       v1::SearchResponse* response) {
  call.options.memory_bytes = search_bytes_;
  const std::string key = CacheKey(call, view);
  if (const auto kept = cache_.Find(key)) {
    *response = *kept;
    info.log_fields["cached"] = true;
  } else {
    FOOTNOTE_ASSIGN_OR_RETURN(
        search::SearchResult result,
        search::Search(view, call.options, info.deadline,
                       [this](WorkerPool::Task part) {
                         return environment_.pool.SubmitPart(std::move(part));
                       }));
    const bool truncated = result.truncated;
    FillResponse(std::move(result), call, view, response);
    if (!truncated) {
      cache_.Add(key, *response);
    }
  }
  response->set_query_id(MakeQueryId());
  info.log_fields["query_id"] = response->query_id();
  info.log_fields["results"] = response->passages_size();
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* SearchService::Search(
    grpc::CallbackServerContext* context, const v1::SearchRequest* request,
    v1::SearchResponse* response) {
  return RunRpcInPlace(
      environment_, "footnote.v1.SearchService/Search", context, response,
      [this, request](CallInfo& info, v1::SearchResponse* filled) {
        return Answer(*request, info, filled);
      });
}

grpc::ServerUnaryReactor* SearchService::BatchSearch(
    grpc::CallbackServerContext* context, const v1::BatchSearchRequest* request,
    v1::BatchSearchResponse* response) {
  return RunRpcInPlace(
      environment_, "footnote.v1.SearchService/BatchSearch", context, response,
      [this, request](CallInfo& info, v1::BatchSearchResponse* filled) {
        return AnswerBatchSearch(batch_, *request, info, filled);
      });
}

grpc::ServerUnaryReactor* SearchService::MoreLikeThis(
    grpc::CallbackServerContext* context,
    const v1::MoreLikeThisRequest* request,
    v1::MoreLikeThisResponse* response) {
  return RunRpcInPlace(
      environment_, "footnote.v1.SearchService/MoreLikeThis", context, response,
      [this, request](CallInfo& info, v1::MoreLikeThisResponse* filled) {
        return AnswerMoreLikeThis(
            catalog_,
            [this](const search::View& view, SearchCall call, CallInfo& of_call,
                   v1::SearchResponse* response_of_search) {
              LogRequest(call, &of_call.log_fields);
              return AnswerFrom(view, std::move(call), of_call,
                                response_of_search);
            },
            *request, info, filled);
      });
}

grpc::ServerUnaryReactor* SearchService::Analyze(
    grpc::CallbackServerContext* context, const v1::AnalyzeRequest* request,
    v1::AnalyzeResponse* response) {
  return RunRpc(environment_, "footnote.v1.SearchService/Analyze", context,
                response, [this, request](CallInfo& info) {
                  return AnswerAnalyze(catalog_, *request, &info);
                });
}

grpc::ServerUnaryReactor* SearchService::Suggest(
    grpc::CallbackServerContext* context, const v1::SuggestRequest* request,
    v1::SuggestResponse* response) {
  return RunRpcInPlace(
      environment_, "footnote.v1.SearchService/Suggest", context, response,
      [this, request](CallInfo& info, v1::SuggestResponse* filled) {
        return AnswerSuggest(catalog_, *request, info, filled);
      });
}

}  // namespace footnote::service
