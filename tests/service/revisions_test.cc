// Citations of older revisions, over the wire.

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "indexer/index/manifest.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;

constexpr char kText[] = "# Foxes\n\nThe red fox runs. It hunts at night.\n";

v1::GetSpanRequest Cite() {
  v1::GetSpanRequest request;
  request.set_name("collections/animals/documents/fox.md");
  request.set_start_byte(9);
  request.set_end_byte(26);
  request.set_document_revision(ToHex(Sha256Of(kText)));
  return request;
}

// Waits until a generation is the current one.
void Await(const TestServer& server, uint64_t generation) {
  v1::GetCollectionRequest request;
  request.set_name("collections/animals");
  for (int tries = 0; tries < 1000; ++tries) {
    const auto response = server.client().GetCollection(request);
    if (response.ok() &&
        response->collection().generation().generation() == generation) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << "generation " << generation << " is not served";
}

TEST(Revisions, AnswerAndSayWhatBecameOfThem) {
  TestServer server;
  const auto current = server.client().GetSpan(Cite());
  ASSERT_THAT(current, IsOk());
  EXPECT_EQ(current->content().text(), "The red fox runs.");
  EXPECT_FALSE(current->has_superseded());

  const std::string changed = "Moved. The red fox runs.\n";
  server.Publish({{"fox.md", changed}});
  Await(server, 2);
  const auto older = server.client().GetSpan(Cite());
  ASSERT_THAT(older, IsOk());
  EXPECT_EQ(older->content().text(), "The red fox runs.");
  EXPECT_EQ(older->generation().generation(), 1U);
  EXPECT_EQ(older->document().revision(), Cite().document_revision());
  EXPECT_EQ(older->superseded().current_generation(), 2U);
  EXPECT_EQ(older->superseded().current_revision(), ToHex(Sha256Of(changed)));
  EXPECT_FALSE(older->superseded().document_gone());
  ASSERT_EQ(older->moved_to_size(), 1);
  EXPECT_EQ(older->moved_to(0).start_byte(), 7U);
  EXPECT_EQ(older->moved_to(0).end_char(), 24U);

  std::filesystem::remove(
      index::ManifestPath(server.data_dir() + "/animals", 1));
  server.Restart();
  EXPECT_THAT(server.client().GetSpan(Cite()),
              FailsWith(StatusCode::kFailedPrecondition, "REVISION_GONE"));
  v1::GetSpanRequest digested = Cite();
  digested.set_text_sha256(ToBytes(Sha256Of("The red fox runs.")));
  v1::GetSpanRequest quoted = Cite();
  quoted.set_quote("The red fox runs.");
  for (const v1::GetSpanRequest& request : {digested, quoted}) {
    const auto moved = server.client().GetSpan(request);
    ASSERT_THAT(moved, IsOk());
    EXPECT_EQ(moved->content().text(), "The red fox runs.");
    EXPECT_EQ(moved->content().span().start_byte(), 7U);
    EXPECT_EQ(moved->generation().generation(), 2U);
    EXPECT_TRUE(moved->has_superseded());
    EXPECT_EQ(moved->moved_to_size(), 1);
  }
}

TEST(Revisions, MustBeWellFormed) {
  TestServer server;
  for (const char* revision : {"1", "xyz", "-1"}) {
    v1::GetSpanRequest request = Cite();
    request.set_document_revision(revision);
    EXPECT_THAT(server.client().GetSpan(request),
                FailsWith(StatusCode::kInvalidArgument, "REVISION_INVALID"));
    request.set_document_revision(std::string(62, '0') + revision);
    EXPECT_FALSE(server.client().GetSpan(request).ok());
  }
  v1::GetSpanRequest request = Cite();
  request.set_text_sha256("short");
  EXPECT_THAT(server.client().GetSpan(request),
              FailsWith(StatusCode::kInvalidArgument, "TEXT_SHA256_INVALID"));
  request = Cite();
  request.set_quote(std::string((64 << 10) + 1, 'a'));
  EXPECT_THAT(server.client().GetSpan(request),
              FailsWith(StatusCode::kInvalidArgument, "QUOTE_TOO_LONG"));
}

}  // namespace
}  // namespace footnote::service
