#include "client/print_context.h"

#include <string_view>

#include "client/print.h"

namespace footnote::client {
namespace {

std::string ReasonOf(const v1::LeftOutPassage& left_out) {
  switch (left_out.reason()) {
    case v1::LeftOutPassage::REASON_BUDGET:
      return "does not fit";
    case v1::LeftOutPassage::REASON_CUT:
      return "in part: not all of its sentences fit";
    case v1::LeftOutPassage::REASON_DUPLICATE:
      return "repeats " + MakeSafeLine(left_out.duplicate_of());
    case v1::LeftOutPassage::REASON_NO_WORDS:
      return "has no word";
    default:
      return "left out";
  }
}

}  // namespace

std::string FormatContext(const v1::PackContextResponse& response,
                          const Terminal& terminal) {
  std::string text;
  for (const v1::Warning& warning : response.warnings()) {
    text += "note: " + MakeSafeLine(warning.message()) + "\n";
  }
  text +=
      terminal.interactive ? MakeSafeText(response.text()) : response.text();
  const v1::ContextSize& size = response.size();
  text += "\n" + Bold("Size", terminal) + "\n  about " +
          std::to_string(size.tokens()) + " tokens" + std::string(kDot) +
          std::to_string(size.chars()) + " characters" + std::string(kDot) +
          std::to_string(size.bytes()) + " bytes\n";
  text += "\n" + Bold("Footnotes", terminal) + "\n";
  int number = 0;
  for (const v1::ContextBlock& block : response.blocks()) {
    text += "  " +
            Dim(FormatFootnote(++number, block.document(),
                               block.provenance().span(),
                               block.provenance().text_sha256()),
                terminal) +
            "\n";
  }
  if (response.left_out_size() > 0) {
    text += "\n" + Bold("Left out", terminal) + "\n";
  }
  for (const v1::LeftOutPassage& left_out : response.left_out()) {
    text += "  " + std::to_string(left_out.rank()) + ". " +
            MakeSafeLine(left_out.document_id()) + std::string(kDot) +
            MakeSafeLine(left_out.passage_id()) + std::string(kDot) +
            ReasonOf(left_out) + "\n";
  }
  return text;
}

}  // namespace footnote::client
