#include "client/more_search_commands.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <google/protobuf/util/json_util.h>

#include "client/filter_text.h"
#include "client/print_batch.h"
#include "client/print_like.h"
#include "client/read_input.h"
#include "client/response_json.h"
#include "client/rpc_error.h"
#include "client/search_flags.h"

namespace footnote::client {
namespace {

// Returns a line without the white space around it.
std::string_view Trim(std::string_view line) {
  const auto is_space = [](char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
  };
  while (!line.empty() && is_space(line.front())) {
    line.remove_prefix(1);
  }
  while (!line.empty() && is_space(line.back())) {
    line.remove_suffix(1);
  }
  return line;
}

// Reads the request of a line: its query, or the request as JSON.
absl::Status ReadRequest(std::string_view line, size_t number, bool json,
                         v1::SearchRequest* request) {
  if (line.front() != '{') {
    request->set_query(std::string(line));
    request->set_omit_facets(!json);  // a page of each would be long
    return absl::OkStatus();
  }
  const auto read =
      google::protobuf::util::JsonStringToMessage(std::string(line), request);
  if (read.ok()) {
    return absl::OkStatus();
  }
  const auto message = read.message();
  return MakeError(absl::StatusCode::kInvalidArgument, "JSON_SYNTAX",
                   "line " + std::to_string(number) +
                       " is no footnote.v1.SearchRequest in JSON: " +
                       std::string(message.data(), message.size()));
}

// Gives a request what the command says and it does not.
void SetDefaults(const BatchCommand& command, v1::SearchRequest* request) {
  if (request->collection().empty() && request->collections().empty()) {
    SetCollections(command.collections, request);
    if (request->generation() == 0) {
      request->set_generation(command.generation);
    }
  }
  if (request->page_size() == 0) {
    request->set_page_size(command.limit);
  }
  if (!request->has_filter()) {
    SetFilters(command.filters, request);
  }
  request->set_explain(request->explain() || command.explain);
  request->set_include_utf16(request->include_utf16() || command.include_utf16);
}

absl::StatusOr<v1::BatchSearchRequest> ReadBatch(const BatchCommand& command,
                                                 bool json,
                                                 const std::string& text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";  // byte order mark
  v1::BatchSearchRequest batch;
  size_t start = text.starts_with(kMark) ? kMark.size() : 0;
  for (size_t number = 1; start < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line =
        Trim(std::string_view(text).substr(start, end - start));
    start = end + 1;
    if (line.empty()) {
      continue;
    }
    v1::SearchRequest* request = batch.add_requests();
    FOOTNOTE_RETURN_IF_ERROR(ReadRequest(line, number, json, request));
    SetDefaults(command, request);
  }
  if (command.fused) {
    batch.set_mode(v1::BatchSearchRequest::MODE_FUSED);
    batch.mutable_weights()->Assign(command.weights.begin(),
                                    command.weights.end());
    batch.set_page_size(command.limit);
    batch.set_page_token(command.page_token);
  }
  return batch;
}

// Returns the error of the first query that has one.
absl::Status FirstError(const v1::BatchSearchResponse& response) {
  for (int i = 0; i < response.outcomes_size(); ++i) {
    if (response.outcomes(i).has_error()) {
      const absl::Status error = FromRpcStatus(response.outcomes(i).error());
      const auto message = error.message();
      return MakeError(error.code(), ErrorReason(error),
                       "query " + std::to_string(i + 1) + ": " +
                           std::string(message.data(), message.size()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> RunLike(const Client& client,
                                    const LikeCommand& command, bool json,
                                    const Streams& streams) {
  v1::MoreLikeThisRequest request;
  request.set_collection(command.collection);
  if (command.passage) {
    request.set_passage(*command.passage);
  } else if (command.document) {
    request.mutable_span()->set_document(*command.document);
    request.mutable_span()->set_start_byte(command.start_byte);
    request.mutable_span()->set_end_byte(command.end_byte);
  } else if (!command.file.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(*request.mutable_text(),
                              ReadInput(command.file, streams.in));
  } else {
    request.set_text(command.text);
  }
  request.set_exclude_document(command.exclude_document);
  request.set_page_size(command.limit);
  request.set_page_token(command.page_token);
  request.set_generation(command.generation);
  request.set_previous_passages(command.context_passages);
  request.set_next_passages(command.context_passages);
  request.set_omit_facets(!json);
  SetFilters(command.filters, &request);
  request.set_max_passages_per_document(command.per_document);
  request.set_minimum_relevance(command.minimum_relevance);
  request.set_explain(command.explain);
  request.set_include_utf16(command.include_utf16);
  FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client.MoreLikeThis(request));
  return json ? ToJson(response) : FormatLike(response, streams.terminal);
}

absl::Status RunBatch(const Client& client, const BatchCommand& command,
                      bool json, const Streams& streams) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string text,
                            ReadInput(command.file, streams.in));
  FOOTNOTE_ASSIGN_OR_RETURN(const v1::BatchSearchRequest request,
                            ReadBatch(command, json, text));
  FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client.BatchSearch(request));
  if (json) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::string printed, ToJson(response));
    streams.out << printed;
  } else {
    streams.out << FormatBatch(request, response, streams.terminal);
  }
  return FirstError(response);
}

}  // namespace footnote::client
