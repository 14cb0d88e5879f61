// What must hold of everything with a span that leaves the server (promises 1
// and 2).

#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "indexer/index/segment.h"
#include "indexer/text/utf8.h"
#include "server/search/assemble.h"
#include "server/search/documents.h"
#include "server/search/result.h"
#include "tests/search/sliced_text.h"

namespace footnote::search {

// Checks that `span` of a document is `text` in all three units, and that it
// lies on grapheme boundaries.
inline void ExpectSpan(const SlicedText& document, const Span& span,
                       const std::string& text) {
  EXPECT_EQ(document.Bytes(span.start.bytes, span.end.bytes), text);
  EXPECT_EQ(document.Chars(span.start.chars, span.end.chars), text);
  EXPECT_EQ(document.Utf16(span.start.utf16, span.end.utf16), text);
  for (const uint64_t at : {span.start.bytes, span.end.bytes}) {
    EXPECT_TRUE(text::IsGraphemeBoundary(document.text(), at)) << at;
  }
  for (const uint64_t at : {span.start.chars, span.end.chars}) {
    EXPECT_FALSE(document.IsInsideCharacter(at)) << at;
  }
}

// Checks that a span has the same, non-empty text in all three units.
inline void ExpectSomeSpan(const SlicedText& document, const Span& span) {
  ASSERT_LT(span.start.bytes, span.end.bytes);
  ExpectSpan(document, span, document.Bytes(span.start.bytes, span.end.bytes));
}

inline uint64_t LineAt(std::string_view text, uint64_t at) {
  return 1 + static_cast<uint64_t>(
                 std::count(text.begin(), text.begin() + at, '\n'));
}

inline void ExpectProvenance(const SlicedText& document,
                             const Provenance& provenance,
                             const std::string& text) {
  constexpr uint64_t kChars = 32;
  const Span& span = provenance.span;
  ExpectSpan(document, span, text);
  EXPECT_EQ(provenance.text_sha256, Sha256Of(text));
  EXPECT_EQ(provenance.document_sha256, Sha256Of(document.text()));
  EXPECT_EQ(
      provenance.prefix,
      document.Chars(span.start.chars - std::min(span.start.chars, kChars),
                     span.start.chars));
  EXPECT_EQ(
      provenance.suffix,
      document.Chars(span.end.chars, std::min(span.end.chars + kChars,
                                              uint64_t{document.chars()})));
  EXPECT_EQ(provenance.first_line, LineAt(document.text(), span.start.bytes));
  EXPECT_EQ(provenance.last_line,
            LineAt(document.text(),
                   std::max(span.end.bytes, span.start.bytes + 1) - 1));
}

// Checks a passage by itself, neighbours included.
inline void ExpectPassage(const SlicedText& document, const Passage& passage) {
  ExpectProvenance(document, passage.provenance, passage.text);
  std::string blocks;
  TextOffset at = passage.provenance.span.start;
  for (const TextBlock& block : passage.blocks) {
    EXPECT_EQ(block.span.start, at);
    EXPECT_FALSE(block.text.empty());
    ExpectSpan(document, block.span, block.text);
    blocks += block.text;
    at = block.span.end;
  }
  EXPECT_EQ(at, passage.provenance.span.end);
  EXPECT_EQ(blocks, passage.text);

  const SlicedText text(passage.text);
  uint64_t last_end = 0;
  for (const Highlight& highlight : passage.highlights) {
    ExpectSomeSpan(text, highlight.span);
    EXPECT_GE(highlight.span.start.bytes, last_end);
    EXPECT_FALSE(highlight.term.empty());
    const uint64_t base = passage.provenance.span.start.bytes;
    for (const uint64_t end :
         {highlight.span.start.bytes, highlight.span.end.bytes}) {
      EXPECT_TRUE(text::IsGraphemeBoundary(document.text(), base + end));
    }
    last_end = highlight.span.end.bytes;
  }
  last_end = passage.provenance.span.start.bytes;
  for (const EntityMention& mention : passage.mentions) {
    ExpectSomeSpan(document, mention.span);
    EXPECT_GE(mention.span.start.bytes, last_end);
    last_end = mention.span.end.bytes;
  }
  EXPECT_LE(last_end, passage.provenance.span.end.bytes);
  for (const auto* neighbours : {&passage.previous, &passage.next}) {
    for (const Passage& neighbour : *neighbours) {
      ExpectPassage(document, neighbour);
    }
  }
}

// Returns the ids of the passages of a document in order.
inline std::vector<std::string> PassageIds(const index::Generation& generation,
                                           const std::string& document_id) {
  std::vector<std::string> ids;
  for (const auto& segment : generation.segments()) {
    if (const auto document = segment->FindDocument(document_id)) {
      const index::DocumentPlace& place = segment->document_place(*document);
      ids.reserve(place.passage_count);
      for (uint32_t i = 0; i < place.passage_count; ++i) {
        ids.push_back(
            PassageIdText(segment->passage_id(place.first_passage + i)));
      }
    }
  }
  return ids;
}

// Checks that the passages of a document tile its text, each of them, and the
// chain of their ids; adds the ids to `*all_ids`.
inline void ExpectTiling(const index::Generation& generation,
                         const std::string& document_id,
                         const SlicedText& document,
                         std::vector<std::string>* all_ids) {
  const std::vector<std::string> ids = PassageIds(generation, document_id);
  ASSERT_FALSE(ids.empty());
  std::string text;
  TextOffset at;
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto passage = GetPassage(View(generation), ids[i], 1, 2);
    ASSERT_TRUE(passage.ok()) << passage.status();
    const Provenance& provenance = passage->provenance;
    EXPECT_EQ(passage->passage_id, ids[i]);
    EXPECT_EQ(passage->document.document_id, document_id);
    EXPECT_EQ(passage->document.revision, Sha256Of(document.text()));
    EXPECT_EQ(passage->document.passage_count, ids.size());
    EXPECT_EQ(passage->document.size,
              (TextOffset{document.text().size(), document.chars(),
                          document.utf16_units()}));
    EXPECT_EQ(provenance.ordinal, i);
    EXPECT_EQ(provenance.span.start, at);
    EXPECT_EQ(provenance.previous_passage_id, i == 0 ? "" : ids[i - 1]);
    EXPECT_EQ(provenance.next_passage_id,
              i + 1 == ids.size() ? "" : ids[i + 1]);
    EXPECT_EQ(passage->previous.size(), std::min<size_t>(i, 1));
    EXPECT_EQ(passage->next.size(), std::min<size_t>(ids.size() - 1 - i, 2));
    EXPECT_FALSE(passage->text.empty());
    ExpectPassage(document, *passage);
    text += passage->text;
    at = provenance.span.end;
    all_ids->push_back(ids[i]);
  }
  EXPECT_EQ(text, document.text());
}

}  // namespace footnote::search
