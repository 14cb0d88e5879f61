// Changes through IngestService, as clients make and see them.

#include <atomic>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "indexer/index/writer_lock.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

v1::InputDocument Text(const std::string& id, const std::string& text) {
  v1::InputDocument document;
  document.set_document_id(id);
  document.set_text(text);
  return document;
}

v1::InputDocument Source(const std::string& id, const std::string& bytes,
                         const std::string& media_type) {
  v1::InputDocument document;
  document.set_document_id(id);
  document.set_source(bytes);
  document.set_media_type(media_type);
  return document;
}

// Returns what an answer comes to: "ADDED", …, or the reason of its error.
std::string OutcomeOf(const v1::PutDocumentsResponse& answer) {
  if (!answer.has_error()) {
    return v1::PutResult::Effect_Name(answer.result().effect()).substr(7);
  }
  google::rpc::ErrorInfo info;
  for (const auto& detail : answer.error().details()) {
    detail.UnpackTo(&info);
    if (!info.reason().empty()) {
      break;
    }
  }
  return info.reason();
}

class IngestTest : public testing::Test {
 protected:
  // Puts documents and returns what became of each.
  absl::StatusOr<std::vector<std::string>> Put(
      std::vector<v1::InputDocument> documents,
      const std::string& collection = "animals") {
    std::vector<std::string> outcomes;
    size_t next = 0;
    const absl::Status status = server_.client().PutDocuments(
        collection,
        [&]() -> std::optional<v1::InputDocument> {
          return next < documents.size()
                     ? std::optional(std::move(documents[next++]))
                     : std::nullopt;
        },
        [&](const v1::PutDocumentsResponse& answer) {
          EXPECT_EQ(answer.index(), outcomes.size());
          outcomes.push_back(OutcomeOf(answer));
        });
    if (!status.ok()) {
      return status;
    }
    return outcomes;
  }

  absl::StatusOr<v1::PublishResponse> Publish(
      const std::string& collection = "animals") {
    v1::PublishRequest request;
    request.set_collection(collection);
    return server_.client().Publish(request);
  }

  // Returns the ids of the documents that a search finds.
  std::set<std::string> Find(const std::string& query,
                             const std::string& collection = "animals") {
    v1::SearchRequest request;
    request.set_collection(collection);
    request.set_query(query);
    request.set_page_size(100);
    const auto response = server_.client().Search(request);
    EXPECT_THAT(response, IsOk());
    std::set<std::string> ids;
    if (response.ok()) {
      for (const v1::Passage& passage : response->passages()) {
        ids.insert(passage.document().document_id());
      }
    }
    return ids;
  }

  TestServer server_;
};

TEST_F(IngestTest, AddsChangesAndLeavesAlone) {
  ASSERT_THAT(
      *Put({Text("wolf", "The wolf howls."), Text("wolf", "The wolf sleeps."),
            Text("wolf", "The wolf sleeps.")}),
      ElementsAre("ADDED", "CHANGED", "UNCHANGED"));
  ASSERT_THAT(Publish(), IsOk());
  EXPECT_THAT(Find("wolf sleeps"), testing::Contains("wolf"));
  EXPECT_THAT(Find("howls"), IsEmpty());
  EXPECT_THAT(*Put({Text("wolf", "The wolf sleeps.")}),
              ElementsAre("UNCHANGED"));
}

TEST_F(IngestTest, PublishesByItself) {
  ASSERT_THAT(Put({Text("wolf", "The wolf howls.")}), IsOk());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (Find("howls").empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_THAT(Find("howls"), UnorderedElementsAre("wolf"));
}

TEST_F(IngestTest, MakesCollections) {
  ASSERT_THAT(*Put({Text("a", "Zebras graze.")}, "fresh"),
              ElementsAre("ADDED"));
  ASSERT_THAT(Publish("fresh"), IsOk());
  EXPECT_THAT(Find("zebras", "fresh"), UnorderedElementsAre("a"));
}

TEST_F(IngestTest, DeletesBeforeTheFirstGeneration) {
  for (int i = 0; i < 20; ++i) {
    const std::string collection = "fresh" + std::to_string(i);
    ASSERT_THAT(Put({Text("a", "Zebras graze.")}, collection), IsOk());
    v1::DeleteDocumentsRequest request;
    request.set_collection(collection);
    request.add_document_ids("a");
    const auto response = server_.client().DeleteDocuments(request);
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->deleted_count(), 1);
  }
}

