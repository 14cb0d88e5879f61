#include "indexer/index/segment.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/segment_writer.h"
#include "tests/index/small_segment.h"
#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;
using testing::ElementsAre;

std::vector<std::string> WordsOf(const Segment& segment, uint32_t passage) {
  std::vector<std::string> words;
  for (const PassageToken& token : segment.ReadTokens(passage)) {
    words.emplace_back(WordOf(segment.lexeme(token.lexeme)));
  }
  return words;
}

TEST(Segment, GivesBackItsDocuments) {
  SmallSegments segments;
  const SegmentEntry entry = segments.Write(
      {{"b", {"red fox ", "blue whale"}}, {"a", {"green @frog"}}});
  EXPECT_EQ(entry.segment.documents, 2U);
  EXPECT_EQ(entry.segment.passages, 3U);
  EXPECT_EQ(entry.segment.words, 6U);
  const auto segment = segments.Open(entry);
  ASSERT_NE(segment, nullptr);
  ASSERT_EQ(segment->document_count(), 2U);
  ASSERT_EQ(segment->passage_count(), 3U);
  EXPECT_EQ(segment->document_id(0), "b");
  EXPECT_EQ(segment->FindDocument("a"), 1U);
  EXPECT_EQ(segment->FindDocument("b"), 0U);
  EXPECT_EQ(segment->FindDocument(""), std::nullopt);
  EXPECT_EQ(segment->FindDocument("aa"), std::nullopt);
  EXPECT_EQ(segment->FindDocument("c"), std::nullopt);
  EXPECT_EQ(*segment->ReadText(0, 0, 18), "red fox blue whale");
  EXPECT_EQ(*segment->ReadText(1, 6, 1000), "@frog");
  EXPECT_EQ(*segment->ReadText(1, 1000, 2000), "");
  EXPECT_EQ(segment->passage_place(1).start, 8U);
  EXPECT_EQ(segment->passage_place(1).ordinal, 1U);
  EXPECT_EQ(segment->passage_place(2).document, 1U);
  EXPECT_THAT(WordsOf(*segment, 1), ElementsAre("blue", "whale"));
  EXPECT_THAT(segment->ReadSentenceBytes(0), ElementsAre(8U));
  const auto record = segment->ReadDocument(1);
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->title, "Title of a");
  EXPECT_EQ(record->first_passage, 2U);
  EXPECT_EQ(record->passage_count, 1U);
}

TEST(Segment, GivesBackMentions) {
  SmallSegments segments;
  const auto segment =
      segments.Open(segments.Write({{"a", {"@b x @b @c", "none here", "@c"}}}));
  ASSERT_NE(segment, nullptr);
  const auto mentions = segment->ReadMentions(0);
  ASSERT_EQ(mentions.size(), 3U);
  EXPECT_EQ(mentions[1].start, 5U);
  EXPECT_EQ(mentions[1].end, 7U);
  EXPECT_EQ(segment->entity(mentions[2].entity),
            std::string_view("X\0c\0Entity c", 12));
  const auto entities_of = [&](uint32_t passage) {
    std::vector<uint32_t> entities;
    segment->ForEachEntity(
        passage, [&](uint32_t entity) { entities.push_back(entity); });
    return entities;
  };
  EXPECT_EQ(entities_of(0).size(), 2U);
  EXPECT_TRUE(entities_of(1).empty());
  EXPECT_EQ(entities_of(2), std::vector{mentions[2].entity});
  EXPECT_EQ(segment->entity_count(), 2U);
}

TEST(Segment, FindsPassagesById) {
  SmallSegments segments;
  const auto segment = segments.Open(
      segments.Write({{"a", {"one", "two", "one"}}, {"b", {"one"}}}));
  ASSERT_NE(segment, nullptr);
  std::set<PassageId> ids;
  for (uint32_t i = 0; i < segment->passage_count(); ++i) {
    EXPECT_EQ(segment->FindPassage(segment->passage_id(i)), i);
    ids.insert(segment->passage_id(i));
  }
  EXPECT_EQ(ids.size(), 4U);
  EXPECT_EQ(segment->FindPassage(PassageId{}), std::nullopt);
}

TEST(PassageId, DependsOnAllItsParts) {
  const Digest one = Sha256Of("1");
  const Digest two = Sha256Of("2");
  const std::set<PassageId> ids = {
      MakePassageId("a", one, 0, "s"), MakePassageId("b", one, 0, "s"),
      MakePassageId("a", two, 0, "s"), MakePassageId("a", one, 1, "s"),
      MakePassageId("a", one, 0, "t"), MakePassageId("a1", one, 0, "s"),
      MakePassageId("", one, 0, "as")};
  EXPECT_EQ(ids.size(), 7U);
  EXPECT_EQ(MakePassageId("a", one, 0, "s"), MakePassageId("a", one, 0, "s"));
}

