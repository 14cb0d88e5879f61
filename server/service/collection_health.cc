#include "server/service/collection_health.h"

#include <utility>

#include "server/service/resource_name.h"

namespace footnote::service {

void CollectionHealth::Update() {
  std::map<std::string, bool> whole = catalog_.Health();
  for (const auto& [name, was_whole] : told_) {
    whole.emplace(name, false);  // those that are gone
  }
  for (const auto& [name, is_whole] : whole) {
    const auto told = told_.find(name);
    if (told == told_.end() || told->second != is_whole) {
      health_->SetServingStatus(CollectionName(name), is_whole);
    }
  }
  told_ = std::move(whole);
}

}  // namespace footnote::service
