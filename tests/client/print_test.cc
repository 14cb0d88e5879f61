#include "client/print.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/base/sha256.h"

namespace footnote::client {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Terminal kPlain{false, false, 80};
constexpr Terminal kColor{true, true, 80};

v1::SearchResponse MakeResponse() {
  v1::SearchResponse response;
  v1::Passage* passage = response.add_passages();
  passage->set_rank(1);
  passage->set_text("The red fox runs. ");
  v1::Highlight* highlight = passage->add_highlights();
  highlight->mutable_span()->set_start_byte(8);
  highlight->mutable_span()->set_end_byte(11);
  passage->mutable_document()->set_title("Foxes");
  passage->mutable_document()->set_uri("footnote:fox.md");
  v1::Provenance* provenance = passage->mutable_provenance();
  provenance->mutable_span()->set_start_byte(120);
  provenance->mutable_span()->set_end_byte(138);
  provenance->set_text_sha256(ToBytes(Sha256Of("The red fox runs. ")));
  provenance->add_heading_path("Animals");
  provenance->add_heading_path("Foxes");
  response.mutable_count()->set_passages(1);
  response.mutable_count()->set_documents(1);
  v1::Facet* facet = response.add_facets();
  facet->set_field("entity_type");
  v1::FacetValue* value = facet->add_values();
  value->set_name("ORG");
  value->mutable_count()->set_passages(7);
  facet->set_other_values(3);
  facet->mutable_missing()->set_passages(2);
  v1::GenerationRef* generation = response.mutable_generation();
  generation->set_collection("collections/seeds");
  generation->set_generation(7);
  generation->mutable_build_time()->set_seconds(1776763800);
  generation->set_manifest_sha256(std::string(32, '\xAB'));
  return response;
}

TEST(FormatSearch, ShowsPassagesFootnotesFacetsAndGeneration) {
  EXPECT_EQ(FormatSearch(MakeResponse(), kPlain),
            "1. Animals › Foxes\n"
            "   The red fox runs.\n"
            "   [1] Foxes · footnote:fox.md · bytes 120-138 · sha256 " +
                ToHex(Sha256Of("The red fox runs. ")).substr(0, 8) +
                "…\n"
                "\n"
                "Passages by\n"
                "  entity types  ORG 7 · 3 more · none 2\n"
                "\n"
                "1 passage in 1 document\n"
                "generation 7 of seeds · built 2026-04-21T09:30:00Z · "
                "manifest sha256 abababab…\n");
}

TEST(FormatSearch, ShowsWhatIsHiddenAndWhere) {
  v1::SearchResponse response = MakeResponse();
  v1::Passage* passage = response.mutable_passages(0);
  passage->set_document_matches(7);
  for (int i = 1; i <= 6; ++i) {
    v1::Duplicate* duplicate = passage->add_duplicates();
    duplicate->set_title("Copy " + std::to_string(i));
    duplicate->set_uri("footnote:copy");
    duplicate->set_resemblance(0.999);
  }
  passage->set_duplicate_count(25);
  response.mutable_hidden()->set_looked_at(1000);
  response.mutable_hidden()->set_duplicates(25);
  response.mutable_hidden()->set_beyond_document(12);
  const std::string text = FormatSearch(response, kPlain);
  EXPECT_THAT(text,
              HasSubstr("…\n"
                        "   7 matching passages in this document\n"
                        "   also in: Copy 1 · footnote:copy · 99 % alike\n"
                        "   also in: Copy 2"));
  EXPECT_THAT(text, HasSubstr("Copy 5 · footnote:copy · 99 % alike\n"
                              "   and in 20 more\n"
                              "\n"));
  EXPECT_THAT(text, Not(HasSubstr("Copy 6")));
  EXPECT_THAT(text,
              HasSubstr("1 passage in 1 document\n"
                        "hidden of the first 1000 results: 25 for what they "
                        "repeat, 12 for others of their document\n"));
  response.mutable_hidden()->clear_duplicates();
  EXPECT_THAT(FormatSearch(response, kPlain),
              HasSubstr("results: 12 for others of their document\n"));
}

TEST(FormatSearch, HighlightsOnTerminals) {
  EXPECT_THAT(FormatSearch(MakeResponse(), kColor),
              HasSubstr("The red \x1b[1;33mfox\x1b[0m runs."));
}

TEST(FormatSearch, ShowsWarningsAndFurtherPages) {
  v1::SearchResponse response = MakeResponse();
  response.clear_passages();
  response.add_warnings()->set_message("nothing to look for");
  response.set_next_page_token("abc");
  const std::string text = FormatSearch(response, kPlain);
  EXPECT_THAT(text, HasSubstr("note: nothing to look for\n"));
  EXPECT_THAT(text, HasSubstr("No passage matches.\n"));
  EXPECT_THAT(text, HasSubstr("more: --page-token abc\n"));
  EXPECT_THAT(text, Not(HasSubstr("Passages by")));
}

TEST(FormatSearch, LeavesOutFacetsThatNoPassageHas) {
  v1::SearchResponse response = MakeResponse();
  v1::Facet* dates = response.add_facets();
  dates->set_field("date");
  dates->mutable_missing()->set_passages(1);
  EXPECT_THAT(FormatSearch(response, kPlain), HasSubstr("entity types  ORG"));
  EXPECT_THAT(FormatSearch(response, kPlain), Not(HasSubstr("date")));
  response.mutable_facets()->DeleteSubrange(0, 1);
  EXPECT_THAT(FormatSearch(response, kPlain), Not(HasSubstr("Passages by")));
}

TEST(FormatSearch, ShowsNeighboursInOrder) {
  v1::SearchResponse response = MakeResponse();
  response.mutable_passages(0)->add_previous()->set_text("Before.\n");
  response.mutable_passages(0)->add_next()->set_text("After.\n");
  EXPECT_THAT(FormatSearch(response, kPlain),
              HasSubstr("   Before.\n\n   The red fox runs.\n\n   After.\n"));
}

// What comes from documents must not steer a terminal.
TEST(FormatSearch, LetsNoControlCharacterThrough) {
  v1::SearchResponse response = MakeResponse();
  const std::string evil = "x\x1b]0;title\x07\x9b";
  v1::Passage* passage = response.mutable_passages(0);
  passage->set_text(evil);
  passage->add_duplicates()->set_title(evil);
  passage->mutable_duplicates(0)->set_uri(evil);
  passage->mutable_document()->set_title(evil);
  passage->mutable_document()->set_uri(evil);
  passage->mutable_provenance()->set_heading_path(0, evil);
  response.mutable_facets(0)->mutable_values(0)->set_name(evil);
  response.mutable_facets(0)->set_field(evil);
  response.mutable_generation()->set_collection(evil);
  response.add_warnings()->set_message(evil);
  const std::string text = FormatSearch(response, kPlain);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    EXPECT_TRUE(byte >= 0x20 || byte == '\n');
    EXPECT_NE(byte, 0x7F);
  }
}

