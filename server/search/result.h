// What a search gives: passages with their footnotes, counts and facets.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/text_offset.h"
#include "indexer/index/document_record.h"
#include "server/search/spelling.h"

namespace footnote::search {

// A span of a document with the text it holds.
struct TextBlock {
  std::string text;
  Span span;  // in the document
};

// A matched word of a passage.
struct Highlight {
  Span span;         // relative to the passage's text
  std::string term;  // the folded word of the query that it matches
};

// An entity mentioned in a passage.
struct EntityMention {
  std::string type;
  std::string id;
  std::string name;
  Span span;  // in the document
};

// Where a text stands, and what proves it.
struct Provenance {
  Span span;                              // in the canonical text
  uint64_t first_line = 0;                // 1-based, inclusive
  uint64_t last_line = 0;                 // 1-based, inclusive
  std::vector<std::string> heading_path;  // outermost first
  uint32_t ordinal = 0;                   // of the passage in its document
  std::string previous_passage_id;        // "" for the first
  std::string next_passage_id;            // "" for the last
  Digest document_sha256{};               // the revision
  Digest text_sha256{};
  std::string prefix;  // up to 32 code points before the text
  std::string suffix;  // up to 32 code points after it
};

// One part of a passage's score.
struct Contribution {
  enum class Stage { kMatch, kRescore, kFeedback, kRecency, kFusion };

  Stage stage = Stage::kMatch;
  std::string word;   // "" where no word has a part in it
  std::string field;  // "text", "title", …; "own" or "external" of fusion
  double value = 0;   // a multiple of 2^-24
};

enum class ScoreKind { kNone, kBm25, kFused };

// A hidden result that repeats one that is shown.
struct Duplicate {
  std::string collection;
  std::string passage_id;
  std::string document_id;
  std::string title;
  std::string uri;
  double resemblance = 1;  // see RepeatFinder
};

// How many of the first results there are were hidden, by reason.
struct HiddenResults {
  uint32_t looked_at = 0;
  uint32_t duplicates = 0;
  uint32_t beyond_document = 0;  // past max_passages_per_document
};

// One passage with its footnote.
struct Passage {
  std::string passage_id;
  std::string collection;  // of a result of a search
  uint32_t rank = 0;       // 1-based; 0 outside a ranking
  double score = 0;        // higher is better; 0 outside a ranking
  double relevance = 0;    // [0, 1]; 0 outside a ranking
  ScoreKind score_kind = ScoreKind::kNone;
  std::vector<Contribution> contributions;  // where asked for; sum to `score`
  std::string text;
  std::vector<TextBlock> blocks;   // sentences; concatenated, they are `text`
  index::DocumentRecord document;  // empty in neighbours: it is the same
  Provenance provenance;
  std::vector<Highlight> highlights;    // by start, without overlap
  std::vector<EntityMention> mentions;  // by start, without overlap
  std::vector<Passage> previous;        // in document order; as asked for
  std::vector<Passage> next;            // in document order; as asked for
  // How many passages of its document match, where these are limited.
  std::optional<uint32_t> document_matches;
  std::vector<Duplicate> duplicates;  // by rank, the first of them
  uint32_t duplicate_count = 0;       // all of them
};

// Exact counts of what matches.
struct MatchCount {
  uint64_t passages = 0;
  uint64_t documents = 0;
};

// One value of a facet, with the matches that have it.
struct FacetValue {
  std::string value;  // "news", "ORG/anthropic", "2026-04", …
  std::string name;   // for people: "Anthropic"; as `value` where there is none
  MatchCount count;
};

// The values of one field over everything that matched.
struct Facet {
  std::string field;
  std::vector<FacetValue> values;  // by passages, then value
  uint64_t other_values = 0;       // distinct values beyond those listed
  // Of those values together; a match that has several counts for each.
  MatchCount other;
  MatchCount missing;  // matches that have no value
};

// Something the caller should know though the answer is right.
struct Warning {
  std::string code;  // a name of footnote.v1.Warning.Code
  std::string message;
};

struct SearchResult {
  std::vector<Passage> passages;    // in their order
  bool has_more = false;            // there are matches after these
  std::optional<MatchCount> count;  // where asked for and complete
  std::vector<Facet> facets;        // in the order asked for, or none
  bool truncated = false;           // the time limit passed
  std::string executed_query;       // the words that were searched for
  std::vector<Warning> warnings;
  std::optional<SpellingProposal> spelling;  // with the warning SPELLING
  std::optional<HiddenResults> hidden;  // where results may be, and complete
};

}  // namespace footnote::search
