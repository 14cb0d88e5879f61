// What the engine gives, as protobuf. Texts are moved, not copied, where the
// argument is given up.

#pragma once

#include <string>
#include <string_view>

#include "footnote/v1/collapse.pb.h"
#include "footnote/v1/collection.pb.h"
#include "footnote/v1/document.pb.h"
#include "footnote/v1/facet.pb.h"
#include "footnote/v1/passage.pb.h"
#include "footnote/v1/span.pb.h"
#include "footnote/v1/suggestion.pb.h"
#include "footnote/v1/warning.pb.h"
#include "indexer/index/generation.h"
#include "server/search/result.h"
#include "server/search/view.h"

namespace footnote::service {

// What a conversion needs to know of the request.
struct OutputFormat {
  std::string_view collection;  // for resource names
  bool include_utf16 = false;   // in spans
};

void Convert(const Span& span, const OutputFormat& format, v1::Span* out);
void Convert(search::TextBlock&& block, const OutputFormat& format,
             v1::TextBlock* out);
void Convert(const TextOffset& size, v1::TextSize* out);
void Convert(index::DocumentRecord&& document, const OutputFormat& format,
             v1::DocumentRef* out);
void Convert(search::Provenance&& provenance, const OutputFormat& format,
             v1::Provenance* out);
// Neighbours come out without document: it is the passage's own.
void Convert(search::Passage&& passage, const OutputFormat& format,
             v1::Passage* out);
void Convert(const search::MatchCount& count, v1::MatchCount* out);
void Convert(const search::HiddenResults& hidden, v1::HiddenResults* out);
void Convert(search::Facet&& facet, v1::Facet* out);
void Convert(search::SpellingProposal&& proposal, v1::SpellingProposal* out);
void Convert(search::Warning&& warning, v1::Warning* out);
// Adds what an answer from a generation cannot have, where segments are
// missing.
void AddWarnings(const index::Generation& generation,
                 google::protobuf::RepeatedPtrField<v1::Warning>* out);
void Convert(const index::GenerationInfo& info, v1::GenerationRef* out);
// With the counts of what is seen.
void Convert(const search::View& view, v1::Collection* out);

}  // namespace footnote::service
