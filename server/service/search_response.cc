#include "server/service/search_response.h"

#include <string>
#include <utility>

#include "server/service/conversion.h"
#include "server/service/request_view.h"

namespace footnote::service {

PageToken AddGenerations(const search::View& view,
                         v1::SearchResponse* response) {
  PageToken next;
  const std::vector<const search::View*> parts = PartsOf(view);
  for (const search::View* part : parts) {
    const index::GenerationInfo& info = part->generation().info();
    next.generations.push_back({info.collection, info.number});
    Convert(info, parts.size() == 1 ? response->mutable_generation()
                                    : response->add_generations());
  }
  return next;
}

void AddPassages(std::vector<search::Passage> passages, bool include_utf16,
                 v1::SearchResponse* response) {
  for (search::Passage& passage : passages) {
    const std::string collection = std::move(passage.collection);
    Convert(std::move(passage), {collection, include_utf16},
            response->add_passages());
  }
}

}  // namespace footnote::service