TEST(Segment, HidesWhatHasATombstone) {
  SmallSegments segments;
  const auto segment =
      segments.Open(segments.Write({{"a", {"one", "two"}}, {"b", {"three"}}}));
  ASSERT_NE(segment, nullptr);
  Roaring gone;
  gone.add(0);
  segment->SetTombstones(Tombstones::Of(*segment, gone));
  EXPECT_EQ(segment->FindDocument("a"), std::nullopt);
  EXPECT_EQ(segment->FindDocument("b"), 1U);
  EXPECT_EQ(segment->FindPassage(segment->passage_id(1)), std::nullopt);
  EXPECT_EQ(segment->FindPassage(segment->passage_id(2)), 2U);
}

// Passages without words keep their place, also at the borders of the parts
// that are merged: the compactor drops what it takes for holes.
TEST(Segment, KeepsPassagesWithoutWords) {
  for (const uint32_t count : {1U, 999U, 1000U, 1001U, 4001U, 8001U}) {
    SmallSegments segments;
    SmallDocument document{"a", std::vector<std::string>(count, ".")};
    for (uint32_t i = 0; i < count; ++i) {
      if (i % 1000 == 500) {
        document.passages[i] = "word" + std::to_string(i);
      }
    }
    const auto segment = segments.Open(segments.Write({document}));
    ASSERT_NE(segment, nullptr) << count;
    EXPECT_EQ(segment->passage_count(), count);
    DatabasePool::Lease database = segment->databases().Get();
    for (uint32_t i = 500; i < count; i += 1000) {
      const std::string term =
          MakeTerm(TermField::kWord, "word" + std::to_string(i));
      ASSERT_EQ(database->get_termfreq(term), 1U);
      EXPECT_EQ(*database->postlist_begin(term), i + 1);
    }
  }
}

TEST(Segment, HasANameOfItsOwn) {
  SmallSegments segments;
  EXPECT_NE(segments.Write({{"a", {"one"}}}).segment.id,
            segments.Write({{"b", {"one"}}}).segment.id);
}

TEST(SegmentWriter, LeavesNothingBehindWhereItIsNotFinished) {
  SmallSegments segments;
  {
    auto writer = SegmentWriter::Create(segments.folder(), "test");
    ASSERT_THAT(writer, IsOk());
    ASSERT_THAT(
        (*writer)->Add(SmallSegments::Prepare({"a", {"x"}}, writer->get())),
        IsOk());
    EXPECT_FALSE(std::filesystem::is_empty(segments.folder() + "/segments"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(segments.folder() + "/segments"));
}

TEST(SegmentWriter, LeavesOnlyTheFilesOfTheSegment) {
  SmallSegments segments;
  const SegmentEntry entry = segments.Write({{"a", {"x"}}});
  std::set<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(
           SegmentPath(segments.folder(), entry.segment.id))) {
    files.insert(file.path().filename());
  }
  EXPECT_EQ(files, std::set<std::string>(std::begin(kSegmentFiles),
                                         std::end(kSegmentFiles)));
  EXPECT_EQ(entry.segment.files.size(), files.size());
  for (const FileEntry& file : entry.segment.files) {
    const auto bytes = ReadFile(
        SegmentPath(segments.folder(), entry.segment.id) + "/" + file.name);
    ASSERT_THAT(bytes, IsOk());
    EXPECT_EQ(file.bytes, bytes->size());
    EXPECT_EQ(file.sha256, Sha256Of(*bytes));
  }
}

class SegmentFiles : public testing::TestWithParam<std::string_view> {};

TEST_P(SegmentFiles, AreMissedAndMeasured) {
  SmallSegments segments;
  const SegmentEntry entry =
      segments.Write({{"a", {"one @two three"}}, {"b", {"four"}}});
  const std::string path = SegmentPath(segments.folder(), entry.segment.id) +
                           "/" + std::string(GetParam());
  const std::string bytes = *ReadFile(path);
  for (const std::string& damaged :
       {bytes.substr(0, bytes.size() / 2), bytes + "x", std::string()}) {
    std::ofstream(path, std::ios::binary) << damaged;
    EXPECT_THAT(OpenSegment(segments.folder(), entry),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  }
  std::filesystem::remove(path);
  EXPECT_THAT(OpenSegment(segments.folder(), entry),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

INSTANTIATE_TEST_SUITE_P(All, SegmentFiles, testing::ValuesIn(kSegmentFiles),
                         [](const auto& test) {
                           std::string name(test.param);
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST(Segment, DoesNotHoldWhatAnotherManifestSays) {
  SmallSegments segments;
  SegmentEntry entry = segments.Write({{"a", {"one"}}});
  ++entry.segment.passages;
  EXPECT_THAT(OpenSegment(segments.folder(), entry),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

}  // namespace
}  // namespace footnote::index
