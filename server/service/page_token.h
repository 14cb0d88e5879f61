// Page tokens: where the next page begins, bound to the request that they were
// made for. A token grants nothing.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/message.h>

#include "indexer/base/status.h"
#include "server/service/resource_name.h"

namespace footnote::service {

// Where a page begins.
struct PageToken {
  uint32_t offset = 0;  // of the first result, where results are ranked
  std::string after;    // the last key before the page, where they are not
  // That all pages come from, whatever an alias leads to by then; at most 255,
  // with names of at most 255 bytes. None for pages of no collection.
  std::vector<GenerationName> generations = {};

  bool operator==(const PageToken&) const = default;
};

// Returns what binds a token to `request`: its type and all its fields but
// page_size and page_token.
std::string RequestKey(const google::protobuf::Message& request);

// Returns `token` as an opaque, URL-safe text.
std::string EncodePageToken(const PageToken& token,
                            std::string_view request_key);

// Returns the token of such a text.
// Errors: kInvalidArgument PAGE_TOKEN_INVALID where EncodePageToken() did not
// make it, or made it for another request key.
absl::StatusOr<PageToken> DecodePageToken(std::string_view text,
                                          std::string_view request_key);

}  // namespace footnote::service
