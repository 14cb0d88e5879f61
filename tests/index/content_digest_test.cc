#include "indexer/index/content_digest.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace footnote::index {
namespace {

TEST(ContentDigest, OfOneDocumentIsItsDigest) {
  ContentDigest digest;
  EXPECT_EQ(digest.value(), Digest{});
  digest.Add("a", Sha256Of("1"));
  Sha256 sha;
  sha.UpdateField("a");
  sha.UpdateField(ToBytes(Sha256Of("1")));
  EXPECT_EQ(digest.value(), sha.Finish());
}

TEST(ContentDigest, TellsSetsApart) {
  ContentDigest a;
  a.Add("a", Sha256Of("1"));
  ContentDigest other_id;
  other_id.Add("b", Sha256Of("1"));
  ContentDigest other_etag;
  other_etag.Add("a", Sha256Of("2"));
  EXPECT_NE(a.value(), other_id.value());
  EXPECT_NE(a.value(), other_etag.value());
  // Which document has which etag counts.
  ContentDigest two = a;
  two.Add("b", Sha256Of("2"));
  other_id.Add("a", Sha256Of("2"));
  EXPECT_NE(two.value(), other_id.value());
}

// Any history that ends with the same documents ends with the same digest.
TEST(ContentDigest, DoesNotDependOnHistory) {
  std::mt19937 random(1);
  std::vector<std::pair<std::string, Digest>> documents;
  documents.reserve(300);
  for (int i = 0; i < 300; ++i) {
    documents.emplace_back(std::to_string(i), Sha256Of(std::to_string(i % 7)));
  }
  ContentDigest expected;
  for (const auto& [id, etag] : documents) {
    expected.Add(id, etag);
  }
  for (int history = 0; history < 10; ++history) {
    std::shuffle(documents.begin(), documents.end(), random);
    ContentDigest digest(Digest{});
    for (const auto& [id, etag] : documents) {
      digest.Add(id + "!", etag);  // goes again
      digest.Add(id, etag);
    }
    std::shuffle(documents.begin(), documents.end(), random);
    for (const auto& [id, etag] : documents) {
      digest.Remove(id + "!", etag);
    }
    EXPECT_EQ(digest.value(), expected.value());
    for (const auto& [id, etag] : documents) {
      digest.Remove(id, etag);
    }
    EXPECT_EQ(digest.value(), Digest{});
  }
}

}  // namespace
}  // namespace footnote::index
