#include <algorithm>
#include <string>
#include <string_view>

#include "client/print.h"
#include "client/terminal.h"

namespace footnote::client {
namespace {

// Returns completions of one kind, a line each, with how many passages have
// them.
std::string FormatCompletions(
    const google::protobuf::RepeatedPtrField<v1::Completion>& completions,
    std::string_view kind, const Terminal& terminal) {
  std::string text;
  for (const v1::Completion& completion : completions) {
    std::string note(kind);
    if (!completion.entity().empty()) {
      note += " " + MakeSafeLine(completion.entity());
    }
    note += ", " + std::to_string(completion.passage_count()) +
            (completion.passage_count() == 1 ? " passage" : " passages");
    text += MakeSafeLine(completion.text()) + "  " + Dim(note, terminal) + "\n";
  }
  return text;
}

}  // namespace

std::string FormatSuggestions(const v1::SuggestResponse& response,
                              const Terminal& terminal) {
  std::string text;
  if (response.has_spelling()) {
    text += "did you mean: " + MakeSafeLine(response.spelling().text()) + "\n";
  }
  text += FormatCompletions(response.words(), "word", terminal);
  text += FormatCompletions(response.entities(), "entity", terminal);
  text += FormatCompletions(response.titles(), "title", terminal);
  return text.empty() ? "nothing begins so\n" : text;
}

}  // namespace footnote::client
