#include "indexer/index/prepared_document.h"

#include <algorithm>

#include "indexer/base/sha256.h"

namespace footnote::index {

PassageId MakePassageId(std::string_view document_id, const Digest& revision,
                        uint32_t ordinal, std::string_view analyzer_stamp) {
  Sha256 sha;
  sha.UpdateField(document_id);
  sha.UpdateField(ToBytes(revision));
  sha.UpdateField(std::to_string(ordinal));
  sha.UpdateField(analyzer_stamp);
  const Digest digest = sha.Finish();
  PassageId id;
  std::copy_n(digest.begin(), sizeof(id.bytes), id.bytes);
  return id;
}

std::string EncodeEntity(std::string_view type, std::string_view id,
                         std::string_view name) {
  std::string entry(type);
  entry += kEntrySeparator;
  entry += id;
  entry += kEntrySeparator;
  entry += name;
  return entry;
}

}  // namespace footnote::index
