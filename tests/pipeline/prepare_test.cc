#include "indexer/pipeline/prepare.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::pipeline {
namespace {

using testing::ElementsAre;

// The passages of a collection of one source.
std::vector<std::string> PassagesOf(const std::string& name,
                                    const std::string& bytes) {
  GrowingCollection collection;
  collection.Write(name, bytes);
  const auto generation = collection.BuildAndOpen();
  std::vector<std::string> texts;
  if (generation != nullptr) {
    const index::Segment& segment = *generation->segments()[0];
    for (uint32_t i = 0; i < segment.passage_count(); ++i) {
      const index::PassagePlace& place = segment.passage_place(i);
      texts.push_back(
          *segment.ReadText(place.document, place.start, place.end));
    }
  }
  return texts;
}

// The blocks of the only passage of a source.
std::vector<std::string> BlocksOf(const std::string& name,
                                  const std::string& bytes) {
  GrowingCollection collection;
  collection.Write(name, bytes);
  const auto generation = collection.BuildAndOpen();
  const index::Segment& segment = *generation->segments()[0];
  EXPECT_EQ(segment.passage_count(), 1U);
  std::vector<std::string> blocks;
  uint64_t at = 0;
  for (const uint32_t size : segment.ReadSentenceBytes(0)) {
    blocks.push_back(*segment.ReadText(0, at, at + size));
    at += size;
  }
  return blocks;
}

std::string Prose(const std::string& word, int words) {
  std::string text;
  for (int i = 1; i <= words; ++i) {
    text += (i % 10 == 1 ? "So " : "") + word + (i % 10 == 0 ? ". " : " ");
  }
  text.back() = '\n';
  return text;
}

TEST(Prepare, OpensPassagesAtHeadings) {
  for (const std::string& end : {std::string("\n"), std::string("\r\n")}) {
    const auto lines = [&](std::initializer_list<std::string> each) {
      std::string text;
      for (const std::string& line : each) {
        text.append(line).append(end);
      }
      return text;
    };
    const std::string first = lines({"# One", "", Prose("alpha", 100)});
    const std::string second = lines({"## Two", "", Prose("beta", 100)});
    const std::string third =
        lines({"Three", "=====", ""}) + Prose("gamma", 100);
    std::string text = first;
    text.append(second).append(third);
    EXPECT_THAT(PassagesOf("a.md", text), ElementsAre(first, second, third));
  }
}

// A heading stays with what it is the heading of, however short or long that
// is.
TEST(Prepare, NeverEndsWithAHeading) {
  std::string text;
  for (int words = 10; words < 400; words += 30) {
    text +=
        Prose("word", words) + "\n## Heading " + std::to_string(words) + "\n\n";
  }
  text += "The end.\n";
  for (const std::string& passage : PassagesOf("a.md", text)) {
    const size_t last_line =
        passage.rfind('\n', passage.find_last_not_of('\n')) + 1;
    EXPECT_NE(passage.compare(last_line, 2, "##"), 0) << passage;
  }
}

TEST(Prepare, KeepsHeadingsApartFromText) {
  EXPECT_THAT(BlocksOf("a.md", "# One\n\nText of one. More.\n\n## Two\nNext."),
              ElementsAre("# One\n\n", "Text of one. ", "More.\n\n", "## Two\n",
                          "Next."));
  EXPECT_THAT(BlocksOf("a.md", "# One\r\n\r\nText.\r\n## Two\r\nNext."),
              ElementsAre("# One\r\n\r\n", "Text.\r\n", "## Two\r\n", "Next."));
}

TEST(Prepare, TakesHeadingsRightAfterEachOther) {
  EXPECT_THAT(BlocksOf("a.md", "# one and\n## two and\nthree and four"),
              ElementsAre("# one and\n", "## two and\n", "three and four"));
  EXPECT_THAT(BlocksOf("a.md", "# A\n# B\n# C"),
              ElementsAre("# A\n", "# B\n", "# C"));
}

TEST(Prepare, HasNoBlocksOfWhiteSpaceAlone) {
  for (const std::string text :
       {"# One\n\n\nText.\n\n\n## Two\n \n\nNext.", "Setext\n---\n\nText.",
        "# Only\n\n", "\n\n# After blank lines\n\nText."}) {
    const auto blocks = BlocksOf("a.md", text);
    for (size_t i = 1; i < blocks.size(); ++i) {
      EXPECT_NE(blocks[i].find_first_not_of(" \n\r"), std::string::npos)
          << testing::PrintToString(text);
    }
  }
}

// Etags: any part of a document, or of what analyses it, makes another.
TEST(EtagOf, DependsOnEverything) {
  const auto base = [] {
    sources::SourceDocument document;
    document.document_id = "id";
    document.text = "text";
    document.title = "title";
    document.metadata = {{"a", 1}};
    return document;
  };
  const Digest etag = EtagOf(base(), "analyzer", "entities");
  EXPECT_EQ(EtagOf(base(), "analyzer", "entities"), etag);
  EXPECT_NE(EtagOf(base(), "analyzer2", "entities"), etag);
  EXPECT_NE(EtagOf(base(), "analyzer", "entities2"), etag);
  const std::vector<void (*)(sources::SourceDocument*)> changes = {
      [](auto* document) { document->document_id = "id2"; },
      [](auto* document) { document->text = "text2"; },
      [](auto* document) { document->title = "title2"; },
      [](auto* document) { document->uri = "uri"; },
      [](auto* document) { document->filename = "name"; },
      [](auto* document) { document->media_type = "text/plain"; },
      [](auto* document) { document->source_type = "news"; },
      [](auto* document) { document->language = "en"; },
      [](auto* document) { document->create_time = 0; },
      [](auto* document) { document->update_time = 0; },
      [](auto* document) { document->embargo_time = 0; },
      [](auto* document) { document->expire_time = 0; },
      [](auto* document) { document->access_labels = {"a"}; },
      [](auto* document) { document->metadata["a"] = 2; },
      [](auto* document) {
        document->title = "";
        document->uri = "title";
      }};
  for (size_t i = 0; i < changes.size(); ++i) {
    sources::SourceDocument changed = base();
    changes[i](&changed);
    EXPECT_NE(EtagOf(changed, "analyzer", "entities"), etag) << i;
  }
}

}  // namespace
}  // namespace footnote::pipeline
