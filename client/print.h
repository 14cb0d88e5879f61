// Responses as people read them.

#pragma once

#include <cstdint>
#include <string>

#include "client/terminal.h"
#include "footnote/v1/collection_service.pb.h"
#include "footnote/v1/document_service.pb.h"
#include "footnote/v1/search_service.pb.h"

namespace footnote::client {

// Return a response as text. Whatever comes from documents is made safe for a
// terminal. `next_byte` is where a text that comes in pieces goes on, 0 where
// it ends.
std::string FormatSearch(const v1::SearchResponse& response,
                         const Terminal& terminal);
std::string FormatDocument(const v1::GetDocumentResponse& response,
                           uint64_t next_byte, const Terminal& terminal);
std::string FormatPassage(const v1::GetPassageResponse& response,
                          const Terminal& terminal);
std::string FormatSpan(const v1::GetSpanResponse& response,
                       const Terminal& terminal);
std::string FormatDocuments(const v1::ListDocumentsResponse& response,
                            const Terminal& terminal);
std::string FormatSuggestions(const v1::SuggestResponse& response,
                              const Terminal& terminal);
std::string FormatCollections(const v1::ListCollectionsResponse& response);

// What parts of a line are told apart by.
inline constexpr char kDot[] = " · ";

// Returns "1 passage", "2 passages".
std::string Plural(uint64_t count, const std::string& noun);

// Returns the footnote of a text in one line:
// "[1] title · uri · bytes 120-480 · sha256 ab12cd34…".
std::string FormatFootnote(int number, const v1::DocumentRef& document,
                           const v1::Span& span, const std::string& sha256);

}  // namespace footnote::client
