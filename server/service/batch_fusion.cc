#include "server/service/batch_fusion.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/search/fused_lists.h"
#include "server/service/conversion.h"
#include "server/service/page_token.h"
#include "server/service/pool_parts.h"
#include "server/service/query_id.h"
#include "server/service/request_view.h"
#include "server/service/search_request.h"
#include "server/service/search_response.h"

namespace footnote::service {
namespace {

constexpr double kMostWeight = 100;

std::string NameOf(size_t number) {
  return "requests[" + std::to_string(number) + "]";
}

// Returns `error`, of a request, so that it says which one.
absl::Status InRequest(size_t number, const absl::Status& error) {
  ErrorDetails details = GetErrorDetails(error);
  std::string& field = details["field"];
  field = NameOf(number) + (field.empty() ? "" : "." + field);
  const std::string message(error.message().data(), error.message().size());
  return MakeError(error.code(), ErrorReason(error),
                   NameOf(number) + ": " + message, details);
}

absl::Status InvalidError(size_t number, const std::string& field,
                          const std::string& what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BATCH_INVALID",
                   NameOf(number) + "." + field + " " + what,
                   {{"field", NameOf(number) + "." + field}});
}

// Takes one more request into account, whose results are to be fused with
// those before.
absl::Status AddRequest(const v1::SearchRequest& request, size_t number,
                        SearchCall* call) {
  if (!request.page_token().empty()) {
    return InvalidError(number, "page_token",
                        "must be empty; the batch has one");
  }
  const absl::StatusOr<SearchCall> parsed = ParseSearchRequest(request);
  if (!parsed.ok()) {
    return InRequest(number, parsed.status());
  }
  if (number == 0) {
    call->generations = parsed->generations;
  }
  if (parsed->generations != call->generations) {
    return InvalidError(number, "collection",
                        "or its generation is not that of the first request");
  }
  search::SearchOptions& page = call->options;
  page.previous_count =
      std::max(page.previous_count, parsed->options.previous_count);
  page.next_count = std::max(page.next_count, parsed->options.next_count);
  page.ranking.explain |= request.explain();
  call->include_utf16 |= request.include_utf16();
  return absl::OkStatus();
}

absl::Status CheckWeights(const v1::BatchSearchRequest& request) {
  if (!request.weights().empty() &&
      request.weights_size() != request.requests_size()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BATCH_INVALID",
                     "weights must have one entry for each request, or none",
                     {{"field", "weights"},
                      {"value", std::to_string(request.weights_size())}});
  }
  for (const double weight : request.weights()) {
    if (!(weight > 0 && weight <= kMostWeight)) {
      return MakeError(
          absl::StatusCode::kInvalidArgument, "BOOST_INVALID",
          "weights must be above 0 and at most 100",
          {{"field", "weights"}, {"value", std::to_string(weight)}});
    }
  }
  return absl::OkStatus();
}