TEST_F(IngestTest, OneBadDocumentHarmsNoOther) {
  v1::InputDocument unsupported = Text("x", "text");
  unsupported.set_media_type("application/pdf");
  v1::InputDocument late = Text("x", "text");
  late.mutable_create_time()->set_seconds(int64_t{1} << 60);
  EXPECT_THAT(*Put({Text("good", "The wolf howls."), Text("", "No id."),
                    Text("blank", " \n "), unsupported, late,
                    Source("binary", std::string("\0\1\2\3\0\0", 6), ""),
                    Source("front.md", "---\na: [\n---\ntext", "text/markdown"),
                    Text("last", "The wolf sleeps.")}),
              ElementsAre("ADDED", "DOCUMENT_ID_INVALID", "TEXT_EMPTY",
                          "MEDIA_TYPE_UNSUPPORTED", "FIELD_TYPE",
                          "BINARY_CONTENT", "FRONT_MATTER_SYNTAX", "ADDED"));
  ASSERT_THAT(Publish(), IsOk());
  EXPECT_THAT(Find("wolf"), testing::IsSupersetOf({"good", "last"}));
}

TEST_F(IngestTest, TakesLongDocumentsInPieces) {
  std::string text;
  while (text.size() < (5U << 20)) {
    text += "Größe zählt nicht, sagte das Wiesel " +
            std::to_string(text.size()) + ".\n";
  }
  ASSERT_THAT(*Put({Text("long", text)}), ElementsAre("ADDED"));
  ASSERT_THAT(Publish(), IsOk());
  v1::GetDocumentRequest request;
  request.set_name("collections/animals/documents/long");
  request.set_start_byte(4U << 20);
  const auto response = server_.client().GetDocument(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->size().bytes(), text.size());
  const auto start = response->content().span().start_byte();
  EXPECT_EQ(response->content().text(), text.substr(start));
}

TEST_F(IngestTest, ReadsSourcesAsTheIndexerDoes) {
  ASSERT_THAT(*Put({Source("story.md",
                           "---\ntitle: A story\nsource_type: news\n---\n"
                           "# Wolves\n\nThe wolf howls.\n",
                           "text/markdown")}),
              ElementsAre("ADDED"));
  ASSERT_THAT(Publish(), IsOk());
  v1::GetDocumentRequest request;
  request.set_name("collections/animals/documents/story.md");
  const auto response = server_.client().GetDocument(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->content().text(), "# Wolves\n\nThe wolf howls.\n");
  EXPECT_EQ(response->document().title(), "A story");
  EXPECT_EQ(response->document().source_type(), "news");
}

TEST_F(IngestTest, DeletesByIdAndByFilter) {
  v1::InputDocument news = Text("wolf", "The wolf howls.");
  news.set_source_type("news");
  ASSERT_THAT(Put({news, Text("zebra", "Zebras graze.")}), IsOk());
  ASSERT_THAT(Publish(), IsOk());
  v1::DeleteDocumentsRequest request;
  request.set_collection("animals");
  EXPECT_THAT(server_.client().DeleteDocuments(request),
              FailsWith(absl::StatusCode::kInvalidArgument, "DELETION_EMPTY"));
  request.add_document_ids("zebra");
  request.add_document_ids("nowhere");
  auto* condition = request.mutable_filter()->mutable_condition();
  condition->set_field("source_type");
  condition->set_op(v1::Condition::OPERATOR_EQ);
  condition->mutable_value()->set_string_value("news");
  request.set_validate_only(true);
  const auto checked = server_.client().DeleteDocuments(request);
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->deleted_count(), 2);
  EXPECT_THAT(Find("zebras"), UnorderedElementsAre("zebra"));
  request.set_validate_only(false);
  const auto deleted = server_.client().DeleteDocuments(request);
  ASSERT_THAT(deleted, IsOk());
  EXPECT_EQ(deleted->deleted_count(), 2);
  EXPECT_THAT(deleted->missing_ids(), ElementsAre("nowhere"));
  ASSERT_THAT(Publish(), IsOk());
  EXPECT_THAT(Find("zebras howls"), IsEmpty());
  EXPECT_THAT(Find("fox"), testing::Not(IsEmpty()));
}

