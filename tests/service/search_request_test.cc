#include "server/service/search_request.h"

#include <string>

#include <gtest/gtest.h>

#include "server/service/page_token.h"
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

TEST(SearchRequest, HasDefaults) {
  const auto call = ParseSearchRequest(MakeRequest());
  ASSERT_THAT(call, IsOk());
  EXPECT_THAT(call->generations,
              testing::ElementsAre(GenerationName{"seeds", 0}));
  EXPECT_EQ(call->options.query, "amazon");
  EXPECT_EQ(call->options.offset, 0U);
  EXPECT_EQ(call->options.limit, 10U);
  EXPECT_TRUE(call->options.count);
  ASSERT_EQ(call->options.facets.size(), 5U);
  EXPECT_EQ(call->options.facets[1].field, "entity");
  EXPECT_EQ(call->options.facets[1].limit, 10U);
  EXPECT_FALSE(call->options.facets[1].without_own_filter);
}

TEST(SearchRequest, LowersSizesThatAreTooLarge) {
  v1::SearchRequest request = MakeRequest();
  request.set_page_size(1000000);
  request.add_facets()->set_field("date");
  request.mutable_facets(0)->set_limit(INT32_MAX);
  const auto call = ParseSearchRequest(request);
  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(call->options.limit, 100U);
  ASSERT_EQ(call->options.facets.size(), 1U);
  EXPECT_EQ(call->options.facets[0].limit, 1000U);
}

TEST(SearchRequest, LeavesOutWhatIsNotWanted) {
  v1::SearchRequest request = MakeRequest();
  request.set_omit_counts(true);
  request.set_omit_facets(true);
  const auto call = ParseSearchRequest(request);
  ASSERT_THAT(call, IsOk());
  EXPECT_FALSE(call->options.count);
  EXPECT_TRUE(call->options.facets.empty());
}

struct BadCase {
  const char* name;
  void (*change)(v1::SearchRequest* request);
  const char* reason;
  const char* field;
};

class BadSearchRequestTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadSearchRequestTest, IsRefused) {
  v1::SearchRequest request = MakeRequest();
  GetParam().change(&request);
  const auto call = ParseSearchRequest(request);
  EXPECT_THAT(call, FailsWith(kInvalid, GetParam().reason));
  EXPECT_EQ(GetErrorDetails(call.status())["field"], GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSearchRequestTest,
    testing::Values(
        BadCase{"NoCollection", [](auto* r) { r->clear_collection(); },
                "COLLECTION_NAME_INVALID", "collection"},
        BadCase{"NegativePageSize", [](auto* r) { r->set_page_size(-1); },
                "PAGE_SIZE_INVALID", "page_size"},
        BadCase{"Token", [](auto* r) { r->set_page_token("x"); },
                "PAGE_TOKEN_INVALID", "page_token"},
        BadCase{"Previous", [](auto* r) { r->set_previous_passages(11); },
                "NEIGHBOURS_INVALID", "previous_passages"},
        BadCase{"Next", [](auto* r) { r->set_next_passages(-1); },
                "NEIGHBOURS_INVALID", "next_passages"},
        BadCase{"FacetLimit", [](auto* r) { r->add_facets()->set_limit(-1); },
                "FACET_LIMIT_INVALID", "facets.limit"},
        BadCase{"DateInterval",
                [](auto* r) {
                  r->add_facets()->set_date_interval(
                      static_cast<v1::FacetSpec::DateInterval>(99));
                },
                "ENUM_VALUE_UNKNOWN", "facets.date_interval"},
        BadCase{"ManyFacets",
                [](auto* r) {
                  for (int i = 0; i < 21; ++i) {
                    r->add_facets()->set_field("date");
                  }
                },
                "FACETS_TOO_MANY", "facets"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(SearchRequest, TokenSetsGenerationAndOffset) {
  v1::SearchRequest request = MakeRequest();
  request.set_page_token(
      EncodePageToken({30, "", {{"docs", 7}}}, RequestKey(request)));
  request.set_page_size(25);
  const auto call = ParseSearchRequest(request);
  ASSERT_THAT(call, IsOk());
  EXPECT_THAT(call->generations,
              testing::ElementsAre(GenerationName{"docs", 7}));
  EXPECT_EQ(call->options.offset, 30U);
  EXPECT_EQ(call->options.limit, 25U);
}

TEST(SearchRequest, LastPageThatCanBeReachedIsShorter) {
  v1::SearchRequest request = MakeRequest();
  request.set_page_token(
      EncodePageToken({9995, "", {{"docs", 7}}}, RequestKey(request)));
  const auto call = ParseSearchRequest(request);
  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(call->options.limit, 5U);
}

}  // namespace
}  // namespace footnote::service
