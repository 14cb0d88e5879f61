#include "server/service/resource_name.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(ResourceName, ParsesBothFormsOfACollection) {
  EXPECT_EQ(*ParseCollectionName("seeds", "collection"), "seeds");
  EXPECT_EQ(*ParseCollectionName("collections/seeds", "collection"), "seeds");
}

TEST(ResourceName, RejectsWhatIsNoCollection) {
  for (const std::string& name :
       {std::string(), std::string("collections/"), std::string("Seeds"),
        std::string("collections/seeds/"), std::string("../seeds"),
        std::string(64, 'a'), std::string("se\0eds", 6)}) {
    const auto parsed = ParseCollectionName(name, "collection");
    EXPECT_THAT(parsed, FailsWith(kInvalid, "COLLECTION_NAME_INVALID")) << name;
    EXPECT_EQ(GetErrorDetails(parsed.status()).at("field"), "collection");
  }
}

TEST(ResourceName, NamesAndIdsAreEachOthersInverse) {
  for (const std::string& id :
       {std::string("a.md"), std::string("a/b/c.md"),
        std::string("documents/x"), std::string("caf%C3%A9"),
        std::string("id with spaces"), std::string("/documents/")}) {
    const auto parsed = ParseDocumentName(DocumentName("seeds", id));
    ASSERT_THAT(parsed, IsOk()) << id;
    EXPECT_EQ(parsed->collection, "seeds");
    EXPECT_EQ(parsed->id, id);
  }
  const auto passage = ParsePassageName(PassageName("seeds", "Ab-_9"));
  ASSERT_THAT(passage, IsOk());
  EXPECT_EQ(passage->id, "Ab-_9");
}

TEST(ResourceName, RejectsWhatIsNoDocument) {
  for (const char* name :
       {"", "seeds/a.md", "collections/seeds", "collections/seeds/documents",
        "collections/seeds/documents/", "collections/Seeds/documents/a",
        "collections//documents/a", "collections/seeds/passages/a",
        "/collections/seeds/documents/a"}) {
    EXPECT_THAT(ParseDocumentName(name), FailsWith(kInvalid, "NAME_INVALID"))
        << name;
  }
}

}  // namespace
}  // namespace footnote::service