TEST_F(IngestTest, UpdatesMetadata) {
  ASSERT_THAT(Put({Text("wolf", "The wolf howls.")}), IsOk());
  v1::UpdateMetadataRequest request;
  request.set_name("collections/animals/documents/wolf");
  request.mutable_document()->set_title("On wolves");
  (*request.mutable_document()->mutable_metadata()->mutable_fields())["legs"]
      .set_number_value(4);
  EXPECT_THAT(
      server_.client().UpdateMetadata(request),
      FailsWith(absl::StatusCode::kInvalidArgument, "FIELD_MASK_INVALID"));
  request.mutable_update_mask()->add_paths("title");
  request.mutable_update_mask()->add_paths("metadata.legs");
  ASSERT_THAT(server_.client().UpdateMetadata(request), IsOk());
  ASSERT_THAT(Publish(), IsOk());
  v1::GetDocumentRequest get;
  get.set_name("collections/animals/documents/wolf");
  const auto document = server_.client().GetDocument(get);
  ASSERT_THAT(document, IsOk());
  EXPECT_EQ(document->document().title(), "On wolves");
  EXPECT_EQ(document->document().metadata().fields().at("legs").number_value(),
            4);
  EXPECT_EQ(document->content().text(), "The wolf howls.");
  request.mutable_update_mask()->add_paths("text");
  EXPECT_THAT(
      server_.client().UpdateMetadata(request),
      FailsWith(absl::StatusCode::kInvalidArgument, "FIELD_MASK_INVALID"));
  request.set_name("collections/animals/documents/nowhere");
  request.mutable_update_mask()->clear_paths();
  request.mutable_update_mask()->add_paths("title");
  EXPECT_THAT(server_.client().UpdateMetadata(request),
              FailsWith(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
}

TEST_F(IngestTest, OtherWritersAreRespected) {
  const auto lock = index::WriterLock::Take(server_.data_dir() + "/animals");
  ASSERT_THAT(lock, IsOk());
  EXPECT_THAT(
      Put({Text("wolf", "The wolf howls.")}),
      FailsWith(absl::StatusCode::kFailedPrecondition, "COLLECTION_LOCKED"));
}

TEST_F(IngestTest, WrongStreamsEnd) {
  EXPECT_THAT(Put({Text("a", "b")}, ""),
              FailsWith(absl::StatusCode::kInvalidArgument, "FIELD_MISSING"));
  EXPECT_THAT(
      Put({Text("a", "b")}, "../etc"),
      FailsWith(absl::StatusCode::kInvalidArgument, "COLLECTION_NAME_INVALID"));
  EXPECT_THAT(Put({}), IsOk());
  EXPECT_THAT(Publish("nowhere"),
              FailsWith(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

TEST(ReadOnlyServer, TakesNoChanges) {
  ServerOptions options;
  options.read_only = true;
  TestServer server(options);
  v1::PublishRequest request;
  request.set_collection("animals");
  EXPECT_THAT(server.client().Publish(request),
              FailsWith(absl::StatusCode::kFailedPrecondition, "READ_ONLY"));
  EXPECT_THAT(server.client().PutDocuments(
                  "animals", [] { return Text("a", "b"); },
                  [](const v1::PutDocumentsResponse&) {}),
              FailsWith(absl::StatusCode::kFailedPrecondition, "READ_ONLY"));
}

// Documents of all streams together have so much memory; one more is refused,
// and taken when there is room again.
TEST(FullServer, RefusesDocumentsClearly) {
  ServerOptions options;
  options.ingest_bytes = 8 << 20;
  const TestServer server(options);
  const auto put = [&](size_t bytes) {
    bool sent = false;
    std::string outcome;
    const absl::Status status = server.client().PutDocuments(
        "animals",
        [&]() -> std::optional<v1::InputDocument> {
          if (std::exchange(sent, true)) {
            return std::nullopt;
          }
          return Text("long", std::string(bytes, 'x') + ".");
        },
        [&](const v1::PutDocumentsResponse& answer) {
          outcome = OutcomeOf(answer);
        });
    EXPECT_THAT(status, IsOk());
    return outcome;
  };
  EXPECT_EQ(put(9 << 20), "INGEST_FULL");
  EXPECT_EQ(put(5 << 20), "ADDED");
  EXPECT_EQ(put(6 << 20), "CHANGED");
}

// Streams and searches beside each other; every answered document is there.
TEST_F(IngestTest, ManyStreamsAtOnce) {
  constexpr int kStreams = 6;
  constexpr int kDocuments = 60;
  std::atomic<int> added = 0;
  std::vector<std::thread> threads;
  threads.reserve(kStreams);
  for (int stream = 0; stream < kStreams; ++stream) {
    threads.emplace_back([&, stream] {
      int next = 0;
      const absl::Status status = server_.client().PutDocuments(
          "animals",
          [&]() -> std::optional<v1::InputDocument> {
            if (next == kDocuments) {
              return std::nullopt;
            }
            return Text(std::to_string(stream) + "-" + std::to_string(next++),
                        "The walrus dives.");
          },
          [&](const v1::PutDocumentsResponse& answer) {
            added += OutcomeOf(answer) == "ADDED" ? 1 : 0;
          });
      EXPECT_THAT(status, IsOk());
    });
  }
  while (added < kStreams * kDocuments / 2) {
    Find("walrus");
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(added, kStreams * kDocuments);
  const auto published = Publish();
  ASSERT_THAT(published, IsOk());
  EXPECT_EQ(published->document_count(), 3 + kStreams * kDocuments);
}

}  // namespace
}  // namespace footnote::service
