#include "server/service/page_token.h"

#include <string>

#include <gtest/gtest.h>

#include "footnote/v1/document_service.pb.h"
#include "footnote/v1/search_service.pb.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

v1::SearchRequest MakeRequest() {
  v1::SearchRequest request;
  request.set_collection("seeds");
  request.set_query("amazon");
  return request;
}

TEST(PageToken, ComesBackAsItWent) {
  for (const PageToken& token :
       {PageToken{}, PageToken{10, "", {{"", 1}}},
        PageToken{UINT32_MAX, "a/b c\xC3\xA9", {{"b", UINT64_MAX}}},
        PageToken{2, "after", {{"docs-2026", 1}, {"notes", 3}}}}) {
    const auto decoded = DecodePageToken(EncodePageToken(token, "key"), "key");
    ASSERT_THAT(decoded, IsOk());
    EXPECT_EQ(*decoded, token);
  }
}

TEST(PageToken, IsUrlSafe) {
  for (uint32_t offset = 0; offset < 200; ++offset) {
    const std::string text = EncodePageToken({offset, "x", {{"c", 7}}}, "key");
    EXPECT_EQ(text.find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                  "0123456789-_"),
              std::string::npos);
  }
}

TEST(PageToken, RejectsTokenOfAnotherRequest) {
  const std::string text = EncodePageToken({10, "", {{"c", 1}}}, "key");
  EXPECT_THAT(DecodePageToken(text, "another"),
              FailsWith(kInvalid, "PAGE_TOKEN_INVALID"));
}

TEST(PageToken, RejectsEveryChangeOfOneCharacter) {
  const std::string text = EncodePageToken({10, "abcd", {{"c", 1}}}, "key");
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(DecodePageToken(changed, "key"),
                FailsWith(kInvalid, "PAGE_TOKEN_INVALID"))
        << i;
  }
}

TEST(PageToken, RejectsWhatIsNoToken) {
  const std::string text = EncodePageToken({10, "", {{"c", 1}}}, "key");
  for (const std::string& bad :
       {std::string("x"), std::string("not a token!"), text + "=", text + "A",
        text.substr(1), text.substr(0, text.size() - 1),
        std::string(5, '\0')}) {
    EXPECT_THAT(DecodePageToken(bad, "key"),
                FailsWith(kInvalid, "PAGE_TOKEN_INVALID"))
        << bad;
  }
}

TEST(RequestKey, LeavesOutSizeAndTokenOfThePage) {
  v1::SearchRequest other = MakeRequest();
  other.set_page_size(50);
  other.set_page_token("token");
  EXPECT_EQ(RequestKey(MakeRequest()), RequestKey(other));
}

TEST(RequestKey, HoldsEveryOtherField) {
  const std::string key = RequestKey(MakeRequest());
  v1::SearchRequest other = MakeRequest();
  other.set_query("amazons");
  EXPECT_NE(RequestKey(other), key);
  other = MakeRequest();
  other.set_generation(1);
  EXPECT_NE(RequestKey(other), key);
  other = MakeRequest();
  other.add_facets()->set_field("date");
  EXPECT_NE(RequestKey(other), key);
}

TEST(RequestKey, DependsOnTheTypeOfTheRequest) {
  EXPECT_NE(RequestKey(v1::SearchRequest()),
            RequestKey(v1::ListDocumentsRequest()));
}

}  // namespace
}  // namespace footnote::service
