#include "indexer/pipeline/repair.h"

#include <chrono>
#include <map>
#include <random>
#include <set>

#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/live_documents.h"
#include "indexer/pipeline/verify.h"
#include "tests/testing/damage.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/temp_folder.h"

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kDocuments = 30;  // of the first segment, and two more

// Two generations: the second takes "b.txt" out of the first segment, and has
// it anew in another.
class Built : public GrowingCollection {
 public:
  Built() {
    std::string lines;
    for (int i = 0; i < kDocuments; ++i) {
      lines += R"({"_id":"d)" + std::to_string(i) + R"(","text":"Document )" +
               std::to_string(i) +
               R"( about London and birds.","date":"2026-04-21"})" + "\n";
    }
    Write("lines.jsonl", lines);
    Write("entities.tsv", "CITY\tlondon\tLondon\tLondon town\n");
    Write("a.md", "# Größe\n\nIn London, 𝔘nicode.\n\n## Depth\n\nMore.\n");
    Write("b.txt", "The pelican eats fish.\n");
    EXPECT_THAT(Build(), IsOk());
    Write("b.txt", "The pelican eats squid.\n");
    EXPECT_THAT(Build(), IsOk());
  }
};

class RepairTest : public ::testing::Test {
 protected:
  RepairTest() { Reset(); }

  // Puts the collection back as it was built.
  void Reset() {
    static const Built kBuilt;
    std::filesystem::remove_all(data_);
    std::filesystem::copy(kBuilt.data_dir(), data_,
                          std::filesystem::copy_options::recursive);
    first_ = index::ReadManifest(Folder(), 1)->segments[0].segment.id;
  }
  std::string Folder() const { return data_ + "/test"; }
  std::string File(std::string_view name) const {
    return index::SegmentPath(Folder(), first_) + "/" + std::string(name);
  }
  RepairSummary Repair() {
    auto summary = RepairCollection(data_, "test");
    EXPECT_THAT(summary, IsOk());
    return summary.ok() ? *std::move(summary) : RepairSummary();
  }
  // Returns the ids of all passages, with the number of their mentions, by
  // document.
  std::map<std::string, std::vector<std::string>> Passages() {
    std::map<std::string, std::vector<std::string>> found;
    const auto generation = index::Generation::Open(Folder(), 0);
    EXPECT_THAT(generation, IsOk());
    for (const LiveDocument& live : ListLiveDocuments(**generation)) {
      const index::Segment& segment = *(*generation)->segments()[live.segment];
      const auto& place = segment.document_place(live.document);
      for (uint32_t i = 0; i < place.passage_count; ++i) {
        const auto& id = segment.passage_id(place.first_passage + i);
        found[std::string(live.id)].push_back(
            ToHex(std::string_view(reinterpret_cast<const char*>(id.bytes),
                                   sizeof(id.bytes))) +
            std::to_string(
                segment.ReadMentions(place.first_passage + i).size()));
      }
    }
    return found;
  }
  void ExpectWhole() {
    VerifyOptions options;
    options.data_dir = data_;
    options.collection = "test";
    const auto verified = VerifyCollection(options);
    ASSERT_THAT(verified, IsOk());
    for (const index::Finding& finding : verified->findings.kept()) {
      ADD_FAILURE() << finding.file << ": " << finding.what;
    }
  }

  TempFolder scratch_;
  const std::string data_ = scratch_ / "data";
  std::string first_;
};

TEST_F(RepairTest, LeavesAloneWhatIsWhole) {
  const RepairSummary summary = Repair();
  EXPECT_EQ(summary.generation, 0U);
  EXPECT_EQ(summary.base, 2U);
  EXPECT_TRUE(summary.content_is_whole);
  EXPECT_EQ(*index::ReadCurrent(Folder()), 2U);
}

