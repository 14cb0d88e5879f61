#include "indexer/text/abbreviations.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include <unicode/uchar.h>

#include "indexer/text/code_points.h"

namespace footnote::text {
namespace {

struct Abbreviations {
  std::string_view language;  // "": any, besides the text's own
  Abbreviation kind;
  std::string_view words;  // divided by single spaces
};

constexpr Abbreviations kAbbreviations[] = {
    {"", Abbreviation::kNeverLast,
     "Mr Mrs Ms Mx Messrs Dr Drs Prof Rev Hon Fr Mt Ft Gen Col Maj Capt Cpt Lt "
     "Sgt Cpl Pvt Adm Cmdr Gov Sen Rep Pres Supt Insp St Ste e.g i.e eg ie cf "
     "viz vs v ca approx resp incl esp al Ph Assn Bros Dept"},
    {"", Abbreviation::kMaybeLast,
     "Inc Corp Co Ltd LLC Plc Jr Sr Esq Bros Univ Ave Blvd Rd etc a.m p.m "
     "Ph.D M.D B.A M.A D.C B.C A.D Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct "
     "Nov Dec Mon Tue Tues Wed Thu Thurs Fri Sat Sun Calif Conn Fla Mass Mich "
     "Minn Okla Pa Tenn Tex Va Wash Wis"},
    {"", Abbreviation::kBeforeNumber,
     "no nos No Nos nr Nr p pp vol vols Vol Vols ch Ch chap Chap fig figs Fig "
     "Figs eq eqs Eq Eqs sec Sec sect art Art tab Tab para ed c"},
    {"de", Abbreviation::kNeverLast,
     "z.B d.h u.a v.a i.d.R o.g s.o s.u bzw bspw ggf evtl vgl sog inkl exkl "
     "zzgl ca Hr Fr Frl Dipl Ing Mag Hrsg geb gest Abs Aufl Bd Bde Str Tel "
     "Jh mind max min Mio Mrd allg"},
    {"de", Abbreviation::kMaybeLast, "usw usf etc u.s.w v.Chr n.Chr Chr AG"},
    {"fr", Abbreviation::kNeverLast,
     "M MM Mme Mmes Mlle Mlles Me Mgr Pr p.ex c.-à-d env av apr éd coll vol "
     "cf boul bd"},
    {"fr", Abbreviation::kMaybeLast, "etc J.-C"},
    {"es", Abbreviation::kNeverLast,
     "Sr Sra Sres Sras Srta Dr Dra Dres D Dña Ud Uds Vd Vds Lic Ing Arq Excmo "
     "Ilmo p.ej pág págs núm art Av Avda Gral Cnel Sto Sta"},
    {"es", Abbreviation::kMaybeLast, "etc EE.UU S.A a.C d.C"},
    {"it", Abbreviation::kNeverLast,
     "sig sigg Sig Sigg sig.ra dott Dott dott.ssa prof ing avv on arch geom "
     "pag pagg es p.es art artt cap ecc.mo"},
    {"it", Abbreviation::kMaybeLast, "ecc etc a.C d.C S.p.A"},
    {"pt", Abbreviation::kNeverLast,
     "Sr Sra Srs Sras Srta Dr Dra Drs Prof Profa Exmo Exma pág págs núm art Av "
     "p.ex"},
    {"pt", Abbreviation::kMaybeLast, "etc a.C d.C S.A Ltda"},
    {"nl", Abbreviation::kNeverLast,
     "dhr mevr mw drs ir ing mr bijv bv d.w.z dwz o.a m.a.w i.p.v t.o.v evt "
     "nl resp vgl zgn"},
    {"nl", Abbreviation::kMaybeLast, "enz etc v.Chr n.Chr"},
    {"ro", Abbreviation::kNeverLast, "dl dna d-na d-l dr prof ing av str nr"},
    {"ro", Abbreviation::kMaybeLast, "etc ș.a"},
    {"ru", Abbreviation::kNeverLast,
     "т.е т.к т.н напр см ср им проф акад доц г-н г-жа ул просп пер род тел "
     "стр рис табл гл"},
    {"ru", Abbreviation::kMaybeLast,
     "г гг в вв н.э т.д т.п др пр руб коп тыс млн млрд д п э"},
    {"tr", Abbreviation::kNeverLast, "Dr Prof Doç Av Alb Gen Sn Hz Bkz bkz"},
    {"tr", Abbreviation::kMaybeLast, "vb vs A.Ş Ltd Şti M.Ö M.S"},
    {"el", Abbreviation::kNeverLast, "κ κ.κ δρ Δρ π.χ δηλ βλ καθ αρ σελ"},
    {"el", Abbreviation::kMaybeLast, "κ.λπ κλπ κ.ά π.μ μ.μ π.Χ μ.Χ"},
    {"pl", Abbreviation::kNeverLast,
     "np tzn tzw m.in dr prof inż mgr ul al św"},
    {"pl", Abbreviation::kMaybeLast, "itd itp r w"},
    {"hi", Abbreviation::kNeverLast, "डॉ डा प्रो श्री"},
};

using Table = std::map<std::string_view, Abbreviation, std::less<>>;
using Tables = std::map<std::string_view, Table, std::less<>>;

const Tables& AllTables() {
  static const Tables kTables = [] {
    Tables made;
    for (const Abbreviations& list : kAbbreviations) {
      std::string_view words = list.words;
      while (!words.empty()) {
        const size_t end = std::min(words.find(' '), words.size());
        made[list.language].emplace(words.substr(0, end), list.kind);
        words.remove_prefix(std::min(end + 1, words.size()));
      }
    }
    return made;
  }();
  return kTables;
}

Abbreviation FindIn(std::string_view language, std::string_view word) {
  const auto table = AllTables().find(language);
  if (table == AllTables().end()) {
    return Abbreviation::kNone;
  }
  auto found = table->second.find(word);
  if (found == table->second.end() && word[0] >= 'A' && word[0] <= 'Z') {
    std::string lower(word);  // at the start of a sentence: "Cf."
    lower[0] = static_cast<char>(lower[0] | 0x20);
    found = table->second.find(lower);
  }
  return found == table->second.end() ? Abbreviation::kNone : found->second;
}

// Whether `word` is a capital, or single letters with full stops between.
bool IsInitials(std::string_view word) {
  size_t at = 0;
  size_t letters = 0;
  bool has_capital = false;
  while (at < word.size()) {
    const CodePoint letter = DecodeAt(word, at);
    const auto c = static_cast<UChar32>(letter.value);
    if (u_isalpha(c) == 0 ||
        (letter.end < word.size() && word[letter.end] != '.')) {
      return false;
    }
    has_capital = has_capital || u_isUUppercase(c) != 0;
    ++letters;
    at = letter.end + 1;
  }
  return has_capital || letters > 1;
}

}  // namespace

Abbreviation FindAbbreviation(std::string_view word,
                              std::string_view language) {
  if (word.empty()) {
    return Abbreviation::kNone;
  }
  Abbreviation kind = FindIn(language, word);
  if (kind == Abbreviation::kNone) {
    kind = FindIn("", word);
  }
  if (kind == Abbreviation::kNone && IsInitials(word)) {
    kind = Abbreviation::kMaybeLast;
  }
  return kind;
}

bool HasOrdinalStops(std::string_view language) {
  constexpr std::string_view kLanguages[] = {"cs", "da", "de", "et", "fi", "hr",
                                             "hu", "is", "lv", "nb", "nn", "no",
                                             "pl", "sk", "sl", "sr", "tr"};
  return std::find(std::begin(kLanguages), std::end(kLanguages), language) !=
         std::end(kLanguages);
}

}  // namespace footnote::text
