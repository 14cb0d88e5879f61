#include "indexer/pipeline/purge.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/base/file.h"
#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/collection_writer.h"
#include "indexer/pipeline/verify.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Five generations of which some have the document "secret", in versions.
class PurgeTest : public testing::Test {
 protected:
  void SetUp() override {
    Open();
    Put("a", "alpha words");
    Put("secret", "xylophone quasar");  // words that stand nowhere else
    Put("z", "zeta words");
    Publish();
    Put("a", "alpha again");
    Publish();
    Put("secret", "xylophone nebula");
    Put("b", "beta");
    Publish();
    ASSERT_THAT(writer_->Delete("secret"), IsOk());
    Publish();
    Put("secret", "xylophone pulsar");
    Publish();
    Put("secret", "xylophone in the log");
    ASSERT_THAT(writer_->Sync(), IsOk());
  }

  void Open() {
    writer_ = nullptr;
    auto writer = CollectionWriter::Open(folder_.path(), "test", {});
    ASSERT_THAT(writer, IsOk());
    writer_ = *std::move(writer);
  }
  void Put(const std::string& id, const std::string& text) {
    sources::SourceDocument document;
    document.document_id = id;
    document.text = text;
    document.source_type = "FILE";
    document.language = "en";
    ASSERT_THAT(writer_->Put(std::move(document)), IsOk());
  }
  void Publish() { ASSERT_THAT(writer_->Publish(), IsOk()); }
  std::string Folder() const { return folder_ / "test"; }

  std::vector<std::string> Documents(uint64_t number) const {
    std::vector<std::string> documents;
    const auto generation = index::Generation::Open(Folder(), number);
    EXPECT_THAT(generation, IsOk());
    for (const auto& segment : (*generation)->segments()) {
      for (uint32_t i = 0; i < segment->document_count(); ++i) {
        if (!segment->tombstones().documents.contains(i)) {
          documents.push_back(std::string(segment->document_id(i)) + "=" +
                              *segment->ReadText(i, 0, UINT64_MAX));
        }
      }
    }
    std::sort(documents.begin(), documents.end());
    EXPECT_EQ(documents.size(), (*generation)->info().documents);
    return documents;
  }
  // Returns the files that hold one of the words of the secret, as it is or in
  // compressed text: what is so short zstd leaves as it is.
  std::vector<std::string> FilesWithSecrets() const {
    std::vector<std::string> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(Folder())) {
      if (!entry.is_regular_file()) {
        continue;
      }
      const std::string bytes = *ReadFile(entry.path());
      for (const char* word : {"xylophone", "quasar", "nebula", "pulsar"}) {
        if (bytes.find(word) != std::string::npos) {
          files.push_back(entry.path());
        }
      }
    }
    return files;
  }
  void ExpectPurged() const {
    EXPECT_THAT(FilesWithSecrets(), IsEmpty());
    EXPECT_THAT(Documents(1), ElementsAre("a=alpha words", "z=zeta words"));
    EXPECT_THAT(Documents(2), ElementsAre("a=alpha again", "z=zeta words"));
    for (const uint64_t number : {3, 4, 5, 0}) {
      EXPECT_THAT(Documents(number),
                  ElementsAre("a=alpha again", "b=beta", "z=zeta words"))
          << number;
    }
    VerifyOptions options;
    options.data_dir = folder_.path();
    options.collection = "test";
    options.all = true;
    const auto verified = VerifyCollection(options);
    ASSERT_THAT(verified, IsOk());
    EXPECT_EQ(verified->findings.count(), 0U)
        << (verified->findings.kept().empty()
                ? ""
                : verified->findings.kept()[0].file + ": " +
                      verified->findings.kept()[0].what);
  }

  TempFolder folder_;
  std::unique_ptr<CollectionWriter> writer_;
};

TEST_F(PurgeTest, ErasesADocumentFromEverything) {
  EXPECT_FALSE(FilesWithSecrets().empty());
  const auto purged = writer_->Purge({"secret", "none"});
  ASSERT_THAT(purged, IsOk());
  EXPECT_EQ(purged->documents, 3U);
  EXPECT_THAT(purged->not_found, ElementsAre("none"));
  ExpectPurged();
  EXPECT_FALSE(std::filesystem::exists(Folder() + "/purge.json"));
  // The collection goes on as before.
  Put("secret", "public now");
  Publish();
  EXPECT_THAT(Documents(0), ElementsAre("a=alpha again", "b=beta",
                                        "secret=public now", "z=zeta words"));
}

TEST_F(PurgeTest, GoesOnWhereItWasCutShort) {
  // As if it was killed right after it began.
  ASSERT_THAT(WritePurgeIntent(Folder(), {"secret"}), IsOk());
  Open();
  EXPECT_FALSE(std::filesystem::exists(Folder() + "/purge.json"));
  ExpectPurged();
}

// It may have been killed when all was erased, and before servers were told.
TEST_F(PurgeTest, PublishesAnewWhereItGoesOn) {
  ASSERT_THAT(writer_->Purge({"secret"}), IsOk());
  const uint64_t generation = writer_->generation();
  ASSERT_THAT(WritePurgeIntent(Folder(), {"secret"}), IsOk());
  Open();
  EXPECT_EQ(writer_->generation(), generation + 1);
}

TEST_F(PurgeTest, FindsWhatIsInTheLogAlone) {
  Put("fresh", "words that nobody has seen");
  const auto purged = writer_->Purge({"fresh", "none"});
  ASSERT_THAT(purged, IsOk());
  EXPECT_THAT(purged->not_found, ElementsAre("none"));
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(Folder())) {
    if (entry.is_regular_file()) {
      EXPECT_EQ(ReadFile(entry.path())->find("nobody"), std::string::npos)
          << entry.path();
    }
  }
}

TEST_F(PurgeTest, CanBeRepeatedAfterTheFirstManifests) {
  Publish();
  writer_ = nullptr;
  const std::string manifest = Folder() + "/generations/000004.json";
  const std::string before = *ReadFile(manifest);
  ASSERT_THAT(EraseDocuments(Folder(), {"secret"}), IsOk());
  ASSERT_THAT(EraseDocuments(Folder(), {"secret"}), IsOk());  // nothing to do
  EXPECT_NE(*ReadFile(manifest), before);
  EXPECT_THAT(FilesWithSecrets(), IsEmpty());
}

TEST_F(PurgeTest, KeepsWhatHasNothingToErase) {
  Publish();
  const std::string manifest = Folder() + "/generations/000006.json";
  const std::string before = *ReadFile(manifest);
  const auto purged = writer_->Purge({"none"});
  ASSERT_THAT(purged, IsOk());
  EXPECT_EQ(purged->documents, 0U);
  EXPECT_THAT(purged->not_found, ElementsAre("none"));
  EXPECT_EQ(*ReadFile(manifest), before);
  EXPECT_EQ(writer_->generation(), 6U);  // nothing new is published
  EXPECT_EQ(writer_->pending(), 0U);
}

}  // namespace
}  // namespace footnote::pipeline
