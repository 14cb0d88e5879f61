// Filters, as messages, as JSON and as the command line has them: whatever
// comes is refused with a reason, or is a filter that is in its limits.

#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/stubs/logging.h>

#include "client/filter_text.h"
#include "footnote/v1/filter.pb.h"
#include "server/search/filter.h"
#include "server/service/filter_conversion.h"
#include "tests/fuzz/expect.h"

namespace footnote {
namespace {

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
size_t DepthOf(const search::Filter& filter) {
  size_t depth = 0;
  for (const search::Filter& part : filter.parts) {
    depth = std::max(depth, DepthOf(part));
  }
  return depth + 1;
}

void CheckMessage(const v1::Filter& message) {
  const auto filter = service::ParseFilter(message);
  if (!filter.ok()) {
    FUZZ_EXPECT(ErrorReason(filter.status()).starts_with("FILTER_"));
    return;
  }
  FUZZ_EXPECT(DepthOf(*filter) <= search::kMaxFilterDepth);
  const absl::Status checked = search::CheckFilter(*filter);
  FUZZ_EXPECT(checked.ok() || ErrorReason(checked).starts_with("FILTER_"));
}

void CheckParsed(const absl::StatusOr<v1::Filter>& parsed) {
  if (!parsed.ok()) {
    FUZZ_EXPECT(ErrorReason(parsed.status()) == "FILTER_SYNTAX");
    return;
  }
  CheckMessage(*parsed);
}

}  // namespace
}  // namespace footnote

// Protobuf's own messages on bad UTF-8 would take most of the time.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

// The first byte says which form the others have.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1),
                               size - 1);
  if (data[0] % 3 == 0) {
    footnote::CheckParsed(footnote::client::ParseFilterText(bytes));
  } else if (data[0] % 3 == 1) {
    footnote::CheckParsed(
        footnote::client::ParseFilterJson(std::string(bytes)));
  } else if (footnote::v1::Filter message;
             message.ParseFromString(std::string(bytes))) {
    footnote::CheckMessage(message);
  }
  return 0;
}