v1::GetDocumentResponse MakeDocument(const std::string& text) {
  v1::GetDocumentResponse response;
  response.mutable_document()->set_title("Foxes");
  response.mutable_document()->set_uri("footnote:fox.md");
  response.mutable_content()->set_text(text);
  response.mutable_content()->mutable_span()->set_end_byte(text.size());
  response.set_content_sha256(ToBytes(Sha256Of(text)));
  return response;
}

TEST(FormatDocument, IsExactInFilesAndSafeOnTerminals) {
  const auto response = MakeDocument("a\x1b[2Jb\n");
  EXPECT_THAT(FormatDocument(response, 0, kPlain),
              testing::StartsWith("a\x1b[2Jb\n\n[1] Foxes"));
  EXPECT_THAT(FormatDocument(response, 0, kColor),
              testing::StartsWith("a␛[2Jb\n\n"));
}

TEST(FormatSpan, ShowsContextInOrder) {
  v1::GetSpanResponse response;
  response.mutable_before()->set_text("The ");
  response.mutable_content()->set_text("fox");
  response.mutable_after()->set_text(" runs.");
  EXPECT_THAT(FormatSpan(response, kPlain),
              testing::StartsWith("The fox runs.\n\n[1] "));
}

TEST(FormatCollections, SaysSoWhereThereIsNone) {
  EXPECT_EQ(FormatCollections({}), "There is no collection.\n");
}

TEST(FormatDocuments, ListsNamesAndTitles) {
  v1::ListDocumentsResponse response;
  v1::DocumentRef* document = response.add_documents();
  document->set_name("collections/seeds/documents/fox.md");
  document->set_title("Foxes");
  document->set_language("en");
  EXPECT_THAT(FormatDocuments(response, kPlain),
              HasSubstr("collections/seeds/documents/fox.md · Foxes · en\n"));
}

}  // namespace
}  // namespace footnote::client
