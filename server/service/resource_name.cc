#include "server/service/resource_name.h"

#include <algorithm>
#include <charconv>

#include "indexer/index/generation.h"

namespace footnote::service {
namespace {

constexpr std::string_view kCollections = "collections/";
constexpr std::string_view kDocuments = "/documents/";
constexpr std::string_view kPassages = "/passages/";
constexpr std::string_view kGenerations = "/generations/";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::string ChildNameOf(std::string_view collection, std::string_view kind,
                        std::string_view id) {
  std::string name(kCollections);
  name.reserve(name.size() + collection.size() + kind.size() + id.size());
  name += collection;
  name += kind;
  name += id;
  return name;
}

absl::StatusOr<ChildName> ParseChildName(std::string_view name,
                                         std::string_view kind,
                                         const std::string& form) {
  if (StartsWith(name, kCollections)) {
    const std::string_view rest = name.substr(kCollections.size());
    const size_t slash = rest.find('/');
    if (slash != std::string_view::npos &&
        StartsWith(rest.substr(slash), kind) &&
        rest.size() > slash + kind.size() &&
        index::IsCollectionName(rest.substr(0, slash))) {
      return ChildName{std::string(rest.substr(0, slash)),
                       std::string(rest.substr(slash + kind.size()))};
    }
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "NAME_INVALID",
                   "name must have the form " + form,
                   {{"field", "name"}, {"value", std::string(name)}});
}

}  // namespace

absl::StatusOr<std::string> ParseCollectionName(std::string_view name,
                                                const std::string& field) {
  std::string_view id = name;
  if (StartsWith(id, kCollections)) {
    id.remove_prefix(kCollections.size());
  }
  if (!index::IsCollectionName(id)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "COLLECTION_NAME_INVALID",
        field +
            " must have the form collections/{collection}, with 1 to 63 of "
            "a-z, 0-9, _ and -, beginning with a letter or digit",
        {{"field", field}, {"value", std::string(name)}});
  }
  return std::string(id);
}

absl::StatusOr<GenerationName> ParseGenerationName(std::string_view name,
                                                   const std::string& field) {
  GenerationName parsed;
  const size_t end = std::min(name.find(kGenerations), name.size());
  FOOTNOTE_ASSIGN_OR_RETURN(parsed.collection,
                            ParseCollectionName(name.substr(0, end), field));
  if (end == name.size()) {
    return parsed;
  }
  const std::string_view number = name.substr(end + kGenerations.size());
  const auto [stop, error] =
      std::from_chars(number.begin(), number.end(), parsed.generation);
  if (error != std::errc() || stop != number.end() || parsed.generation == 0) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "COLLECTION_NAME_INVALID",
                     field +
                         " must end with /generations/ and a number from 1, "
                         "or with the collection",
                     {{"field", field}, {"value", std::string(name)}});
  }
  return parsed;
}

absl::StatusOr<ChildName> ParseDocumentName(std::string_view name) {
  return ParseChildName(name, kDocuments,
                        "collections/{collection}/documents/{document_id}");
}

absl::StatusOr<ChildName> ParsePassageName(std::string_view name) {
  return ParseChildName(name, kPassages,
                        "collections/{collection}/passages/{passage_id}");
}

absl::StatusOr<std::string> ParseNameOrId(
    const std::string& name, const CollectionNames& collection,
    const std::string& field,
    absl::StatusOr<ChildName> (*parse)(std::string_view)) {
  if (!name.starts_with("collections/")) {
    return name;
  }
  const absl::StatusOr<ChildName> parsed = parse(name);
  const bool is_there =
      parsed.ok() && (parsed->collection == collection.given ||
                      parsed->collection == collection.own);
  if (!is_there) {
    return MakeError(absl::StatusCode::kInvalidArgument, "NAME_INVALID",
                     field + " is neither an id nor a name in " +
                         CollectionName(collection.given),
                     {{"field", field}, {"value", name}});
  }
  return parsed->id;
}

std::string CollectionName(std::string_view collection) {
  return std::string(kCollections) + std::string(collection);
}

std::string DocumentName(std::string_view collection,
                         std::string_view document_id) {
  return ChildNameOf(collection, kDocuments, document_id);
}

std::string PassageName(std::string_view collection,
                        std::string_view passage_id) {
  return ChildNameOf(collection, kPassages, passage_id);
}

}  // namespace footnote::service
