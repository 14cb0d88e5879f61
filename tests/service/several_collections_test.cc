// Searches of several collections, through the server.

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/pipeline/collection_folders.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// "animals", "plants", which is "garden" too, and an older generation of
// "plants".
class SeveralCollections : public testing::Test {
 protected:
  SeveralCollections() {
    EXPECT_TRUE(
        pipeline::CopyCollection(server_.data_dir(), "animals", "plants").ok());
    pipeline::BuildOptions build;
    build.data_dir = server_.data_dir();
    build.collection = "plants";
    build.paths = {plants_.path()};
    std::ofstream(plants_ / "glove.txt") << "The foxglove is no fox.\n";
    EXPECT_TRUE(pipeline::BuildCollection(build).ok());
    EXPECT_TRUE(
        pipeline::SetAlias(server_.data_dir(), "garden", "plants").ok());
    server_.Restart();
  }

  static v1::SearchRequest Request(const std::vector<std::string>& names) {
    v1::SearchRequest request;
    request.set_query("fox");
    request.mutable_collections()->Assign(names.begin(), names.end());
    return request;
  }

  static std::vector<std::string> NamesOf(const v1::SearchResponse& response) {
    std::vector<std::string> names;
    for (const v1::Passage& passage : response.passages()) {
      EXPECT_EQ(passage.document().name().substr(0, 15),
                passage.name().substr(0, 15));
      names.push_back(passage.document().name().substr(12));
    }
    return names;
  }

  static std::vector<std::string> GenerationsOf(
      const v1::SearchResponse& response) {
    std::vector<std::string> names;
    for (const v1::GenerationRef& one : response.generations()) {
      names.push_back(one.collection() + "/" +
                      std::to_string(one.generation()));
      EXPECT_EQ(one.manifest_sha256().size(), 32U);
    }
    return names;
  }

  void ExpectRefused(const v1::SearchRequest& request, const char* reason,
                     const char* message) {
    const absl::Status refused = server_.client().Search(request).status();
    EXPECT_THAT(refused, FailsWith(absl::StatusCode::kInvalidArgument, reason));
    EXPECT_THAT(ErrorMessage(refused), HasSubstr(message));
  }

  TestServer server_;
  TempFolder plants_;
};

TEST_F(SeveralCollections, AnswerAsOne) {
  const auto found =
      server_.client().Search(Request({"plants", "collections/animals"}));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->count().documents(), 4U);
  EXPECT_FALSE(found->has_generation());
  EXPECT_THAT(GenerationsOf(*found),
              ElementsAre("collections/animals/1", "collections/plants/2"));
  EXPECT_THAT(NamesOf(*found),
              testing::UnorderedElementsAre("animals/documents/fox.md",
                                            "animals/documents/dog.md",
                                            "animals/documents/bird/owl.txt",
                                            "plants/documents/glove.txt"));
}

TEST_F(SeveralCollections, ArePagedThroughInTheirGenerations) {
  v1::SearchRequest request =
      Request({"animals", "collections/plants/generations/1"});
  const auto all = server_.client().Search(request);
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->passages_size(), 6);
  std::vector<std::string> paged;
  request.set_page_size(2);
  do {
    const auto page = server_.client().Search(request);
    ASSERT_THAT(page, IsOk());
    for (const std::string& name : NamesOf(*page)) {
      paged.push_back(name);
    }
    request.set_page_token(page->next_page_token());
    server_.Publish({{"new.txt", "Another fox, and a fox.\n"}});
    server_.Restart();
  } while (!request.page_token().empty());
  EXPECT_EQ(paged, NamesOf(*all));
}

TEST_F(SeveralCollections, CountWhatIsNamedTwiceOnce) {
  const auto found = server_.client().Search(Request({"plants", "garden"}));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->passages_size(), 1);
  EXPECT_EQ(found->generation().collection(), "collections/plants");
  EXPECT_EQ(found->generations_size(), 0);
}

TEST_F(SeveralCollections, AnswerAgainFromTheCache) {
  const v1::SearchRequest request = Request({"plants", "animals"});
  std::vector<std::string> answers;
  for (int i = 0; i < 3; ++i) {
    auto found = server_.client().Search(request);
    ASSERT_THAT(found, IsOk());
    found->clear_query_id();
    answers.push_back(found->SerializeAsString());
  }
  EXPECT_EQ(answers[0], answers[1]);
  EXPECT_EQ(answers[0], answers[2]);
  bool was_kept = false;
  for (const nlohmann::json& line : server_.log()) {
    was_kept |= line.value("cached", false);
  }
  EXPECT_TRUE(was_kept);
}

TEST_F(SeveralCollections, MayNotBeNamedAnyhow) {
  v1::SearchRequest both = Request({"plants"});
  both.set_collection("animals");
  ExpectRefused(both, "COLLECTIONS_INVALID", "both");
  v1::SearchRequest generation = Request({"plants", "animals"});
  generation.set_generation(1);
  ExpectRefused(generation, "COLLECTIONS_INVALID", "/generations/");
  ExpectRefused(Request(std::vector<std::string>(17, "plants")),
                "COLLECTIONS_INVALID", "16");
  ExpectRefused(Request({"plants", "garden/generations/1"}),
                "COLLECTIONS_INVALID", "two generations");
  ExpectRefused(Request({"animals", "plants/generations/0"}),
                "COLLECTION_NAME_INVALID", "/generations/");
  ExpectRefused(Request({"animals", "plants/generations/1x"}),
                "COLLECTION_NAME_INVALID", "/generations/");
  ExpectRefused(Request({"animals", ""}), "COLLECTION_NAME_INVALID",
                "collections");
  EXPECT_THAT(server_.client().Search(Request({"animals", "rocks"})),
              FailsWith(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_THAT(
      server_.client().Search(Request({"animals", "plants/generations/9"})),
      FailsWith(absl::StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote::service
