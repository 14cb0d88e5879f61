#include "client/print.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

#include <google/protobuf/util/time_util.h>

#include "indexer/base/sha256.h"

namespace footnote::client {
namespace {

constexpr size_t kIndent = 3;
constexpr size_t kDigestDigits = 8;

std::string ShortDigest(const std::string& bytes) {
  return ToHex(bytes).substr(0, kDigestDigits) + "…";
}

// Returns the id of `collections/{collection}`.
std::string CollectionId(const std::string& name) {
  return MakeSafeLine(name.substr(name.rfind('/') + 1));
}

// Returns `name` with spaces up to `width`; names are ASCII.
std::string Pad(const std::string& name, size_t width) {
  return name + std::string(width - std::min(width, name.size()), ' ');
}

// Returns when a generation was built, and its digest.
std::string FormatBuild(const v1::GenerationRef& generation) {
  std::string line = "built ";
  line += google::protobuf::util::TimeUtil::ToString(generation.build_time());
  line += std::string(kDot) + "manifest sha256 ";
  line += ShortDigest(generation.manifest_sha256());
  return line;
}

std::string FormatGeneration(const v1::GenerationRef& generation,
                             const Terminal& terminal) {
  std::string line = "generation " + std::to_string(generation.generation());
  line += " of " + CollectionId(generation.collection());
  line += std::string(kDot) + FormatBuild(generation);
  return Dim(line, terminal);
}

std::string FormatHeadings(const v1::Provenance& provenance) {
  std::string path;
  for (const std::string& heading : provenance.heading_path()) {
    path += (path.empty() ? "" : " › ") + MakeSafeLine(heading);
  }
  return path;
}

std::vector<Mark> MarksOf(const v1::Passage& passage) {
  std::vector<Mark> marks;
  for (const v1::Highlight& highlight : passage.highlights()) {
    marks.push_back(
        {highlight.span().start_byte(), highlight.span().end_byte()});
  }
  return marks;
}

// Returns a passage's text with its neighbours, a blank line between them.
std::string FormatTexts(const v1::Passage& passage, const Terminal& terminal) {
  std::string text;
  for (const v1::Passage& neighbour : passage.previous()) {
    text += Dim(WrapText(neighbour.text(), {}, kIndent, terminal), terminal);
    text += "\n";
  }
  text += WrapText(passage.text(), MarksOf(passage), kIndent, terminal);
  for (const v1::Passage& neighbour : passage.next()) {
    text += "\n";
    text += Dim(WrapText(neighbour.text(), {}, kIndent, terminal), terminal);
  }
  return text;
}

// Returns "score 7.31 = 4.02 boiler + 3.29 boiler in title", wrapped.
std::string FormatScore(const v1::Passage& passage, const Terminal& terminal) {
  if (passage.contributions().empty()) {
    return "";
  }
  constexpr int kDigits = 32;
  const auto to_text = [](double value) {
    char digits[kDigits];
    const int size = std::snprintf(digits, sizeof(digits), "%.3f", value);
    return std::string(digits, static_cast<size_t>(size));
  };
  std::string text = "score " + to_text(passage.score()) + " (relevance " +
                     to_text(passage.relevance()) + ") =";
  for (const v1::Contribution& part : passage.contributions()) {
    text += text.back() == '=' ? " " : " + ";
    text += to_text(part.value());
    text += part.word().empty() ? "" : " " + MakeSafeLine(part.word());
    text += part.field().empty() ? " for its age" : " (" + part.field() + ")";
  }
  return Dim(WrapText(text, {}, kIndent, terminal), terminal);
}

// Returns what stands below a footnote: how many passages of the document
// match, and where else the passage stands.
std::string FormatCompany(const v1::Passage& passage,
                          const Terminal& terminal) {
  constexpr int kMostNamed = 5;
  std::string text;
  const auto add = [&](const std::string& line) {
    text += Dim(WrapText(line, {}, kIndent, terminal), terminal);
  };
  if (passage.has_document_matches()) {
    add(Plural(static_cast<uint64_t>(passage.document_matches()),
               "matching passage") +
        " in this document");
  }
  const int named = std::min(passage.duplicates_size(), kMostNamed);
  for (int i = 0; i < named; ++i) {
    constexpr double kPercent = 100;
    const v1::Duplicate& duplicate = passage.duplicates(i);
    std::string line = "also in: " + MakeSafeLine(duplicate.title());
    line += kDot;
    line += MakeSafeLine(duplicate.uri());
    line += kDot;
    line +=
        std::to_string(static_cast<int>(duplicate.resemblance() * kPercent));
    add(line + " % alike");
  }
  if (passage.duplicate_count() > named) {
    add("and in " + std::to_string(passage.duplicate_count() - named) +
        " more");
  }
  return text;
}

// Returns one passage under its number, with the footnote below.
// `collection` is named where there are several, else empty.
std::string FormatNumbered(int number, const v1::Passage& passage,
                           const Terminal& terminal,
                           const std::string& collection = "") {
  const std::string headings = FormatHeadings(passage.provenance());
  const std::string head =
      std::to_string(number) + "." + (headings.empty() ? "" : " " + headings);
  const std::string footnote =
      FormatFootnote(number, passage.document(), passage.provenance().span(),
                     passage.provenance().text_sha256()) +
      (collection.empty() ? "" : kDot + collection);
  return Bold(head, terminal) + "\n" + FormatTexts(passage, terminal) +
         FormatScore(passage, terminal) + std::string(kIndent, ' ') +
         Dim(footnote, terminal) + "\n" + FormatCompany(passage, terminal) +
         "\n";
}

// Returns "hidden of the first 120 results: 3 duplicates, 12 beyond …".
std::string FormatHidden(const v1::HiddenResults& hidden) {
  std::string text;
  const auto add = [&](int count, const char* what) {
    if (count > 0) {
      text += (text.empty() ? "" : ", ") + std::to_string(count) + what;
    }
  };
  add(hidden.duplicates(), " for what they repeat");
  add(hidden.beyond_document(), " for others of their document");
  return text.empty()
             ? ""
             : "hidden of the first " +
                   Plural(static_cast<uint64_t>(hidden.looked_at()), "result") +
                   ": " + text + "\n";
}

std::string FacetTitle(const std::string& field) {
  if (field == "entity_type") {
    return "entity types";
  }
  if (field == "entity") {
    return "entities";
  }
  std::string title = MakeSafeLine(field);
  std::replace(title.begin(), title.end(), '_', ' ');
  return title;
}

// Returns "news 10 · analysis 2 · 3 more · none 1".
std::string FormatFacetValues(const v1::Facet& facet) {
  std::string values;
  const auto add = [&](const std::string& value) {
    values += (values.empty() ? "" : std::string(kDot)) + value;
  };
  for (const v1::FacetValue& value : facet.values()) {
    add(MakeSafeLine(value.name()) + " " +
        std::to_string(value.count().passages()));
  }
  if (facet.other_values() > 0) {
    add(std::to_string(facet.other_values()) + " more");
  }
  if (facet.missing().passages() > 0) {
    add("none " + std::to_string(facet.missing().passages()));
  }
  return values;
}

std::string FormatFacets(const v1::SearchResponse& response,
                         const Terminal& terminal) {
  constexpr size_t kTitleWidth = 15;
  std::string text;
  for (const v1::Facet& facet : response.facets()) {
    if (facet.values().empty()) {
      continue;
    }
    const std::string title =
        Pad("  " + FacetTitle(facet.field()), kTitleWidth);
    // Values wrap under each other, right of the title.
    const std::string values =
        WrapText(FormatFacetValues(facet), {}, title.size() + 1, terminal);
    text += title + values.substr(title.size());
  }
  return text.empty() ? "" : Bold("Passages by", terminal) + "\n" + text + "\n";
}

std::string FormatBlock(const v1::TextBlock& block, const Terminal& terminal) {
  return terminal.interactive ? MakeSafeText(block.text()) : block.text();
}

std::string EndLine(std::string text) {
  if (!text.empty() && text.back() != '\n') {
    text.push_back('\n');
  }
  return text;
}

template <typename Response>
std::string FormatWarnings(const Response& response) {
  std::string text;
  for (const v1::Warning& warning : response.warnings()) {
    text += "note: " + MakeSafeLine(warning.message()) + "\n";
  }
  return text;
}

// Returns what has become of a cited span, in lines.
std::string FormatSuperseded(const v1::GetSpanResponse& response) {
  if (!response.has_superseded()) {
    return "";
  }
  const v1::Superseded& superseded = response.superseded();
  std::string text = "superseded: generation " +
                     std::to_string(superseded.current_generation());
  text += superseded.document_gone()
              ? " no longer has the document\n"
              : " has revision " + MakeSafeLine(superseded.current_revision()) +
                    "\n";
  for (const v1::Span& span : response.moved_to()) {
    text += "moved to: bytes " + std::to_string(span.start_byte()) + "-" +
            std::to_string(span.end_byte()) + "\n";
  }
  return text;
}

}  // namespace

std::string Plural(uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string FormatFootnote(int number, const v1::DocumentRef& document,
                           const v1::Span& span, const std::string& sha256) {
  std::string line = "[" + std::to_string(number) + "] ";
  line += MakeSafeLine(document.title());
  line += kDot;
  line += MakeSafeLine(document.uri());
  line += kDot;
  line += "bytes " + std::to_string(span.start_byte());
  line += "-" + std::to_string(span.end_byte());
  line += kDot;
  line += "sha256 " + ShortDigest(sha256);
  return line;
}

std::string FormatSearch(const v1::SearchResponse& response,
                         const Terminal& terminal) {
  std::string text = FormatWarnings(response);
  for (const v1::Passage& passage : response.passages()) {
    text += FormatNumbered(passage.rank(), passage, terminal,
                           response.generations().empty()
                               ? ""
                               : CollectionId(passage.name().substr(
                                     0, passage.name().find("/passages/"))));
  }
  if (response.passages().empty()) {
    text += "No passage matches.\n\n";
  }
  text += response.passages().empty() ? "" : FormatFacets(response, terminal);
  if (response.has_count()) {
    text += Plural(response.count().passages(), "passage") + " in " +
            Plural(response.count().documents(), "document") + "\n";
  }
  text += FormatHidden(response.hidden());
  if (!response.next_page_token().empty()) {
    text += "more: --page-token " + response.next_page_token() + "\n";
  }
  for (const v1::GenerationRef& generation : response.generations()) {
    text += FormatGeneration(generation, terminal) + "\n";
  }
  return response.has_generation()
             ? text + FormatGeneration(response.generation(), terminal) + "\n"
             : text;
}

std::string FormatDocument(const v1::GetDocumentResponse& response,
                           uint64_t next_byte, const Terminal& terminal) {
  const std::string footnote =
      FormatFootnote(1, response.document(), response.content().span(),
                     response.content_sha256());
  std::string text = EndLine(FormatBlock(response.content(), terminal));
  text += "\n" + Dim(footnote, terminal) + "\n";
  if (next_byte > 0) {
    text += "more: --start " + std::to_string(next_byte) + "\n";
  }
  return text + FormatGeneration(response.generation(), terminal) + "\n";
}

std::string FormatPassage(const v1::GetPassageResponse& response,
                          const Terminal& terminal) {
  return FormatWarnings(response) +
         FormatNumbered(1, response.passage(), terminal) +
         FormatGeneration(response.generation(), terminal) + "\n";
}

std::string FormatSpan(const v1::GetSpanResponse& response,
                       const Terminal& terminal) {
  const std::string footnote =
      FormatFootnote(1, response.document(), response.content().span(),
                     response.provenance().text_sha256());
  std::string text = FormatWarnings(response);
  text += Dim(FormatBlock(response.before(), terminal), terminal);
  text += Bold(FormatBlock(response.content(), terminal), terminal);
  text += Dim(FormatBlock(response.after(), terminal), terminal);
  return EndLine(text) + "\n" + Dim(footnote, terminal) + "\n" +
         FormatSuperseded(response) +
         FormatGeneration(response.generation(), terminal) + "\n";
}

std::string FormatDocuments(const v1::ListDocumentsResponse& response,
                            const Terminal& terminal) {
  std::string text = FormatWarnings(response);
  for (const v1::DocumentRef& document : response.documents()) {
    text += MakeSafeLine(document.name());
    text += kDot;
    text += MakeSafeLine(document.title());
    text += kDot;
    text += MakeSafeLine(document.language());
    text += "\n";
  }
  if (!response.next_page_token().empty()) {
    text += "more: --page-token " + response.next_page_token() + "\n";
  }
  return text + FormatGeneration(response.generation(), terminal) + "\n";
}

std::string FormatCollections(const v1::ListCollectionsResponse& response) {
  std::string text;
  for (const v1::Collection& collection : response.collections()) {
    text += CollectionId(collection.name());
    text += kDot;
    text += Plural(collection.document_count(), "document");
    text += kDot;
    text += Plural(collection.passage_count(), "passage");
    text += kDot;
    text += "generation ";
    text += std::to_string(collection.generation().generation());
    text += kDot;
    text += FormatBuild(collection.generation()) + "\n";
  }
  return text.empty() ? "There is no collection.\n" : text;
}

}  // namespace footnote::client
