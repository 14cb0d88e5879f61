#include "server/grounding/openers.h"

#include <algorithm>
#include <iterator>

namespace footnote::grounding {
namespace {

constexpr auto kGreeting = Exemption::kGreeting;
constexpr auto kHedge = Exemption::kHedge;
constexpr Opener kOpeners[] = {{"hello", kGreeting, true},
                               {"hi", kGreeting, true},
                               {"dear", kGreeting, true},
                               {"good morning", kGreeting, true},
                               {"good evening", kGreeting, true},
                               {"thanks", kGreeting, true},
                               {"thank you", kGreeting, true},
                               {"sure", kGreeting},
                               {"of course", kGreeting},
                               {"certainly", kGreeting},
                               {"great question", kGreeting},
                               {"welcome", kGreeting, true},
                               {"you're welcome", kGreeting, true},
                               {"i hope", kGreeting, true},
                               {"let me know", kGreeting, true},
                               {"feel free", kGreeting, true},
                               {"please", kGreeting, true},
                               {"please note", kGreeting},
                               {"please be aware", kGreeting},
                               {"please remember", kGreeting},
                               {"please keep in mind", kGreeting},
                               {"if you", kGreeting, true},
                               {"here is", kGreeting, true},
                               {"here are", kGreeting, true},
                               {"here's", kGreeting, true},
                               {"happy to", kGreeting, true},
                               {"glad to", kGreeting, true},
                               {"would you", kGreeting, true},
                               {"hallo", kGreeting, true},
                               {"guten tag", kGreeting, true},
                               {"bonjour", kGreeting, true},
                               {"merci", kGreeting, true},
                               {"hola", kGreeting, true},
                               {"gracias", kGreeting, true},
                               {"ciao", kGreeting, true},
                               {"salve", kGreeting, true},
                               {"grazie", kGreeting, true},
                               {"ola", kGreeting, true},
                               {"obrigado", kGreeting, true},
                               {"i", kHedge},
                               {"i'm", kHedge},
                               {"i've", kHedge},
                               {"i'd", kHedge},
                               {"i'll", kHedge},
                               {"as an ai", kHedge},
                               {"unfortunately i", kHedge},
                               {"sorry", kHedge},
                               {"my apologies", kHedge},
                               {"the sources do not", kHedge},
                               {"the sources don't", kHedge},
                               {"the passages do not", kHedge},
                               {"the passages don't", kHedge},
                               {"the documents do not", kHedge},
                               {"the documents don't", kHedge},
                               {"the provided", kHedge},
                               {"the given passages", kHedge},
                               {"no information", kHedge},
                               {"there is no information", kHedge},
                               {"it is unclear from the", kHedge},
                               {"based on the provided", kHedge},
                               {"ich", kHedge},
                               {"je", kHedge},
                               {"j'ai", kHedge}};

// What answerers and their sources do, and the things that they do it with.
constexpr std::string_view kOfAnswering[] = {
    "access",    "additional", "ai",        "answer",      "answers",
    "answering", "apologize",  "apologise", "apologies",   "asking",
    "asked",     "assist",     "available", "base",        "based",
    "clarify",   "confusion",  "context",   "details",     "document",
    "documents", "feel",       "find",      "findings",    "following",
    "found",     "free",       "further",   "gefunden",    "gelesen",
    "glad",      "happy",      "help",      "helps",       "hope",
    "key",       "know",       "language",  "list",        "lu",
    "main",      "model",      "overview",  "passage",     "passages",
    "please",    "point",      "points",    "provide",     "provided",
    "question",  "questions",  "read",      "reading",     "search",
    "searched",  "see",        "short",     "show",        "sorry",
    "source",    "sources",    "summarise", "summarize",   "summary",
    "text",      "texts",      "think",     "believe",     "trouvé",
    "weiß",      "sais",       "note",      "information", "informationen",
    "looked",    "look",       "say",       "tell",        "finden"};

// What sources are said not to do: "do not mention".
constexpr std::string_view kOfSources[] = {
    "find",     "say",         "mention",       "contain",  "provide",
    "state",    "specify",     "give",          "include",  "tell",
    "answer",   "determine",   "know",          "discuss",  "cover",
    "describe", "information", "informationen", "indicate", "reveal",
    "confirm",  "verify",      "access",        "finden",   "gefunden",
    "trouvé",   "trouver",     "weiß",          "sais",     "explain",
    "address",  "list",        "name",          "see",      "show",
    "have",     "detail",      "details",       "help",     "disclose",
    "able"};
constexpr std::string_view kSpeakers[] = {
    "i",         "sources",  "source",      "passages",  "passage",
    "documents", "document", "texts",       "text",      "context",
    "there",     "i'm",      "i've",        "ich",       "je",
    "n'ai",      "j'ai",     "information", "materials", "excerpts"};
constexpr std::string_view kNegations[] = {
    "not",    "no",       "don't",   "doesn't", "didn't",  "can't",
    "cannot", "couldn't", "unable",  "wasn't",  "nothing", "nicht",
    "kein",   "keine",    "keinen",  "pas",     "aucune",  "unclear",
    "aucun",  "nichts",   "haven't", "isn't",   "aren't",  "rien"};
constexpr std::string_view kButs[] = {"but",   "however", "yet",  "though",
                                      "while", "whereas", "aber", "mais"};

template <size_t kSize>
bool Has(const std::string_view (&list)[kSize], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

}  // namespace

size_t CountPhrase(const std::vector<text::Token>& tokens, size_t at,
                   std::string_view phrase) {
  size_t count = 0;
  while (!phrase.empty()) {
    const size_t space = std::min(phrase.find(' '), phrase.size());
    if (at + count >= tokens.size() ||
        tokens[at + count].word != phrase.substr(0, space)) {
      return 0;
    }
    phrase.remove_prefix(std::min(space + 1, phrase.size()));
    ++count;
  }
  return count;
}

const Opener* FindOpener(const std::vector<text::Token>& tokens, size_t at) {
  const Opener* longest = nullptr;
  for (const Opener& opener : kOpeners) {
    if (CountPhrase(tokens, at, opener.words) > 0 &&
        (longest == nullptr || opener.words.size() > longest->words.size())) {
      longest = &opener;
    }
  }
  return longest;
}

bool IsOfAnswering(std::string_view word) { return Has(kOfAnswering, word); }
bool IsOfSources(std::string_view word) { return Has(kOfSources, word); }
bool IsSpeaker(std::string_view word) { return Has(kSpeakers, word); }
bool IsNegation(std::string_view word) { return Has(kNegations, word); }
bool IsBut(std::string_view word) { return Has(kButs, word); }

}  // namespace footnote::grounding
