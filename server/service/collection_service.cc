#include "server/service/collection_service.h"

#include <memory>
#include <string>

#include "server/service/conversion.h"
#include "server/service/page_token.h"
#include "server/service/resource_name.h"
#include "server/service/search_request.h"

namespace footnote::service {
namespace {

constexpr uint32_t kDefaultPageSize = 100;
constexpr uint32_t kMaxPageSize = 1000;

absl::StatusOr<v1::ListCollectionsResponse> AnswerListCollections(
    const search::Catalog& catalog, const v1::ListCollectionsRequest& request) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const uint32_t page_size,
      ParsePageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  const std::string key = RequestKey(request);
  PageToken page;
  if (!request.page_token().empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(page, DecodePageToken(request.page_token(), key));
  }
  v1::ListCollectionsResponse response;
  std::string last;
  for (const auto& view : catalog.List()) {
    const std::string& name = view->generation().info().collection;
    if (name <= page.after) {
      continue;
    }
    if (static_cast<uint32_t>(response.collections_size()) == page_size) {
      response.set_next_page_token(EncodePageToken({0, last}, key));
      break;
    }
    Convert(*view, response.add_collections());
    last = name;
  }
  return response;
}

absl::StatusOr<v1::GetCollectionResponse> AnswerGetCollection(
    const search::Catalog& catalog, const v1::GetCollectionRequest& request) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string collection,
                            ParseCollectionName(request.name(), "name"));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::shared_ptr<const search::View> view,
                            catalog.Get(collection, request.generation()));
  v1::GetCollectionResponse response;
  Convert(*view, response.mutable_collection());
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* CollectionService::ListCollections(
    grpc::CallbackServerContext* context,
    const v1::ListCollectionsRequest* request,
    v1::ListCollectionsResponse* response) {
  return RunRpc(environment_, "footnote.v1.CollectionService/ListCollections",
                context, response, [this, request](CallInfo&) {
                  return AnswerListCollections(catalog_, *request);
                });
}

grpc::ServerUnaryReactor* CollectionService::GetCollection(
    grpc::CallbackServerContext* context,
    const v1::GetCollectionRequest* request,
    v1::GetCollectionResponse* response) {
  return RunRpc(environment_, "footnote.v1.CollectionService/GetCollection",
                context, response, [this, request](CallInfo&) {
                  return AnswerGetCollection(catalog_, *request);
                });
}

}  // namespace footnote::service
