// Collapsed duplicates, diversity and drill-down facets, over the wire.

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// A story in the words of the agency, copied, edited, and another one.
const std::map<std::string, std::string> kNews = {
    {"agency.md",
     "# Merger\n\nThe two banks said on Monday that they would merge by the "
     "end of the year, if the regulators of both countries agree to it.\n"},
    {"copy.md",
     "# Merger\n\nThe two banks said on Monday  that they would merge by the "
     "end of the year - if the regulators of both countries agree to it!\n"},
    {"edited.md",
     "# Merger\n\nThe two banks said on Monday that they would merge by the "
     "end of the year, if the regulators of both countries agree to it all.\n"},
    {"other.md", "# Rates\n\nBanks raised their rates. They said so Monday.\n"},
};

class SpreadTest : public testing::Test {
 protected:
  SpreadTest() { server_.Publish(kNews); }

  v1::SearchResponse Search(const v1::SearchRequest& request) {
    const auto response = server_.client().Search(request);
    EXPECT_THAT(response, IsOk());
    return response.value_or(v1::SearchResponse());
  }

  v1::SearchRequest Banks() {
    v1::SearchRequest request;
    request.set_collection("animals");
    request.set_query("banks said Monday merge");
    request.set_generation(2);
    return request;
  }

  TestServer server_;
};

std::vector<std::string> DocumentsOf(const v1::SearchResponse& response) {
  std::vector<std::string> ids;
  for (const v1::Passage& passage : response.passages()) {
    ids.push_back(passage.document().document_id());
  }
  return ids;
}

TEST_F(SpreadTest, NearDuplicatesAreKeptAsCorroboration) {
  v1::SearchRequest request = Banks();
  const v1::SearchResponse all = Search(request);
  EXPECT_EQ(all.passages_size(), 4);
  EXPECT_FALSE(all.has_hidden());
  request.set_collapse(v1::COLLAPSE_NEAR);
  const v1::SearchResponse response = Search(request);
  ASSERT_EQ(response.passages_size(), 2);
  EXPECT_EQ(response.count().passages(), 4U);
  const v1::Passage& story = response.passages(0);
  EXPECT_EQ(story.passage_id(), all.passages(0).passage_id());
  EXPECT_EQ(story.score(), all.passages(0).score());
  ASSERT_EQ(story.duplicates_size(), 2);
  EXPECT_EQ(story.duplicate_count(), 2);
  std::set<std::string> documents = {story.document().document_id()};
  for (const v1::Duplicate& duplicate : story.duplicates()) {
    documents.insert(duplicate.document_id());
    EXPECT_EQ(duplicate.title(), "Merger");
    EXPECT_EQ(duplicate.uri(), "footnote:" + duplicate.document_id());
    EXPECT_GE(duplicate.resemblance(), 0.8);
    v1::GetPassageRequest get;
    get.set_generation(2);
    EXPECT_EQ(duplicate.name(),
              "collections/animals/passages/" + duplicate.passage_id());
    get.set_name(duplicate.name());
    EXPECT_THAT(server_.client().GetPassage(get), IsOk());
  }
  EXPECT_THAT(documents,
              UnorderedElementsAre("agency.md", "copy.md", "edited.md"));
  EXPECT_EQ(response.passages(1).rank(), 2);
  EXPECT_EQ(response.hidden().looked_at(), 4);
  EXPECT_EQ(response.hidden().duplicates(), 2);
  EXPECT_EQ(response.hidden().beyond_document(), 0);
}

TEST_F(SpreadTest, ExactDuplicatesAreTheSameWords) {
  v1::SearchRequest request = Banks();
  request.set_collapse(v1::COLLAPSE_EXACT);
  const v1::SearchResponse response = Search(request);
  EXPECT_EQ(response.passages_size(), 3);
  EXPECT_EQ(response.hidden().duplicates(), 1);
}

TEST_F(SpreadTest, PinnedResultsAreNotHidden) {
  v1::SearchRequest request = Banks();
  request.set_collapse(v1::COLLAPSE_NEAR);
  request.add_pinned()->set_document_id("copy.md");
  request.add_pinned()->set_document_id("agency.md");
  const v1::SearchResponse response = Search(request);
  EXPECT_THAT(DocumentsOf(response),
              ElementsAre("copy.md", "agency.md", "other.md"));
  // What is pinned hides what repeats it.
  EXPECT_EQ(response.passages(0).duplicate_count() +
                response.passages(1).duplicate_count(),
            1);
  EXPECT_EQ(response.hidden().looked_at(), 2);
}

TEST_F(SpreadTest, PagesAreTheSame) {
  v1::SearchRequest request = Banks();
  request.set_collapse(v1::COLLAPSE_NEAR);
  request.set_diversity(0.5);
  const v1::SearchResponse whole = Search(request);
  request.set_page_size(1);
  std::vector<std::string> ids;
  do {
    const v1::SearchResponse page = Search(request);
    ASSERT_EQ(page.passages_size(), 1);
    EXPECT_EQ(page.hidden().duplicates(), 2);
    ids.push_back(page.passages(0).document().document_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(ids, DocumentsOf(whole));
}

TEST_F(SpreadTest, DiversityPutsTheOtherStorySecond) {
  v1::SearchRequest request = Banks();
  EXPECT_EQ(DocumentsOf(Search(request)).back(), "other.md");
  request.set_diversity(0.7);
  const v1::SearchResponse response = Search(request);
  EXPECT_EQ(DocumentsOf(response)[1], "other.md");
  EXPECT_LT(response.passages(1).score(), response.passages(2).score());
  EXPECT_EQ(response.passages(1).rank(), 2);
}

TEST_F(SpreadTest, DrillDownFacetsShowTheOtherValues) {
  v1::SearchRequest request = Banks();
  request.set_query("fox");
  v1::Condition* condition = request.mutable_filter()->mutable_condition();
  condition->set_field("source_type");
  condition->set_op(v1::Condition::OPERATOR_EQ);
  condition->mutable_value()->set_string_value("news");
  v1::FacetSpec* facet = request.add_facets();
  facet->set_field("source_type");
  EXPECT_EQ(Search(request).facets(0).values_size(), 0);
  facet->set_without_own_filter(true);
  const v1::SearchResponse response = Search(request);
  EXPECT_EQ(response.count().passages(), 0U);
  ASSERT_EQ(response.facets(0).values_size(), 1);
  EXPECT_EQ(response.facets(0).values(0).count().passages(), 3U);
}

TEST_F(SpreadTest, BadValuesHaveReasons) {
  v1::SearchRequest request = Banks();
  request.set_diversity(1.5);
  EXPECT_THAT(server_.client().Search(request),
              FailsWith(kInvalid, "DIVERSITY_INVALID"));
  request.set_diversity(0.5);
  request.set_order_by("date");
  EXPECT_THAT(server_.client().Search(request),
              FailsWith(kInvalid, "ORDER_BY_INVALID"));
  request.set_diversity(0);
  request.set_collapse(static_cast<v1::Collapse>(9));
  EXPECT_THAT(server_.client().Search(request),
              FailsWith(kInvalid, "ENUM_VALUE_UNKNOWN"));
}

}  // namespace
}  // namespace footnote::service
