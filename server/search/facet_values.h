// The entries of a segment's dictionaries of facets, taken apart.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"

namespace footnote::search {

// An entity of a segment.
struct EntityValue {
  std::string_view type;
  std::string_view id;
  std::string_view name;

  // "TYPE/id", as facets, filters and terms have it.
  std::string Key() const {
    std::string key(type);
    key += '/';
    key += id;
    return key;
  }
};

// Returns the parts of an entity; empty where the entry is damaged.
inline EntityValue EntityValueOf(const index::Segment& segment,
                                 uint32_t entity) {
  const std::string_view entry = segment.entity(entity);
  const size_t type_end = entry.find(index::kEntrySeparator);
  if (type_end == std::string_view::npos) {
    return {};
  }
  const size_t id_end = entry.find(index::kEntrySeparator, type_end + 1);
  if (id_end == std::string_view::npos) {
    return {};
  }
  return {entry.substr(0, type_end),
          entry.substr(type_end + 1, id_end - type_end - 1),
          entry.substr(id_end + 1)};
}

// Returns the value of a document field, by ordinal.
inline std::string_view FacetValueOf(const index::Segment& segment,
                                     uint32_t ordinal) {
  const std::string_view entry = segment.facet_value(ordinal);
  const size_t at = entry.find(index::kEntrySeparator);
  return at == std::string_view::npos ? std::string_view()
                                      : entry.substr(at + 1);
}

}  // namespace footnote::search
