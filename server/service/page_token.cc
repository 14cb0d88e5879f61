#include "server/service/page_token.h"

#include <memory>
#include <optional>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "indexer/base/sha256.h"

namespace footnote::service {
namespace {

// A token is, before base64url: a check of kCheckBytes, the offset (4 bytes),
// how many generations there are (1), of each its number (8), the length of the
// collection's name (1) and that name, and `after`; numbers are little-endian.
constexpr size_t kCheckBytes = 12;
constexpr size_t kOffsetBytes = 4;
constexpr size_t kCountBytes = 1;
constexpr size_t kGenerationBytes = 8;
constexpr size_t kLengthBytes = 1;
constexpr size_t kHeadBytes = kCheckBytes + kOffsetBytes + kCountBytes;

void AppendNumber(uint64_t value, size_t bytes, std::string* out) {
  for (size_t i = 0; i < bytes; ++i) {
    out->push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
  }
}

uint64_t ReadNumber(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i > 0; --i) {
    value = (value << 8U) | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

// Reads a body from its start; past its end there are zeros.
class BodyReader {
 public:
  explicit BodyReader(std::string_view body) : rest_(body) {}

  std::string_view Take(size_t bytes) {
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  uint64_t Number(size_t bytes) { return ReadNumber(Take(bytes)); }

 private:
  std::string_view rest_;
};

// Returns what a token with this body, for this request, begins with.
std::string CheckOf(std::string_view body, std::string_view request_key) {
  Sha256 hash;
  hash.UpdateField(body);
  hash.UpdateField(request_key);
  return ToBytes(hash.Finish()).substr(0, kCheckBytes);
}

}  // namespace

std::string RequestKey(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    if (const auto* field = copy->GetDescriptor()->FindFieldByName(name)) {
      copy->GetReflection()->ClearField(copy.get(), field);
    }
  }
  std::string key = copy->GetDescriptor()->full_name();
  key.push_back('\0');
  google::protobuf::io::StringOutputStream stream(&key);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  copy->SerializeToCodedStream(&coded);
  coded.Trim();
  return key;
}

std::string EncodePageToken(const PageToken& token,
                            std::string_view request_key) {
  std::string body;
  AppendNumber(token.offset, kOffsetBytes, &body);
  AppendNumber(token.generations.size(), kCountBytes, &body);
  for (const GenerationName& name : token.generations) {
    AppendNumber(name.generation, kGenerationBytes, &body);
    AppendNumber(name.collection.size(), kLengthBytes, &body);
    body += name.collection;
  }
  body += token.after;
  return ToBase64Url(CheckOf(body, request_key) + body);
}

absl::StatusOr<PageToken> DecodePageToken(std::string_view text,
                                          std::string_view request_key) {
  const std::optional<std::string> bytes = FromBase64Url(text);
  const std::string_view view = bytes ? *bytes : std::string_view();
  if (view.size() < kHeadBytes || ToBase64Url(view) != text ||
      CheckOf(view.substr(kCheckBytes), request_key) !=
          view.substr(0, kCheckBytes)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                     "page_token is not the next_page_token of a response to "
                     "this request",
                     {{"field", "page_token"}});
  }
  BodyReader reader(view.substr(kCheckBytes));
  PageToken token;
  token.offset = static_cast<uint32_t>(reader.Number(kOffsetBytes));
  for (uint64_t left = reader.Number(kCountBytes); left > 0; --left) {
    GenerationName& name = token.generations.emplace_back();
    name.generation = reader.Number(kGenerationBytes);
    name.collection = reader.Take(reader.Number(kLengthBytes));
  }
  token.after = reader.Take(view.size());
  return token;
}

}  // namespace footnote::service
