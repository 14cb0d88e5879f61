// Health of collections, each under a service name of its own.

#pragma once

#include <map>
#include <string>

#include <grpcpp/health_check_service_interface.h>

#include "server/search/catalog.h"

namespace footnote::service {

// Keeps the health service `collections/<name>` of every collection: SERVING
// while it is served whole, NOT_SERVING while segments of it are damaged, it
// cannot be served, or it is gone. Not thread-safe.
class CollectionHealth {
 public:
  // Both outlive this.
  CollectionHealth(const search::Catalog& catalog,
                   grpc::HealthCheckServiceInterface* health)
      : catalog_(catalog), health_(health) {}

  // Tells health of what has changed.
  void Update();

 private:
  const search::Catalog& catalog_;
  grpc::HealthCheckServiceInterface* const health_;
  std::map<std::string, bool> told_;
};

}  // namespace footnote::service