// Returns what a batch asks for besides its queries: a page of what they find.
absl::StatusOr<SearchCall> ParseFused(const v1::BatchSearchRequest& request) {
  SearchCall call;
  FOOTNOTE_RETURN_IF_ERROR(CheckWeights(request));
  for (int i = 0; i < request.requests_size(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(
        AddRequest(request.requests(i), static_cast<size_t>(i), &call));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      call.options.limit,
      ParsePageSize(request.page_size(), search::kDefaultPageSize,
                    search::kMaxPageSize));
  call.request_key = RequestKey(request);
  if (!request.page_token().empty()) {
    FOOTNOTE_RETURN_IF_ERROR(ApplyPageToken(request.page_token(), &call));
  }
  return call;
}

// What a query found: the list, and all else that the search says.
struct Found {
  search::FusedList list;
  search::SearchResult about;
};

absl::StatusOr<Found> Find(const BatchContext& context,
                           const v1::SearchRequest& request,
                           const search::View& view,
                           const search::Deadline& deadline) {
  // Read again, so that its time limit begins now.
  FOOTNOTE_ASSIGN_OR_RETURN(SearchCall call, ParseSearchRequest(request));
  Found found;
  search::SearchOptions& options = found.list.options;
  options = std::move(call.options);
  options.offset = 0;
  options.limit = search::kFusedDepth;
  options.facets.clear();
  options.ranking.explain = false;
  options.memory_bytes = context.search_bytes;
  WorkerPool& pool = context.environment.pool;
  FOOTNOTE_ASSIGN_OR_RETURN(found.about,
                            search::RankPassages(
                                view, options, deadline,
                                [&pool](WorkerPool::Task part) {
                                  return pool.SubmitPart(std::move(part));
                                },
                                &found.list.ranked));
  return found;
}

// Runs the queries of a batch.
// Errors: that of the first request that has one.
absl::StatusOr<std::vector<Found>> FindAll(
    const BatchContext& context, const v1::BatchSearchRequest& request,
    const search::View& view, const search::Deadline& deadline) {
  const auto size = static_cast<size_t>(request.requests_size());
  std::vector<Found> all(size);
  std::vector<absl::Status> statuses(size);
  RunParts(context.environment.pool, size, [&](size_t number) {
    const int index = static_cast<int>(number);
    statuses[number] = CatchExceptions([&]() -> absl::Status {
      if (deadline.Passed()) {
        return search::DeadlineError();
      }
      FOOTNOTE_ASSIGN_OR_RETURN(
          all[number], Find(context, request.requests(index), view, deadline));
      all[number].list.weight =
          request.weights().empty() ? 1 : request.weights(index);
      return absl::OkStatus();
    });
  });
  for (size_t i = 0; i < size; ++i) {
    if (absl::IsDeadlineExceeded(statuses[i])) {
      return statuses[i];
    }
    if (!statuses[i].ok()) {
      return InRequest(i, statuses[i]);
    }
  }
  return all;
}

// Adds a warning, where it is not there yet.
void AddWarning(const v1::Warning& warning, v1::SearchResponse* response) {
  const bool is_there =
      std::any_of(response->warnings().begin(), response->warnings().end(),
                  [&](const v1::Warning& other) {
                    return other.code() == warning.code() &&
                           other.message() == warning.message();
                  });
  if (!is_there) {
    *response->add_warnings() = warning;
  }
}

// Says what a query found, by itself and in the list of all.
void AddQuery(search::SearchResult&& about, size_t results,
              v1::BatchSearchResponse* response) {
  v1::FusedQuery& query = *response->add_fused_queries();
  response->mutable_fused()->add_executed_queries(about.executed_query);
  query.set_executed_query(std::move(about.executed_query));
  if (about.count) {
    Convert(*about.count, query.mutable_count());
  }
  query.set_results(static_cast<int32_t>(results));
  for (search::Warning& warning : about.warnings) {
    Convert(std::move(warning), query.add_warnings());
    AddWarning(*query.warnings().rbegin(), response->mutable_fused());
  }
  if (about.spelling) {
    Convert(*std::move(about.spelling), query.mutable_spelling());
  }
}

}  // namespace

absl::Status AnswerFused(const BatchContext& context,
                         const v1::BatchSearchRequest& request, CallInfo& info,
                         v1::BatchSearchResponse* response) {
  FOOTNOTE_ASSIGN_OR_RETURN(SearchCall call, ParseFused(request));
  call.options.memory_bytes = context.search_bytes;
  FOOTNOTE_ASSIGN_OR_RETURN(const ViewPtr view,
                            GetView(context.catalog, call.generations, info));
  FOOTNOTE_ASSIGN_OR_RETURN(std::vector<Found> all,
                            FindAll(context, request, *view, info.deadline));
  std::vector<search::FusedList> lists;
  for (Found& found : all) {
    AddQuery(std::move(found.about), found.list.ranked.size(), response);
    lists.push_back(std::move(found.list));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      search::FusedPage page,
      search::FuseLists(*view, lists, call.options, info.deadline));
  v1::SearchResponse& fused = *response->mutable_fused();
  PageToken next = AddGenerations(*view, &fused);
  if (page.has_more) {
    next.offset =
        call.options.offset + static_cast<uint32_t>(page.passages.size());
    fused.set_next_page_token(EncodePageToken(next, call.request_key));
  }
  AddPassages(std::move(page.passages), call.include_utf16, &fused);
  AddWarnings(view->generation(), fused.mutable_warnings());
  fused.set_query_id(MakeQueryId());
  info.log_fields["query_id"] = fused.query_id();
  info.log_fields["results"] = fused.passages_size();
  return absl::OkStatus();
}

}  // namespace footnote::service
