#include "server/grounding/cues.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "indexer/text/fold.h"

namespace footnote::grounding {
namespace {

struct CueList {
  std::string_view language;
  uint16_t meaning;
  Reach reach;
  std::string_view phrases;  // divided by '|'
};

constexpr CueList kCues[] = {
    {"en", kNegated, Reach::kForward,
     "not|never|cannot|can't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|"
     "won't|wouldn't|shouldn't|couldn't|hasn't|haven't|hadn't|mustn't|needn't|"
     "without|no longer|nobody|no one|nothing|nowhere|neither|nor|none|hardly|"
     "scarcely|barely|instead of|rather than|far from|by no means"},
    {"en", kNegated, Reach::kNoun, "no|zero"},
    {"en", kOpposed, Reach::kForward,
     "refuse|refuses|refused|refusing|decline to|declines to|declined to|"
     "declining to|deny|denies|denied|denying|reject|rejects|rejected|"
     "rejecting|fail to|fails to|failed to|failing to|lack|lacks|lacked|"
     "lacking|unable|impossible|vote against|"
     "voted against|voting "
     "against|avoid|avoids|avoided|avoiding|escape|"
     "escapes|"
     "escaped|evade|evades|evaded|"
     "prevent|prevents|prevented|preventing|stop|stops|stopped|stopping|"
     "cease|ceases|ceased|forbid|forbids|forbade|forbidden|ban|bans|banned|"
     "prohibit|prohibits|prohibited|exclude|excludes|excluded|excluding|"
     "dispute|disputes|disputed|unclear|uncertain|unknown|unwilling"},
    {"en", kOpposed, Reach::kClause,
     "unlikely|improbable|declined|declines|shut out|ruled "
     "out|contrary|opposite|false|untrue|"
     "unfounded|wrong"},
    {"en", kAble, Reach::kForward, "can|able to"},
    {"en", kPossible, Reach::kForward,
     "may|might|could|possibly|perhaps|maybe|whether|conceivably|"
     "permitted to|allowed to|free to|capable of"},
    {"en", kPossible, Reach::kClause,
     "possible|potential|potentially|allegedly|suspected"},
    {"en", kLikely, Reach::kFar,
     "expect|expects|expected|believe|believes|believed|hope|hopes|hoped|"
     "fear|fears|feared|suspect|suspects|bet|bets|predict|predicts|predicted|"
     "forecast|forecasts|anticipate|anticipates|anticipated|assume|assumes|"
     "assumed|think|thinks|thought|speculate|speculates|speculated"},
    {"en", kLikely, Reach::kClause, "likely|probable|probably|presumably"},
    {"en", kLikely, Reach::kForward, "should|ought to"},
    {"en", kRequired, Reach::kForward,
     "must|have to|has to|had to|having to|need to|needs to|needed to|"
     "required to|obliged to|obligated to|forced to|compelled to|ordered to|"
     "need|needs|shall"},
    {"en", kRequired, Reach::kClause,
     "necessary|required|mandatory|compulsory|obligatory"},
    {"en", kFuture, Reach::kForward,
     "will|would|going to|is to|are to|about to|set to"},
    {"en", kIntended, Reach::kForward,
     "is due|are due|due to be|due "
     "to|scheduled|plan|plans|planned|planning|intend|intends|intended|promise|"
     "promises|"
     "promised|pledge|pledges|pledged|vow|vows|vowed|undertake|undertakes|"
     "undertook|propose|proposes|proposed|aim|aims|aimed|commit|commits|"
     "committed|agree to|agrees to|agreed to|want to|wants to|wanted to|"
     "seek to|seeks to|sought to|consider|considers|considered|considering"},
    {"en", kCertain, Reach::kForward,
     "certainly|definitely|undoubtedly|proven|proved|proves|unquestionably|"
     "surely|guaranteed|guarantees|inevitably"},
    {"en", kCertain, Reach::kClause, "certain|beyond doubt|without doubt"},
    {"en", kDone, Reach::kForward, "already|has|have|had"},
    {"de", kNegated, Reach::kClause,
     "nicht|nie|niemals|kein|keine|keinen|keinem|keiner|keines|ohne|niemand|"
     "nichts|weder"},
    {"de", kAble, Reach::kClause, "kann|können"},
    {"de", kPossible, Reach::kClause,
     "könnte|könnten|vielleicht|möglicherweise|darf|dürfen|ob"},
    {"de", kLikely, Reach::kClause,
     "wahrscheinlich|vermutlich|voraussichtlich"},
    {"de", kRequired, Reach::kClause, "muss|müssen|musste|mussten"},
    {"fr", kNegated, Reach::kForward, "ne|n|pas|jamais|sans|aucun|aucune|ni"},
    {"fr", kAble, Reach::kForward, "peut|peuvent"},
    {"fr", kPossible, Reach::kForward,
     "pourrait|pourraient|possible|possiblement"},
    {"fr", kLikely, Reach::kForward, "probablement|probable"},
    {"fr", kRequired, Reach::kForward, "doit|doivent|faut"},
    {"es", kNegated, Reach::kForward,
     "no|nunca|jamás|sin|ningún|ninguna|tampoco|ni|nadie|nada"},
    {"es", kAble, Reach::kForward, "puede|pueden"},
    {"es", kPossible, Reach::kForward, "podría|podrían|quizás|quizá|posible"},
    {"es", kLikely, Reach::kForward, "probablemente|probable"},
    {"es", kRequired, Reach::kForward, "debe|deben|tiene que|tienen que"},
    {"it", kNegated, Reach::kForward,
     "non|mai|senza|nessun|nessuna|nessuno|né|niente|nulla"},
    {"it", kAble, Reach::kForward, "può|possono"},
    {"it", kPossible, Reach::kForward, "potrebbe|potrebbero|forse|possibile"},
    {"it", kLikely, Reach::kForward, "probabilmente|probabile"},
    {"it", kRequired, Reach::kForward, "deve|devono"},
    {"pt", kNegated, Reach::kForward,
     "não|nunca|jamais|sem|nenhum|nenhuma|ninguém|nada|nem"},
    {"pt", kAble, Reach::kForward, "pode|podem"},
    {"pt", kPossible, Reach::kForward, "poderia|poderiam|talvez|possível"},
    {"pt", kLikely, Reach::kForward, "provavelmente|provável"},
    {"pt", kRequired, Reach::kForward, "deve|devem|tem que|têm que"},
    {"nl", kNegated, Reach::kClause,
     "niet|nooit|geen|zonder|niemand|niets|noch"},
    {"nl", kAble, Reach::kClause, "kan|kunnen"},
    {"nl", kPossible, Reach::kClause,
     "zou|zouden|misschien|mogelijk|mag|mogen"},
    {"nl", kLikely, Reach::kClause, "waarschijnlijk|vermoedelijk"},
    {"nl", kRequired, Reach::kClause, "moet|moeten|moest|moesten"},
};

constexpr std::string_view kConjunctions[] = {
    "and",     "although", "as",    "because", "but",   "however", "if",
    "since",   "though",   "thus",  "unless",  "until", "when",    "where",
    "whereas", "which",    "while", "who",     "whose", "yet",     "or"};

constexpr std::string_view kAuxiliaries[] = {
    "am",   "are", "be",  "been", "being", "did", "do",
    "does", "had", "has", "have", "is",    "was", "were"};

template <size_t kSize>
bool Has(const std::string_view (&list)[kSize], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Returns the pieces of `text` between `mark`.
std::vector<std::string> Split(std::string_view text, char mark) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const size_t end = std::min(text.find(mark), text.size());
    pieces.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

using CueTable = std::map<std::string, std::vector<Cue>, std::less<>>;

CueTable MakeTable(std::string_view language) {
  CueTable table;
  for (const CueList& list : kCues) {
    if (list.language != language) {
      continue;
    }
    for (const std::string& phrase : Split(list.phrases, '|')) {
      std::vector<std::string> words = Split(phrase, ' ');
      for (std::string& word : words) {
        word = text::FoldWord(word);
      }
      std::vector<Cue>& cues = table[words.front()];
      cues.push_back({std::move(words), list.meaning, list.reach});
    }
  }
  for (auto& [word, cues] : table) {
    std::stable_sort(cues.begin(), cues.end(), [](const Cue& a, const Cue& b) {
      return a.words.size() > b.words.size();
    });
  }
  return table;
}

const CueTable& TableOf(std::string_view language) {
  static const auto* const kTables = [] {
    auto* made = new std::map<std::string_view, CueTable, std::less<>>;
    for (const CueList& list : kCues) {
      if (!made->contains(list.language)) {
        made->emplace(list.language, MakeTable(list.language));
      }
    }
    return made;
  }();
  static const auto* const kNone = new CueTable;
  const auto found = kTables->find(language);
  return found == kTables->end() ? *kNone : found->second;
}

}  // namespace

const std::vector<Cue>& CuesAt(std::string_view word,
                               std::string_view language) {
  static const auto* const kNone = new std::vector<Cue>;
  const CueTable& table = TableOf(language);
  const auto found = table.find(word);
  return found == table.end() ? *kNone : found->second;
}

bool IsConjunction(std::string_view word) { return Has(kConjunctions, word); }

bool IsAuxiliary(std::string_view word) { return Has(kAuxiliaries, word); }

}  // namespace footnote::grounding
