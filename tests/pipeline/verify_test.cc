#include "indexer/pipeline/verify.h"

#include <map>
#include <ostream>
#include <random>

#include <xapian.h>

#include "indexer/index/document_record.h"
#include "indexer/index/schema.h"
#include "tests/testing/damage.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/temp_folder.h"

namespace footnote::index {

void PrintTo(const Finding& finding, std::ostream* out) {
  *out << finding.file << ": " << finding.document << ": " << finding.what;
}

}  // namespace footnote::index

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The sources of a collection, and the collection, built once.
class Built : public GrowingCollection {
 public:
  Built() {
    std::string lines;
    for (int i = 0; i < 1100; ++i) {
      lines += R"({"_id":"d)" + std::to_string(i) + R"(","text":"Common w)" +
               std::to_string(i) + R"( birds."})" + "\n";
    }
    Write("lines.jsonl", lines);
    Write("entities.tsv", "CITY\tlondon\tLondon\tLondon town\n");
    Write("a.md",
          "---\ndate: 2026-04-21\n---\n# Größe\n\nIn London, 𝔘nicode is "
          "wide. A second sentence.\n\n## Depth\n\nMore of London town.\n");
    Write("b.txt", "The pelican eats fish.\n\nIt flies to London.\n");
    EXPECT_THAT(Build(), IsOk());
    Write("b.txt", "The pelican eats squid.\n");
    EXPECT_THAT(Build(), IsOk());
  }
};

// A collection of two generations: generation 1 is the segment first_, and
// generation 2 adds another and takes a document out of the first. Passages
// are so many that the first has sets of frequent stems.
class VerifyTest : public ::testing::Test {
 protected:
  VerifyTest() {
    static const Built kBuilt;
    std::filesystem::copy(kBuilt.data_dir(), scratch_ / "data",
                          std::filesystem::copy_options::recursive);
    first_ = index::ReadManifest(Folder(), 1)->segments[0].segment.id;
  }

  std::string Folder() const { return scratch_ / "data/test"; }
  // Path of a file of the first segment.
  std::string File(std::string_view name) const {
    return index::SegmentPath(Folder(), first_) + "/" + std::string(name);
  }
  // That file as findings name it.
  std::string Name(std::string_view name) const {
    return "segments/" + first_ + "/" + std::string(name);
  }

  VerifySummary Verify(VerifyOptions options = {}) {
    options.data_dir = scratch_ / "data";
    options.collection = "test";
    auto summary = VerifyCollection(options);
    EXPECT_THAT(summary, IsOk());
    return summary.ok() ? *std::move(summary) : VerifySummary();
  }
  std::vector<index::Finding> Find(const VerifyOptions& options = {}) {
    return Verify(options).findings.kept();
  }

  TempFolder scratch_;
  std::string first_;
};

TEST_F(VerifyTest, FindsNothingWhereAllIsWell) {
  VerifySummary summary = Verify();
  EXPECT_THAT(summary.findings.kept(), IsEmpty());
  EXPECT_THAT(summary.generations, ElementsAre(2));
  EXPECT_EQ(summary.segments, 2U);
  EXPECT_EQ(summary.documents, 1103U);
  EXPECT_TRUE(summary.passage_ids_checked);
  VerifyOptions all;
  all.all = true;
  summary = Verify(all);
  EXPECT_THAT(summary.findings.kept(), IsEmpty());
  EXPECT_THAT(summary.generations, ElementsAre(1, 2));
  EXPECT_EQ(summary.segments, 2U) << "each once";
}

TEST_F(VerifyTest, SaysHowFarItIs) {
  VerifyOptions options;
  std::map<std::string, uint64_t> done;
  options.progress = [&](const VerifyProgress& progress) {
    EXPECT_GE(progress.total, progress.done);
    EXPECT_GE(progress.done, done[progress.what]);
    done[progress.what] = progress.done;
  };
  Verify(options);
  EXPECT_THAT(done, SizeIs(6)) << "digests, documents and postings of two";
}

TEST_F(VerifyTest, FindsAFlippedBitInAnyFile) {
  std::mt19937 random(20261126);
  VerifyOptions quick;
  quick.quick = true;
  for (const std::string_view file : index::kSegmentFiles) {
    const std::string whole = *ReadFile(File(file));
    for (int i = 0; i < 3; ++i) {
      const size_t at = random() % whole.size();
      FlipBit(File(file), at, static_cast<int>(random() % 8));
      for (const VerifyOptions& options : {quick, VerifyOptions()}) {
        EXPECT_THAT(Find(options),
                    Contains(Field(&index::Finding::file, Name(file))))
            << at;
      }
      WriteBytes(File(file), whole);
    }
  }
  EXPECT_THAT(Find(), IsEmpty());
}

