#include "server/grounding/word_lists.h"

namespace footnote::grounding {
namespace {

// Names that share their beginning need no entry.
constexpr std::string_view kSameNames[] = {
    "american america us us. usa united state",
    "british uk britain united kingdom england english",
    "french france",
    "dutch netherlands holland",
    "spanish spain",
    "swiss switzerland",
    "greek greece",
    "danish denmark dane",
    "polish poland pole",
    "turkish turkey turk",
    "welsh wales",
    "irish ireland",
    "scottish scotland scot",
    "swedish sweden swede",
    "finnish finland finn",
    "chinese china beijing",
    "russian russia moscow kremlin",
    "european europe eu",
    "emirati uae",
    "filipino philippines",
    "ceo chief executive",
};

constexpr Opposites kOpposites[] = {
    {"rise rose risen increase grow expand climb gain up raise",
     "fall fell fallen decrease decline drop shrink reduce cut lower lose "
     "down lessen"},
    {"accept approve agree allow permit support endorse back confirm",
     "reject refuse decline deny forbid ban prohibit oppose dispute"},
    {"begin start launch open commence",
     "end finish close stop cease halt "
     "terminate conclude"},
    {"continue keep remain retain maintain persist",
     "stop end cease abandon quit discontinue halt"},
    {"win won victory succeed success", "lose lost defeat fail failure"},
    {"buy bought purchase acquire", "sell sold"},
    {"more greater higher above over larger bigger most",
     "less fewer lower below under smaller least"},
    {"large big huge major high", "small little tiny minor low"},
    {"fast quick rapid faster quicker swift quickly rapidly",
     "slow slower sluggish slowly"},
    {"long longer longest", "short shorter shortest"},
    {"heavy heavier", "light lighter"},
    {"wide wider broad", "narrow narrower"},
    {"deep deeper", "shallow shallower"},
    {"near nearer close closer", "far farther distant"},
    {"rich richer", "poor poorer"},
    {"open", "shut closed"},
    {"free gratis", "pay charge cost fee"},
    {"cheap cheaper inexpensive", "expensive costly dear costlier"},
    {"easy easier simple", "hard difficult harder tough"},
    {"strengthen strong stronger", "weaken weak weaker"},
    {"early earlier first before", "late later last after"},
    {"old older", "new newer young younger"},
    {"include", "exclude"},
    {"public open", "secret private closed"},
    {"legal lawful", "illegal unlawful"},
    {"possible", "impossible"},
    {"likely probable probably", "unlikely improbable"},
    {"safe", "dangerous unsafe"},
    {"good better best", "bad worse worst"},
    {"love like", "hate dislike"},
    {"friend ally partner", "enemy foe opponent"},
    {"join enter", "leave exit withdraw quit"},
    {"arrive", "depart"},
    {"import", "export"},
    {"attack", "defend"},
    {"build create", "destroy demolish"},
    {"remember", "forget"},
    {"show reveal disclose", "hide conceal"},
    {"encourage", "discourage"},
    {"present", "absent"},
    {"profit", "loss"},
    {"widen broaden loosen ease", "narrow tighten restrict"},
    {"north northern", "south southern"},
    {"east eastern", "west western"},
    {"left", "right"},
    {"male man men", "female woman women"},
    {"hot warm", "cold cool"},
    {"positive", "negative"},
    {"majority most", "minority few"},
    {"always", "never rarely seldom"},
    {"all every everyone", "none nobody"},
    {"same identical", "different"},
    {"improve", "worsen deteriorate"},
    {"strict rigid", "lax loose"},
    {"separate split divide apart", "unite merge combine together"},
    {"independent", "dependent"},
    {"exclusive", "shared"},
    {"physical", "virtual"},
    {"temporary", "permanent"},
    {"voluntary optional", "mandatory compulsory required"},
    {"domestic internal", "foreign external"},
    {"inside within", "outside beyond"},
    {"guilty", "innocent"},
    {"alive", "dead"},
    {"true", "false"},
    {"lead", "follow trail"},
    {"praise welcome", "criticise criticize condemn blame"},
    {"civilian", "military"},
    {"commercial", "noncommercial"},
    {"lend", "borrow"},
    {"teach", "learn"},
    {"upgrade", "downgrade"},
    {"contest challenge oppose resist", "accept"},
    {"gain", "loss lose"},
};

constexpr std::string_view kIrregular[] = {
    "arise arose arisen",
    "bear bore borne",
    "beat beaten",
    "become became",
    "begin began begun",
    "bind bound",
    "blow blew blown",
    "break broke broken",
    "bring brought",
    "build built",
    "buy bought",
    "catch caught",
    "choose chose chosen",
    "come came",
    "deal dealt",
    "draw drew drawn",
    "drink drank drunk",
    "drive drove driven",
    "eat ate eaten",
    "fall fell fallen",
    "feel felt",
    "fight fought",
    "find found",
    "flee fled",
    "fly flew flown",
    "forbid forbade forbidden",
    "forget forgot forgotten",
    "freeze froze frozen",
    "get got gotten",
    "give gave given",
    "go went gone",
    "grow grew grown",
    "hang hung",
    "have had",
    "hear heard",
    "hide hid hidden",
    "hold held",
    "keep kept",
    "know knew known",
    "lay laid",
    "lead led",
    "leave left",
    "lend lent",
    "lose lost",
    "make made",
    "mean meant",
    "meet met",
    "pay paid",
    "ride rode ridden",
    "ring rang rung",
    "rise rose risen",
    "run ran",
    "say said",
    "see saw seen",
    "seek sought",
    "sell sold",
    "send sent",
    "shake shook shaken",
    "shine shone",
    "shoot shot",
    "show shown",
    "shrink shrank shrunk",
    "sing sang sung",
    "sink sank sunk",
    "sit sat",
    "sleep slept",
    "speak spoke spoken",
    "spend spent",
    "stand stood",
    "steal stole stolen",
    "strike struck stricken",
    "swear swore sworn",
    "swim swam swum",
    "take took taken",
    "teach taught",
    "tear tore torn",
    "tell told",
    "think thought",
    "throw threw thrown",
    "undergo underwent undergone",
    "understand understood",
    "undertake undertook undertaken",
    "wear wore worn",
    "cut",
    "put",
    "set",
    "hit",
    "let",
    "cost",
    "hurt",
    "shut",
    "spread",
    "split",
    "quit",
    "burst",
    "win won",
    "withdraw withdrew withdrawn",
    "write wrote written",
    "good better best",
    "bad worse worst",
    "man men",
    "woman women",
    "child children",
    "person people",
    "foot feet",
    "mouse mice",
};

// Words that say little by themselves.
constexpr std::string_view kLight =
    "accord account add along already amid among another anything apart around "
    "article aspect available away back base basis become begin bring build "
    "call carry case certain chief clear come concern consider contain "
    "continue count cover create current deal declare describe detail develop "
    "different do document else end enough especially etc even ever every "
    "example exist explain extra fact far few find first follow form former "
    "found full further furthermore gain general get give given go grow hand "
    "happen heavy help high hold however include indeed instead involve join "
    "just keep kind know known large largely last late later lead least let "
    "like likely list little long look lot made main mainly major make mark "
    "matter mean meanwhile mention moreover most mostly move name namely near "
    "nearly need new next note nothing notice now number obtain offer often "
    "old one open order other others otherwise part particular pay people per "
    "perhaps place plain plan point possible possibly present previous "
    "probably provide publication publish put quite raise rank rather reach "
    "read real receive recent recently refer regard relate remain remark "
    "report reportedly result return rise run say see seek seem serve set "
    "several show side simply since small so some source speak start state "
    "statement stay still story such suggest support sure system take talk "
    "tell text thereby therefore thing think though thus time today together "
    "toward towards try turn type undertake up use usual various view want "
    "way well whole wide within word work worth write yet passage sentence "
    "according reader answer say said";

}  // namespace

std::span<const std::string_view> SameNames() { return kSameNames; }
std::span<const Opposites> OppositeWords() { return kOpposites; }
std::string_view LightWords() { return kLight; }
std::span<const std::string_view> IrregularVerbs() { return kIrregular; }

}  // namespace footnote::grounding
