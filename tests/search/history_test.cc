// Whatever happens to a collection, it is as if it had been built at once from
// what is left.

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/content_digest.h"
#include "indexer/index/generation.h"
#include "indexer/pipeline/collection_writer.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/pipeline/verify.h"
#include "indexer/sources/body.h"
#include "server/search/documents.h"
#include "tests/search/same_results.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using pipeline::CollectionWriter;
using Effect = pipeline::ChangeResult::Effect;

// FOOTNOTE_HISTORY_OPERATIONS sets how many operations a history has.
int OperationCount() {
  const char* given = std::getenv("FOOTNOTE_HISTORY_OPERATIONS");
  return given == nullptr ? 150 : std::atoi(given);
}

pipeline::WriterOptions Options() {
  pipeline::WriterOptions options;
  options.max_pending_bytes = 200 << 10;
  options.retention = {.keep = 3, .batch = 1};
  return options;
}

std::unique_ptr<CollectionWriter> OpenWriter(const std::string& data_dir) {
  auto writer = CollectionWriter::Open(data_dir, "test", Options());
  EXPECT_THAT(writer, IsOk());
  return writer.ok() ? *std::move(writer) : nullptr;
}

// A collection under random operations, and a map that says what it must hold.
class History {
 public:
  explicit History(uint32_t seed) : random_(seed) {
    // The gazetteer comes with a first build; its document goes again.
    grown_.Write("entities.tsv", RandomDocuments::Gazetteer());
    grown_.Write("seed.txt", "Seed.");
    EXPECT_THAT(grown_.Build(), IsOk());
    entities_ = index::ReadManifest(grown_.folder(), 1)->entities;
    std::filesystem::copy(grown_.data_dir(), start_.path(),
                          std::filesystem::copy_options::recursive);
    writer_ = OpenWriter(grown_.data_dir());
    EXPECT_THAT(writer_->Delete("seed.txt"), IsOk());
  }

  // Does one random operation.
  void Step() {
    const size_t choice = random_.Below(100);
    if (choice < 45) {
      Put();
    } else if (choice < 57) {
      Delete();
    } else if (choice < 72) {
      Update();
    } else if (choice < 84) {
      EXPECT_THAT(writer_->Publish(), IsOk());
    } else if (choice < 90) {
      EXPECT_THAT(writer_->MergeOnce(), IsOk());
    } else if (choice < 93) {
      EXPECT_THAT(writer_->RemoveOldGenerations(1 + random_.Below(3)), IsOk());
    } else if (choice < 95) {
      Purge();
    } else {
      EXPECT_THAT(writer_->Sync(), IsOk());
      writer_ = nullptr;
      writer_ = OpenWriter(grown_.data_dir());
    }
  }

  // Publishes and compares with a collection made at once.
  void Check() {
    EXPECT_THAT(writer_->Publish(), IsOk());
    EXPECT_EQ(writer_->pending(), 0U);
    const auto grown = grown_.Open();
    const auto made = MakeAtOnce();
    ASSERT_NE(made, nullptr);
    const index::GenerationInfo& a = grown->info();
    const index::GenerationInfo& b = made->info();
    EXPECT_EQ(a.documents, model_.size());
    EXPECT_EQ(a.documents, b.documents);
    EXPECT_EQ(a.passages, b.passages);
    EXPECT_EQ(a.text_bytes, b.text_bytes);
    EXPECT_EQ(a.total_words, b.total_words);
    EXPECT_EQ(a.languages, b.languages);
    EXPECT_EQ(a.content_sha256, b.content_sha256);
    EXPECT_EQ(a.content_sha256, ContentOfModel());
    ExpectSameDocuments(*grown, *made);
    ExpectSameSearches(*grown, *made);
  }

  // Checks that every file says what it must.
  void Verify() {
    pipeline::VerifyOptions options;
    options.data_dir = grown_.data_dir();
    options.collection = "test";
    options.all = true;
    const auto verified = pipeline::VerifyCollection(options);
    ASSERT_THAT(verified, IsOk());
    EXPECT_EQ(verified->findings.count(), 0U);
  }

  size_t segments() { return grown_.Open()->segments().size(); }

 private:
  std::string Id() {
    return std::to_string(random_.Below(7)) + "/" +
           std::to_string(random_.Below(12));
  }

  sources::SourceDocument Document(const std::string& id) {
    sources::SourceDocument document;
    document.document_id = id;
    document.media_type =
        random_.Below(3) == 0 ? "text/markdown" : "text/plain";
    if (document.media_type == "text/markdown") {
      document.text = random_.Markdown();
    } else {
      nlohmann::json line = nlohmann::json::parse(random_.Line(id));
      document.text = line["text"];
      document.title = line["title"];
      for (const char* key : {"_id", "text", "title"}) {
        line.erase(key);
      }
      document.metadata = line;
    }
    if (random_.Below(5) == 0) {
      document.access_labels = {"staff"};
    }
    EXPECT_THAT(sources::FillFromText(1 << 20, &document), IsOk());
    return document;
  }