TEST_F(VerifyTest, SurvivesAnyBitOfAColumnWithADigestThatFits) {
  std::mt19937 random(1126);
  int found = 0;
  for (const std::string_view file : index::kSegmentFiles) {
    const std::string whole = *ReadFile(File(file));
    for (int i = 0; file != index::kPostingsFile && i < 5; ++i) {
      FlipBit(File(file), random() % whole.size(),
              static_cast<int>(random() % 8));
      TakeDigestsAsTheyAre(Folder(), 2);
      found += Find().empty() ? 0 : 1;
      WriteBytes(File(file), whole);
    }
  }
  EXPECT_THAT(found, Ge(80)) << "of 100";
}

TEST_F(VerifyTest, NamesAtMostSoManyFindings) {
  for (const std::string_view file : index::kSegmentFiles) {
    FlipBit(File(file), 0, 0);
  }
  VerifyOptions options;
  options.quick = true;
  options.max_findings = 3;
  const VerifySummary summary = Verify(options);
  EXPECT_THAT(summary.findings.kept(), SizeIs(3));
  EXPECT_THAT(summary.findings.count(), Ge(std::size(index::kSegmentFiles)));
}

TEST_F(VerifyTest, FindsWhatManifestsMiscount) {
  ChangeManifest(Folder(), 2, [](index::Manifest* manifest) {
    manifest->info.documents += 1;
    manifest->info.passages += 1;
    manifest->info.total_words += 1;
    manifest->info.text_bytes += 1;
    manifest->info.languages["en"] += 1;
    manifest->info.content_sha256[0] ^= 1;
    manifest->parent = 2;
    manifest->segments[0].segment.words += 1;
  });
  const auto findings = Find();
  EXPECT_THAT(findings, SizeIs(8));
  EXPECT_THAT(findings,
              Contains(Field(&index::Finding::file, "generations/000002.json"))
                  .Times(7));
}

TEST_F(VerifyTest, FindsATornManifestAndCurrent) {
  WriteBytes(index::ManifestPath(Folder(), 1), "{");
  VerifyOptions options;
  options.all = true;
  EXPECT_THAT(Find(options), ElementsAre(Field(&index::Finding::file,
                                               "generations/000001.json")));
  WriteBytes(Folder() + "/CURRENT", "garbage");
  EXPECT_THAT(Find(options), Contains(Field(&index::Finding::file, "CURRENT")));
}

TEST_F(VerifyTest, FindsADamagedGazetteer) {
  const auto manifest = index::ReadManifest(Folder(), 2);
  ASSERT_THAT(manifest, IsOk());
  ASSERT_TRUE(manifest->entities_file);
  const std::string& file = manifest->entities_file->name;
  FlipBit(index::GenerationFilePath(Folder(), file), 2, 0);
  EXPECT_THAT(Find(),
              ElementsAre(Field(&index::Finding::file, "generations/" + file)));
}

TEST_F(VerifyTest, FindsMissingSegments) {
  std::filesystem::remove_all(index::SegmentPath(Folder(), first_));
  EXPECT_THAT(Find(), Contains(Field(&index::Finding::what, "is missing"))
                          .Times(std::size(index::kSegmentFiles)));
}

TEST_F(VerifyTest, FindsTombstonesThatTakeOutTheWrongThing) {
  const auto manifest = index::ReadManifest(Folder(), 2);
  ASSERT_THAT(manifest, IsOk());
  const std::string file = manifest->segments[0].tombstones->file.name;
  ChangeBlobs(index::GenerationFilePath(Folder(), file),
              [](std::vector<std::string>* blobs) { ++blobs->at(2).back(); });
  TakeDigestsAsTheyAre(Folder(), 2);
  EXPECT_THAT(Find(),
              ElementsAre(Field(&index::Finding::file, "generations/" + file)));
}

TEST_F(VerifyTest, FindsDocumentsThatStandTwice) {
  ChangeManifest(Folder(), 2, [](index::Manifest* manifest) {
    manifest->segments[0].tombstones.reset();
  });
  EXPECT_THAT(Find(), Contains(Field(&index::Finding::document, "b.txt")));
}

