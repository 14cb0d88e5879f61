#include "indexer/pipeline/export.h"

#include <fstream>

#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/build.h"
#include "indexer/pipeline/live_documents.h"
#include "tests/testing/damage.h"
#include "tests/testing/temp_folder.h"

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ExportTest : public ::testing::Test {
 protected:
  ExportTest() {
    std::filesystem::create_directories(scratch_ / "sources/folder");
    Write("entities.tsv", "CITY\tlondon\tLondon\tLondon town\n");
    Write("folder/a b.md",
          "---\ntitle: \"Größe\"\ndate: 2026-04-21\naccess_labels: [staff]\n"
          "uri: https://example.com/a\n---\n# One\n\nIn London, 𝔘nicode is "
          "wide.\n\n## Two\n\nMore of London town.\n");
    Write("untitled.md", "Two\n===\n\nText.\n");
    Write("c.txt", "\xEF\xBB\xBF\xEF\xBB\xBFThe pelican.\r\n\r\nIt eats.\n");
    Write("d.jsonl",
          R"({"_id":"é","text":"Nul \u0000 and \"quotes\".","lang":"en",)"
          R"("access_labels":["b","a"],"expire_time":"2100-01-01",)"
          R"("metadata":{"text":"x","n":0.1,"big":12345678901234567890}})"
          "\n"
          R"({"text":"No id at all, and no title."})"
          "\n");
    Build("c", scratch_ / "sources");
    Write("c.txt", "The pelican eats squid.\n");
    Build("c", scratch_ / "sources");
  }

  void Write(const std::string& name, const std::string& text) {
    WriteBytes(scratch_ / ("sources/" + name), text);
  }
  void Build(const std::string& collection, const std::string& path,
             const std::vector<std::string>& gazetteers = {}) {
    BuildOptions options;
    options.data_dir = scratch_ / "data";
    options.collection = collection;
    options.paths = {path};
    options.gazetteers = gazetteers;
    options.read.json_lines = path.ends_with(".export");
    const auto built = BuildCollection(options);
    ASSERT_THAT(built, IsOk());
    EXPECT_THAT(built->skipped, IsEmpty());
  }
  // Exports to lines_.
  absl::StatusOr<ExportSummary> Export(uint64_t generation = 0) {
    lines_.clear();
    ExportOptions options;
    options.data_dir = scratch_ / "data";
    options.collection = "c";
    options.generation = generation;
    options.line = [this](std::string_view line) {
      lines_.emplace_back(line);
      return absl::OkStatus();
    };
    return ExportCollection(options);
  }
  std::string WriteLines() {
    std::string text;
    for (const std::string& line : lines_) {
      text += line + "\n";
    }
    WriteBytes(scratch_ / "c.export", text);
    return scratch_ / "c.export";
  }
  std::shared_ptr<const index::Generation> Open(const std::string& name) {
    auto opened = index::Generation::Open(scratch_ / ("data/" + name), 0);
    EXPECT_THAT(opened, IsOk());
    return *std::move(opened);
  }

  TempFolder scratch_;
  std::vector<std::string> lines_;
};

TEST_F(ExportTest, ComesBackWithTheSameContent) {
  for (const uint64_t generation : {1, 2}) {
    const auto exported = Export(generation);
    ASSERT_THAT(exported, IsOk());
    EXPECT_EQ(exported->documents, 5U);
    EXPECT_EQ(exported->changed, 0U);
    EXPECT_THAT(exported->lost, IsEmpty());
    ASSERT_THAT(exported->gazetteer, IsOk());
    WriteBytes(scratch_ / "list.tsv", *exported->gazetteer);
    const std::string name = "copy" + std::to_string(generation);
    Build(name, WriteLines(), {scratch_ / "list.tsv"});
    EXPECT_EQ(Open(name)->info().content_sha256, exported->content_sha256);
  }
}

TEST_F(ExportTest, ComesBackWithTheSamePassagesAndRecords) {
  ASSERT_THAT(Export(), IsOk());
  WriteBytes(scratch_ / "list.tsv", "CITY\tlondon\tLondon\tLondon town\n");
  Build("copy", WriteLines(), {scratch_ / "list.tsv"});
  const auto from = Open("c");
  const auto to = Open("copy");
  const auto documents = ListLiveDocuments(*from);
  const auto copies = ListLiveDocuments(*to);
  ASSERT_EQ(documents.size(), copies.size());
  for (size_t i = 0; i < documents.size(); ++i) {
    const index::Segment& a = *from->segments()[documents[i].segment];
    const index::Segment& b = *to->segments()[copies[i].segment];
    auto record = *a.ReadDocument(documents[i].document);
    auto copy = *b.ReadDocument(copies[i].document);
    copy.index_time = record.index_time;
    copy.first_passage = record.first_passage;
    EXPECT_EQ(index::EncodeDocumentRecord(copy),
              index::EncodeDocumentRecord(record))
        << record.document_id;
    const uint32_t first =
        a.document_place(documents[i].document).first_passage;
    const uint32_t first_copy =
        b.document_place(copies[i].document).first_passage;
    for (uint32_t k = 0; k < record.passage_count; ++k) {
      EXPECT_EQ(a.passage_id(first + k), b.passage_id(first_copy + k));
      EXPECT_EQ(a.ReadMentions(first + k).size(),
                b.ReadMentions(first_copy + k).size());
    }
  }
}

TEST_F(ExportTest, HasAnotherContentWithoutTheGazetteer) {
  const auto exported = Export();
  ASSERT_THAT(exported, IsOk());
  Build("copy", WriteLines());
  EXPECT_NE(Open("copy")->info().content_sha256, exported->content_sha256);
}

TEST_F(ExportTest, NamesWhatIsLost) {
  const auto manifest = index::ReadManifest(scratch_ / "data/c", 1);
  const std::string texts =
      index::SegmentPath(scratch_ / "data/c",
                         manifest->segments[0].segment.id) +
      "/texts.zst";
  ChangeBlobs(texts, [](std::vector<std::string>* blobs) {
    blobs->back().at(blobs->back().size() / 2) ^= 1;
  });
  const auto exported = Export();
  ASSERT_THAT(exported, IsOk());
  EXPECT_EQ(exported->documents, 1U) << "in another segment";
  EXPECT_THAT(exported->lost, SizeIs(4));
  EXPECT_THAT(exported->lost[0].status,
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST_F(ExportTest, EndsWithTheErrorOfItsSink) {
  ExportOptions options;
  options.data_dir = scratch_ / "data";
  options.collection = "c";
  options.line = [](std::string_view) {
    return MakeError(StatusCode::kResourceExhausted, "DISK_FULL", "full");
  };
  EXPECT_THAT(ExportCollection(options),
              FailsWith(StatusCode::kResourceExhausted, "DISK_FULL"));
  options.collection = "none";
  EXPECT_THAT(ExportCollection(options),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote::pipeline