  void Put() {
    const std::string id = Id();
    const auto known = model_.find(id);
    const bool again = known != model_.end() && random_.Below(4) == 0;
    const sources::SourceDocument document =
        again ? known->second : Document(id);
    const auto result = writer_->Put(document);
    ASSERT_THAT(result, IsOk());
    if (known == model_.end()) {
      EXPECT_EQ(result->effect, Effect::kAdded);
    } else {
      EXPECT_EQ(result->effect, Etag(known->second) == Etag(document)
                                    ? Effect::kUnchanged
                                    : Effect::kChanged);
    }
    EXPECT_EQ(result->etag, Etag(document));
    model_[id] = document;
  }

  void Delete() {
    const std::string id = Id();
    const auto result = writer_->Delete(id);
    ASSERT_THAT(result, IsOk());
    EXPECT_EQ(result->effect,
              model_.erase(id) == 1 ? Effect::kDeleted : Effect::kNotFound);
  }

  void Update() {
    const std::string id = Id();
    pipeline::MetadataUpdate update;
    if (random_.Below(2) == 0) {
      update.title = random_.Words(random_.Below(4));
    }
    if (random_.Below(2) == 0) {
      update.access_labels = {"board"};
    }
    if (random_.Below(2) == 0) {
      update.source_type = random_.Below(2) == 0 ? "news" : "";
    }
    update.set["date"] = "2026-0" + std::to_string(1 + random_.Below(9));
    if (random_.Below(3) == 0) {
      update.remove = {"source_type"};
    }
    const auto known = model_.find(id);
    const auto result = writer_->UpdateMetadata(id, update);
    if (known == model_.end()) {
      EXPECT_THAT(result,
                  FailsWith(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
      return;
    }
    ASSERT_THAT(result, IsOk());
    EXPECT_THAT(pipeline::ApplyUpdate(update, &known->second), IsOk());
    EXPECT_EQ(result->etag, Etag(known->second));
  }

  void Purge() {
    const std::set<std::string> ids = {Id(), Id()};
    ASSERT_THAT(writer_->Purge(ids), IsOk());
    for (const std::string& id : ids) {
      model_.erase(id);
    }
  }

  Digest Etag(const sources::SourceDocument& document) const {
    return pipeline::EtagOf(document, pipeline::PassageStamp(), entities_);
  }

  Digest ContentOfModel() const {
    index::ContentDigest content;
    for (const auto& [id, document] : model_) {
      content.Add(id, Etag(document));
    }
    return content.value();
  }

  // One segment of all documents of the model.
  std::shared_ptr<const index::Generation> MakeAtOnce() {
    made_ = std::make_unique<TempFolder>();
    std::filesystem::copy(start_.path(), made_->path(),
                          std::filesystem::copy_options::recursive);
    auto writer = CollectionWriter::Open(made_->path(), "test", {});
    EXPECT_THAT(writer, IsOk());
    EXPECT_THAT((*writer)->Delete("seed.txt"), IsOk());
    for (const auto& [id, document] : model_) {
      EXPECT_THAT((*writer)->Put(document), IsOk());
    }
    EXPECT_THAT((*writer)->Publish(), IsOk());
    auto generation = index::Generation::Open(*made_ / "test", 0);
    EXPECT_THAT(generation, IsOk());
    EXPECT_LE((*generation)->segments().size(), 1U);
    return generation.ok() ? *std::move(generation) : nullptr;
  }

  void ExpectSameDocuments(const index::Generation& grown,
                           const index::Generation& made) {
    const auto a = *ListDocuments(View(grown), "", 1000);
    const auto b = *ListDocuments(View(made), "", 1000);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].document_id, b[i].document_id);
      EXPECT_EQ(a[i].etag, b[i].etag);
      EXPECT_EQ(a[i].title, b[i].title);
      EXPECT_EQ(a[i].access_labels, b[i].access_labels);
      EXPECT_EQ(a[i].metadata_json, b[i].metadata_json);
      EXPECT_EQ(a[i].headings.size(), b[i].headings.size());
    }
  }

  void ExpectSameSearches(const index::Generation& grown,
                          const index::Generation& made) {
    for (int i = 0; i < 25; ++i) {
      SearchOptions options;
      options.query = random_.Words(1 + random_.Below(4));
      options.limit = 1 + static_cast<uint32_t>(random_.Below(20));
      options.facets = {{"entity", 5},
                        {"source_type", 10},
                        {"language", 3},
                        {"date", 4, DateInterval::kMonth}};
      SCOPED_TRACE(options.query);
      ExpectSameAnswer(grown, made, options);
    }
  }

  RandomDocuments random_;
  GrowingCollection grown_;
  TempFolder start_;  // the collection after the first build
  std::unique_ptr<TempFolder> made_;
  std::string entities_;  // stamp
  std::unique_ptr<CollectionWriter> writer_;
  std::map<std::string, sources::SourceDocument> model_;
};

class Histories : public testing::TestWithParam<uint32_t> {};

TEST_P(Histories, EndLikeACollectionMadeAtOnce) {
  History history(GetParam());
  const int operations = OperationCount();
  for (int i = 1; i <= operations; ++i) {
    SCOPED_TRACE("operation " + std::to_string(i));
    history.Step();
    if (i % 75 == 0 || i == operations) {
      history.Check();
    }
    ASSERT_FALSE(HasFailure());
  }
  history.Verify();
  EXPECT_LE(history.segments(), 12U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Histories, testing::Values(1, 2));

}  // namespace
}  // namespace footnote::search