TEST_F(RepairTest, RebuildsAnyFileThatTextsAndRecordsAreNotIn) {
  std::mt19937 random(20261126);
  const auto before = Passages();
  for (const std::string_view file : index::kSegmentFiles) {
    if (file == index::kTextsFile || file == index::kDocumentsFile) {
      continue;
    }
    for (const bool missing : {false, true}) {
      Reset();
      if (missing) {
        std::filesystem::remove(File(file));
      } else {
        FlipBit(File(file), random() % std::filesystem::file_size(File(file)),
                0);
      }
      const RepairSummary summary = Repair();
      EXPECT_EQ(summary.generation, 3U) << file;
      EXPECT_THAT(summary.lost, IsEmpty()) << file;
      EXPECT_TRUE(summary.content_is_whole) << file;
      ASSERT_THAT(summary.segments, SizeIs(1));
      EXPECT_THAT(summary.segments[0].damaged, ElementsAre(std::string(file)));
      EXPECT_EQ(summary.segments[0].documents, uint64_t{kDocuments} + 1);
      EXPECT_NE(summary.segments[0].new_id, first_);
      EXPECT_EQ(Passages(), before) << file;
      ExpectWhole();
      EXPECT_EQ(Repair().generation, 0U) << "nothing is left to do";
    }
  }
}

TEST_F(RepairTest, NamesWhatIsLostWithItsText) {
  std::filesystem::remove(File(index::kTextsFile));
  const RepairSummary summary = Repair();
  EXPECT_THAT(summary.lost, SizeIs(kDocuments + 1));
  std::set<std::string> names;
  for (const LostDocument& lost : summary.lost) {
    names.insert(lost.document_id);
  }
  EXPECT_THAT(names, SizeIs(kDocuments + 1));
  EXPECT_FALSE(names.contains("b.txt")) << "it is in the other segment";
  EXPECT_FALSE(summary.content_is_whole);
  EXPECT_THAT(Passages(), SizeIs(1));
  ExpectWhole();
}

TEST_F(RepairTest, CountsWhatIsLostWithItsRecord) {
  std::filesystem::remove(File(index::kDocumentsFile));
  const RepairSummary summary = Repair();
  EXPECT_THAT(summary.lost, SizeIs(kDocuments + 1));
  EXPECT_EQ(summary.lost.front().document_id, "");
  EXPECT_THAT(Passages(), SizeIs(1));
  ExpectWhole();
}

TEST_F(RepairTest, TakesOnlyRecordsThatItsEtagProves) {
  std::mt19937 random(1126);
  const auto before = Passages();
  for (int i = 0; i < 20; ++i) {
    Reset();
    const size_t size = std::filesystem::file_size(File(index::kDocumentsFile));
    FlipBit(File(index::kDocumentsFile), random() % size,
            static_cast<int>(random() % 8));
    const RepairSummary summary = Repair();
    EXPECT_EQ(summary.content_is_whole, summary.lost.empty());
    EXPECT_EQ(Passages().size() + summary.lost.size(), before.size());
    for (const auto& [id, passages] : Passages()) {
      ASSERT_TRUE(before.contains(id)) << id;
      EXPECT_EQ(passages, before.at(id));
    }
    ExpectWhole();
  }
}

TEST_F(RepairTest, BringsBackCurrent) {
  const auto before = Passages();
  for (const char* content : {"", "garbage", "000009\n"}) {
    Reset();
    WriteBytes(Folder() + "/CURRENT", content);
    const RepairSummary summary = Repair();
    EXPECT_TRUE(summary.current_lost);
    EXPECT_EQ(summary.base, 2U);
    EXPECT_EQ(Passages(), before);
    ExpectWhole();
  }
  Reset();
  std::filesystem::remove(Folder() + "/CURRENT");
  EXPECT_EQ(Repair().base, 2U);
  EXPECT_EQ(Passages(), before);
}

TEST_F(RepairTest, GoesBackWhereTheManifestIsLost) {
  WriteBytes(index::ManifestPath(Folder(), 2), "{");
  const RepairSummary summary = Repair();
  EXPECT_TRUE(summary.current_lost);
  EXPECT_EQ(summary.base, 1U);
  EXPECT_EQ(summary.generation, 3U);
  EXPECT_THAT(Passages(), SizeIs(kDocuments + 2));
  ExpectWhole();
}

// Cuts all manifests short; as repair finds the collection then.
void CutManifests(const std::string& folder) {
  for (const uint64_t number : index::ListGenerations(folder)) {
    const std::string path = index::ManifestPath(folder, number);
    WriteBytes(path, ReadFile(path)->substr(0, 200));
  }
}