TEST_F(VerifyTest, NeedsACollectionAndItsGeneration) {
  VerifyOptions options;
  options.data_dir = scratch_ / "data";
  options.collection = "none";
  EXPECT_THAT(VerifyCollection(options),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  options.collection = "test";
  options.generation = 7;
  EXPECT_THAT(VerifyCollection(options),
              FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
  options.collection = "../test";
  EXPECT_THAT(VerifyCollection(options), FailsWith(StatusCode::kInvalidArgument,
                                                   "COLLECTION_NAME_INVALID"));
}

// Rewrites the postings with those of one term changed.
void ChangePostings(const std::string& path, const std::string& changed,
                    int frequency_added) {
  std::map<Xapian::docid, std::map<std::string, Xapian::termcount>> documents;
  const Xapian::Database from(path);
  for (auto term = from.allterms_begin(); term != from.allterms_end(); ++term) {
    for (auto at = from.postlist_begin(*term); at != from.postlist_end(*term);
         ++at) {
      const bool is_it = *term == changed;
      documents[*at][*term] = at.get_wdf() + (is_it ? frequency_added : 0);
    }
  }
  TempFolder scratch;
  {
    Xapian::WritableDatabase to(scratch / "db",
                                Xapian::DB_CREATE | Xapian::DB_NO_TERMLIST);
    for (const auto& [number, terms] : documents) {
      Xapian::Document document;
      for (const auto& [term, frequency] : terms) {
        document.add_term(term, frequency);
      }
      to.replace_document(number, document);
    }
    to.commit();
    to.compact(scratch / "new", Xapian::DBCOMPACT_SINGLE_FILE);
  }
  WriteBytes(path, *ReadFile(scratch / "new"));
}

// A change to one file that fits its digest.
struct Damage {
  std::string_view name;   // of the test
  std::string_view file;   // that is changed
  std::string_view found;  // file that a finding names, or none: the folder
  std::function<void(const std::string& path)> change;
};

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

// Damages of blobs: of the last one, and of element 0 of columns of values.
Damage Blob(std::string_view name, std::string_view file,
            const std::function<void(std::string*)>& change) {
  return {name, file, file, [change](const std::string& path) {
            ChangeBlobs(path, [&](std::vector<std::string>* blobs) {
              change(&blobs->back());
            });
          }};
}

template <typename T>
Damage Value(std::string_view name, std::string_view file,
             std::string_view found, const std::function<void(T*)>& change) {
  return {name, file, found, [change](const std::string& path) {
            ChangeValues<T>(
                path, [&](std::vector<T>* values) { change(&values->back()); });
          }};
}

template <typename T>
Damage Swap(std::string_view name, std::string_view file) {
  return {name, file, file, [](const std::string& path) {
            ChangeValues<T>(path, [](std::vector<T>* values) {
              std::swap(values->front(), values->back());
            });
          }};
}

Damage Record(std::string_view name, std::string_view found,
              const std::function<void(index::DocumentRecord*)>& change) {
  return {name, index::kDocumentsFile, found,
          [change](const std::string& path) {
            ChangeBlobs(path, [&](std::vector<std::string>* blobs) {
              auto record = index::DecodeDocumentRecord(blobs->front());
              change(&*record);
              blobs->front() = index::EncodeDocumentRecord(*record);
            });
          }};
}

class VerifyDamageTest : public VerifyTest,
                         public ::testing::WithParamInterface<Damage> {};

TEST_P(VerifyDamageTest, IsFound) {
  const Damage& damage = GetParam();
  damage.change(File(damage.file));
  TakeDigestsAsTheyAre(Folder(), 2);
  EXPECT_THAT(Find(),
              Contains(Field(&index::Finding::file, Name(damage.found))));
}

using index::DocumentFacets;
using index::DocumentRecord;
using index::PassagePlace;

INSTANTIATE_TEST_SUITE_P(
    Damages, VerifyDamageTest,
    ::testing::Values(
        Blob("TextBlock", index::kTextsFile,
             [](std::string* blob) { blob->at(blob->size() / 2) ^= 1; }),
        Blob("RecordCutShort", index::kDocumentsFile,
             [](std::string* blob) { blob->pop_back(); }),
        Record("Revision", index::kTextsFile,
               [](DocumentRecord* record) { record->revision[7] ^= 1; }),
        Record("SizeInChars", index::kDocumentsFile,
               [](DocumentRecord* record) { ++record->size.chars; }),
        Record("FirstPassage", index::kDocumentsFile,
               [](DocumentRecord* record) { ++record->first_passage; }),
        Record("NoTitle", index::kDocumentsFile,
               [](DocumentRecord* record) { record->title.clear(); }),
        Record("HeadingOutside", index::kDocumentsFile,
               [](DocumentRecord* record) {
                 record->headings.push_back({1U << 30, 1, "x"});
               }),
        Record("DocumentId", index::kPassageIdsFile,
               [](DocumentRecord* record) { record->document_id = "0"; }),
        Value<index::DocumentPlace>("PlaceOfDocument", index::kPlacesFile, "",
                                    [](index::DocumentPlace* place) {
                                      ++place->text_bytes;
                                    }),
        Swap<uint32_t>("DocumentOrder", index::kDocumentOrderFile),
        Swap<uint32_t>("PassageIdOrder", index::kPassageIdOrderFile),
        Swap<uint32_t>("StemOrder", index::kStemOrderFile),
        Swap<uint32_t>("StemRanks", index::kStemRanksFile),
        Value<uint32_t>("OrderOutOfRange", index::kStemOrderFile,
                        index::kStemOrderFile,
                        [](uint32_t* element) { *element = UINT32_MAX; }),
        Value<DocumentFacets>("Facet", index::kDocumentFacetsFile,
                              index::kDocumentFacetsFile,
                              [](DocumentFacets* facets) {
                                std::swap(facets->language,
                                          facets->source_type);
                              }),
        Value<DocumentFacets>("Day", index::kDocumentFacetsFile,
                              index::kDocumentFacetsFile,
                              [](DocumentFacets* facets) { facets->day = 3; }),
        Value<DocumentFacets>(
            "Embargo", index::kDocumentFacetsFile, index::kDocumentFacetsFile,
            [](DocumentFacets* facets) { facets->embargo_time = 3; }),
        Value<PassagePlace>("StartInChars", index::kPassagesFile,
                            index::kPassagesFile,
                            [](PassagePlace* place) { ++place->start_chars; }),
        Value<PassagePlace>("StartInUtf16", index::kPassagesFile,
                            index::kPassagesFile,
                            [](PassagePlace* place) { ++place->start_utf16; }),
        Value<PassagePlace>("Line", index::kPassagesFile, index::kPassagesFile,
                            [](PassagePlace* place) { ++place->line; }),
        Value<PassagePlace>("Words", index::kPassagesFile, index::kTokensFile,
                            [](PassagePlace* place) { ++place->words; }),
        Value<PassagePlace>("FirstWords", index::kPassagesFile,
                            index::kPassagesFile,
                            [](PassagePlace* place) { ++place->first_words; }),
        Value<PassagePlace>("LastWords", index::kPassagesFile,
                            index::kPassagesFile,
                            [](PassagePlace* place) { ++place->last_words; }),
        Value<PassagePlace>("EndOutside", index::kPassagesFile, "",
                            [](PassagePlace* place) { ++place->end; }),
        Swap<index::PassageId>("PassageIds", index::kPassageIdsFile),
        Blob("Sentences", index::kSentencesFile,
             [](std::string* blob) { ++blob->back(); }),
        Blob("NoSentences", index::kSentencesFile,
             [](std::string* blob) { blob->clear(); }),
        Blob("Tokens", index::kTokensFile,
             [](std::string* blob) { blob->pop_back(); }),
        Blob("TokenOfNoLexeme", index::kTokensFile,
             [](std::string* blob) {
               *blob = std::string("\0\xFE\xFF\x7F", 4);
             }),
        Blob("LastSentence", index::kTokensFile,
             [](std::string* blob) { blob->front() = 1; }),
        Blob("Title", index::kTitlesFile,
             [](std::string* blob) { *blob = "\x05\x05"; }),
        Blob("Headings", index::kHeadingsFile,
             [](std::string* blob) { *blob = "\x05\x04"; }),
        Blob("MentionOutside", index::kMentionsFile,
             [](std::string* blob) { *blob = std::string("\0\x7F\x7F", 3); }),
        Blob("MentionOfNothing", index::kMentionsFile,
             [](std::string* blob) { *blob = std::string("\x7F\0\x01", 3); }),
        Blob("PassageFacets", index::kPassageFacetsFile,
             [](std::string* blob) {
               *blob = blob->empty() ? std::string(1, '\0') : "";
             }),
        Blob("Lexeme", index::kLexemesFile,
             [](std::string* blob) { blob->clear(); }),
        Blob("Entity", index::kEntitiesFile,
             [](std::string* blob) { *blob = "no separators"; }),
        Blob("FacetValue", index::kFacetValuesFile,
             [](std::string* blob) { blob->clear(); }),
        Blob("FrequentTerm", index::kFrequentTermsFile,
             [](std::string* blob) { *blob += "x"; }),
        Value<uint64_t>("FrequentSet", index::kFrequentSetsFile,
                        index::kFrequentSetsFile,
                        [](uint64_t* word) { *word ^= 1; }),
        Damage{"PostingLost", index::kPostingsFile, index::kPostingsFile,
               [](const std::string& path) {
                 ChangePostings(path, "Zen:pelican", 64);
               }},
        Damage{"EntityPosting", index::kPostingsFile, index::kPostingsFile,
               [](const std::string& path) {
                 ChangePostings(path, "ECITY/london", 1);
               }}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace footnote::pipeline
