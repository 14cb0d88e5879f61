#include "server/service/request_view.h"

#include <map>
#include <utility>

namespace footnote::service {

absl::StatusOr<ViewPtr> GetView(const search::Catalog& catalog,
                                const std::string& collection, uint64_t number,
                                CallInfo& info) {
  info.log_fields["collection"] = collection;
  FOOTNOTE_ASSIGN_OR_RETURN(ViewPtr view, catalog.Get(collection, number));
  info.log_fields["index_generation"] = view->generation().info().number;
  return view;
}

namespace {

// Returns `error` so that it says which of several collections has it.
absl::Status OfCollection(const std::string& collection,
                          const absl::Status& error) {
  ErrorDetails details = GetErrorDetails(error);
  details["collection"] = collection;
  const std::string message(error.message().data(), error.message().size());
  return MakeError(error.code(), ErrorReason(error),
                   CollectionName(collection) + ": " + message, details);
}

}  // namespace

absl::StatusOr<ViewPtr> GetView(const search::Catalog& catalog,
                                const std::vector<GenerationName>& generations,
                                CallInfo& info) {
  if (generations.size() == 1) {
    return GetView(catalog, generations.front().collection,
                   generations.front().generation, info);
  }
  std::map<std::string, ViewPtr> views;  // by collection
  for (const GenerationName& name : generations) {
    const absl::StatusOr<ViewPtr> got =
        catalog.Get(name.collection, name.generation);
    if (!got.ok()) {
      return OfCollection(name.collection, got.status());
    }
    const ViewPtr& view = *got;
    const index::GenerationInfo& seen = view->generation().info();
    const auto [at, is_new] = views.emplace(seen.collection, view);
    if (!is_new && at->second->generation().info().number != seen.number) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "COLLECTIONS_INVALID",
                       "collections has two generations of " +
                           CollectionName(seen.collection),
                       {{"field", "collections"}, {"value", name.collection}});
    }
  }
  std::vector<ViewPtr> parts;
  nlohmann::json names = nlohmann::json::array();
  nlohmann::json numbers = nlohmann::json::array();
  for (const auto& [collection, view] : views) {
    parts.push_back(view);
    names.push_back(collection);
    numbers.push_back(view->generation().info().number);
  }
  info.log_fields["collection"] = std::move(names);
  info.log_fields["index_generation"] = std::move(numbers);
  return parts.size() == 1 ? parts.front()
                           : std::make_shared<const search::View>(parts);
}

std::vector<const search::View*> PartsOf(const search::View& view) {
  std::vector<const search::View*> parts;
  for (const ViewPtr& part : view.parts()) {
    parts.push_back(part.get());
  }
  if (parts.empty()) {
    parts.push_back(&view);
  }
  return parts;
}

}  // namespace footnote::service
