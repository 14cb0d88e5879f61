#include "server/service/request_view.h"

namespace footnote::service {

absl::StatusOr<ViewPtr> GetView(const search::Catalog& catalog,
                                const std::string& collection, uint64_t number,
                                CallInfo& info) {
  info.log_fields["collection"] = collection;
  FOOTNOTE_ASSIGN_OR_RETURN(ViewPtr view, catalog.Get(collection, number));
  info.log_fields["index_generation"] = view->generation().info().number;
  return view;
}

}  // namespace footnote::service