TEST_F(RepairTest, StartsFromSegmentsWhereNoManifestIsLeft) {
  const auto before = Passages();
  const index::Manifest lost = *index::ReadManifest(Folder(), 2);
  CutManifests(Folder());
  const RepairSummary summary = Repair();
  EXPECT_TRUE(summary.manifests_lost);
  EXPECT_FALSE(summary.content_is_whole);
  EXPECT_EQ(summary.generation, 3U);
  EXPECT_THAT(summary.segments, IsEmpty());
  EXPECT_THAT(summary.lost, IsEmpty());
  EXPECT_EQ(Passages(), before);
  const index::Manifest made = *index::ReadManifest(Folder(), 3);
  EXPECT_EQ(made.info.content_sha256, lost.info.content_sha256);
  EXPECT_EQ(made.entities, lost.entities);
  ExpectWhole();
  EXPECT_EQ(Repair().generation, 0U) << "nothing is left to do";
  // Without tombstones, the newer version of a document counts.
  Reset();
  CutManifests(Folder());
  for (const auto& entry :
       std::filesystem::directory_iterator(Folder() + "/generations")) {
    if (entry.path().extension() == ".tombstones") {
      std::filesystem::remove(entry.path());
    }
  }
  std::filesystem::last_write_time(
      index::SegmentPath(Folder(), lost.segments[1].segment.id) + "/" +
          std::string(index::kDocumentsFile),
      std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  Repair();
  EXPECT_EQ(Passages(), before);
  ExpectWhole();
  // Nor are the manifests there at all.
  Reset();
  for (const int number : {1, 2}) {
    std::filesystem::remove(index::ManifestPath(Folder(), number));
  }
  Repair();
  EXPECT_EQ(Passages(), before);
}

TEST_F(RepairTest, StartsFromDamagedSegmentsToo) {
  const auto before = Passages();
  CutManifests(Folder());
  FlipBit(File(index::kPassagesFile), 100, 3);
  RepairSummary summary = Repair();
  EXPECT_THAT(summary.lost, IsEmpty());
  ASSERT_THAT(summary.segments, SizeIs(1));
  EXPECT_EQ(summary.segments[0].id, first_);
  EXPECT_EQ(Passages(), before);
  ExpectWhole();
  Reset();
  CutManifests(Folder());
  std::filesystem::remove(File(index::kTextsFile));
  summary = Repair();
  EXPECT_THAT(summary.lost, SizeIs(kDocuments + 1));
  EXPECT_EQ(summary.lost.front().document_id.substr(0, 1), "a");
  EXPECT_THAT(Passages(), SizeIs(1));
  ExpectWhole();
}

TEST_F(RepairTest, NeedsASegmentAtLeast) {
  CutManifests(Folder());
  std::filesystem::remove_all(Folder() + "/segments");
  EXPECT_THAT(RepairCollection(data_, "test"),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST_F(RepairTest, MakesLostTombstonesFromWhatStandsElsewhere) {
  const auto before = Passages();
  const auto manifest = index::ReadManifest(Folder(), 2);
  const std::string file = manifest->segments[0].tombstones->file.name;
  std::filesystem::remove(index::GenerationFilePath(Folder(), file));
  RepairSummary summary = Repair();
  EXPECT_THAT(summary.tombstones_lost, ElementsAre("generations/" + file));
  EXPECT_TRUE(summary.content_is_whole);
  EXPECT_EQ(Passages(), before);
  ExpectWhole();
  // The segment is damaged as well.
  Reset();
  FlipBit(index::GenerationFilePath(Folder(), file), 40, 1);
  std::filesystem::remove(File(index::kPostingsFile));
  summary = Repair();
  EXPECT_TRUE(summary.content_is_whole);
  EXPECT_EQ(Passages(), before);
  ExpectWhole();
}

TEST_F(RepairTest, SaysThatTheGazetteerIsLost) {
  for (const auto& entry :
       std::filesystem::directory_iterator(Folder() + "/generations")) {
    if (entry.path().extension() == ".entities") {
      std::filesystem::remove(entry.path());
    }
  }
  const RepairSummary summary = Repair();
  EXPECT_TRUE(summary.gazetteer_lost);
  EXPECT_TRUE(summary.content_is_whole);
  ExpectWhole();
}

TEST_F(RepairTest, NeedsACollectionThatNobodyWrites) {
  EXPECT_THAT(RepairCollection(data_, "none"),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  const auto lock = index::WriterLock::Take(Folder());
  EXPECT_THAT(RepairCollection(data_, "test"),
              FailsWith(StatusCode::kFailedPrecondition, "COLLECTION_LOCKED"));
}

}  // namespace
}  // namespace footnote::pipeline
