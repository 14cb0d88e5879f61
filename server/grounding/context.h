// What a context for a language model is packed from, and what comes of it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/search/result.h"

namespace footnote::grounding {

// Limits, stated in the API.
inline constexpr size_t kMaxContextPassages = 100;
inline constexpr uint64_t kMaxContextSize = 1 << 20;  // of any unit

enum class ContextUnit { kTokens, kChars, kBytes };
enum class ContextOrder { kRank, kDocument, kNewest, kOldest };
enum class ContextFormat { kPlain, kMarkdown, kXml };

struct ContextOptions {
  ContextUnit unit = ContextUnit::kTokens;
  uint64_t budget = 0;  // of the whole rendered text
  ContextOrder order = ContextOrder::kRank;
  ContextFormat format = ContextFormat::kPlain;
};

// How long a text is in each unit.
struct ContextSize {
  uint64_t tokens = 0;  // EstimateTokens()
  uint64_t chars = 0;
  uint64_t bytes = 0;

  uint64_t In(ContextUnit unit) const {
    return unit == ContextUnit::kTokens  ? tokens
           : unit == ContextUnit::kChars ? chars
                                         : bytes;
  }
};

// A span of whole sentences of one document.
struct ContextBlock {
  std::string key;    // of its footnote: "1", "2", …
  uint32_t rank = 0;  // of its best passage, from 1
  search::TextBlock content;
  index::DocumentRecord document;
  search::Provenance provenance;
  std::vector<std::string> passage_ids;  // whose sentences it has
  uint64_t rendered_start = 0;           // byte of the rendered text
  uint64_t rendered_end = 0;             // exclusive
};

enum class LeftOutReason {
  kBudget,     // does not fit, not a sentence of it
  kCut,        // only some of its sentences fit
  kDuplicate,  // nearly the same stands in the context
  kNoWords,    // has no word
};

// A passage that is not in a context, or not all of it.
struct LeftOut {
  std::string passage_id;
  std::string document_id;
  uint32_t rank = 0;  // from 1
  LeftOutReason reason = LeftOutReason::kBudget;
  std::string duplicate_of;  // a passage id, with kDuplicate
};

struct PackedContext {
  std::string text;  // as rendered
  ContextSize size;  // of `text`
  std::vector<ContextBlock> blocks;
  std::vector<LeftOut> left_out;  // by rank
};

}  // namespace footnote::grounding
