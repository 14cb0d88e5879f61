#include "indexer/text/quantity_words.h"

#include <algorithm>
#include <iterator>

#include "indexer/text/char_class.h"
#include "indexer/text/code_points.h"

namespace footnote::text {
namespace {

struct WordNumber {
  std::string_view word;
  int number;
};

struct WordCode {
  std::string_view word;
  std::string_view code;
};

// Returns the entry of a word in a table of structs that begin with it, or
// null. Tables are short, and asked only beside numbers.
template <typename Entry, size_t kSize>
const Entry* Find(const Entry (&table)[kSize], std::string_view word) {
  const auto* const at =
      std::find_if(std::begin(table), std::end(table),
                   [word](const Entry& entry) { return entry.word == word; });
  return at == std::end(table) ? nullptr : at;
}

constexpr WordNumber kNumbers[] = {
    {"one", 1},        {"two", 2},       {"three", 3},     {"four", 4},
    {"five", 5},       {"six", 6},       {"seven", 7},     {"eight", 8},
    {"nine", 9},       {"ten", 10},      {"eleven", 11},   {"twelve", 12},
    {"thirteen", 13},  {"fourteen", 14}, {"fifteen", 15},  {"sixteen", 16},
    {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},
    {"thirty", 30},    {"forty", 40},    {"fifty", 50},    {"sixty", 60},
    {"seventy", 70},   {"eighty", 80},   {"ninety", 90}};

constexpr WordNumber kPowers[] = {
    {"thousand", 3},   {"thousands", 3},  {"tausend", 3},  {"tsd", 3},
    {"mille", 3},      {"mil", 3},        {"mila", 3},     {"duizend", 3},
    {"million", 6},    {"millions", 6},   {"mn", 6},       {"mln", 6},
    {"mio", 6},        {"millionen", 6},  {"millon", 6},   {"millones", 6},
    {"milhao", 6},     {"milhoes", 6},    {"milione", 6},  {"milioni", 6},
    {"miljoen", 6},    {"miljoenen", 6},  {"milliard", 9}, {"milliards", 9},
    {"milliarde", 9},  {"milliarden", 9}, {"mrd", 9},      {"mld", 9},
    {"miliardo", 9},   {"miliardi", 9},   {"miljard", 9},  {"miljarden", 9},
    {"bilhao", 9},     {"bilhoes", 9},    {"bn", 9},       {"trillion", 12},
    {"trillions", 12}, {"tn", 12},        {"trn", 12},     {"billon", 12},
    {"billones", 12},  {"bilione", 12},   {"biljoen", 12}, {"billionen", 12}};

// Where a "billion" is a million millions.
constexpr std::string_view kLongScale[] = {"da", "de", "fr", "it",
                                           "nb", "nl", "no", "sv"};

constexpr std::string_view kDecimalComma[] = {
    "bg", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl",
    "hr", "hu", "hy", "id", "is", "it", "kk", "lt", "lv", "nb", "nl", "nn",
    "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "vi"};

constexpr std::string_view kCodes[] = {
    "USD", "EUR", "GBP", "JPY", "CNY", "RMB", "INR", "CHF", "CAD", "AUD",
    "NZD", "HKD", "SGD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RUB",
    "UAH", "TRY", "ILS", "KRW", "BRL", "MXN", "ZAR", "AED", "SAR", "TWD",
    "THB", "IDR", "MYR", "PHP", "VND", "NGN", "KES", "EGP", "ARS", "CLP"};

constexpr WordCode kCurrencies[] = {
    {"dollar", "USD"},  {"dollars", "USD"}, {"dolar", "USD"},
    {"dolares", "USD"}, {"dollari", "USD"}, {"dollaro", "USD"},
    {"euro", "EUR"},    {"euros", "EUR"},   {"sterling", "GBP"},
    {"yen", "JPY"},     {"yuan", "CNY"},    {"renminbi", "CNY"},
    {"rupee", "INR"},   {"rupees", "INR"},  {"rouble", "RUB"},
    {"roubles", "RUB"}, {"ruble", "RUB"},   {"rubles", "RUB"},
    {"zloty", "PLN"},   {"zlotys", "PLN"},  {"won", "KRW"},
    {"shekel", "ILS"},  {"shekels", "ILS"}};

constexpr WordCode kDollars[] = {
    {"us", "USD"}, {"american", "USD"},   {"ca", "CAD"},
    {"c", "CAD"},  {"canadian", "CAD"},   {"a", "AUD"},
    {"au", "AUD"}, {"australian", "AUD"}, {"nz", "NZD"},
    {"hk", "HKD"}, {"s", "SGD"},          {"singapore", "SGD"},
    {"nt", "TWD"}, {"r", "BRL"}};

constexpr std::string_view kPercents[] = {"percent", "pct", "prozent",
                                          "procent", "percento"};
constexpr WordCode kPercentPairs[] = {{"per", "cent"},
                                      {"pour", "cent"},
                                      {"por", "ciento"},
                                      {"por", "cento"},
                                      {"per", "cento"}};

// Longer ones before those that they begin with.
constexpr Unit kSigns[] = {
    {"km/h", "km/h", 0}, {"m/s", "m/s", 0},  {"kWh", "Wh", 3},
    {"MWh", "Wh", 6},    {"GWh", "Wh", 9},   {"TWh", "Wh", 12},
    {"Wh", "Wh", 0},     {"kW", "W", 3},     {"MW", "W", 6},
    {"GW", "W", 9},      {"TW", "W", 12},    {"W", "W", 0},
    {"kbps", "bps", 3},  {"Mbps", "bps", 6}, {"Gbps", "bps", 9},
    {"Tbps", "bps", 12}, {"KiB", "KiB", 0},  {"MiB", "MiB", 0},
    {"GiB", "GiB", 0},   {"TiB", "TiB", 0},  {"kB", "B", 3},
    {"KB", "B", 3},      {"MB", "B", 6},     {"GB", "B", 9},
    {"TB", "B", 12},     {"PB", "B", 15},    {"EB", "B", 18},
    {"kHz", "Hz", 3},    {"MHz", "Hz", 6},   {"GHz", "Hz", 9},
    {"THz", "Hz", 12},   {"Hz", "Hz", 0},    {"nm", "m", -9},
    {"µm", "m", -6},     {"μm", "m", -6},    {"mm", "m", -3},
    {"cm", "m", -2},     {"km", "m", 3},     {"m", "m", 0},
    {"µg", "g", -6},     {"μg", "g", -6},    {"mg", "g", -3},
    {"kg", "g", 3},      {"g", "g", 0},      {"ml", "l", -3},
    {"mL", "l", -3},     {"ns", "s", -9},    {"µs", "s", -6},
    {"μs", "s", -6},     {"ms", "s", -3},    {"keV", "eV", 3},
    {"MeV", "eV", 6},    {"GeV", "eV", 9},   {"TeV", "eV", 12},
    {"hPa", "Pa", 2},    {"kPa", "Pa", 3},   {"MPa", "Pa", 6},
    {"GPa", "Pa", 9},    {"kV", "V", 3},     {"mV", "V", -3},
    {"kJ", "J", 3},      {"MJ", "J", 6},     {"GJ", "J", 9},
    {"°C", "°C", 0},     {"℃", "°C", 0},     {"°F", "°F", 0},
    {"℉", "°F", 0}};

// Prefixes of unit words; the rest must be one of kUnitStems.
constexpr WordNumber kPrefixes[] = {{"nano", -9},  {"micro", -6}, {"milli", -3},
                                    {"centi", -2}, {"kilo", 3},   {"mega", 6},
                                    {"giga", 9},   {"tera", 12},  {"peta", 15},
                                    {"exa", 18},   {"", 0}};
constexpr WordCode kUnitStems[] = {
    {"watt", "W"},       {"watts", "W"},        {"watthour", "Wh"},
    {"watthours", "Wh"}, {"wattstunden", "Wh"}, {"byte", "B"},
    {"bytes", "B"},      {"hertz", "Hz"},       {"meter", "m"},
    {"meters", "m"},     {"metern", "m"},       {"metre", "m"},
    {"metres", "m"},     {"metro", "m"},        {"metros", "m"},
    {"gram", "g"},       {"grams", "g"},        {"gramm", "g"},
    {"gramme", "g"},     {"grammes", "g"},      {"liter", "l"},
    {"liters", "l"},     {"litre", "l"},        {"litres", "l"},
    {"volt", "V"},       {"volts", "V"},        {"joule", "J"},
    {"joules", "J"},     {"mile", "mi"},        {"miles", "mi"},
    {"foot", "ft"},      {"feet", "ft"}};

constexpr WordNumber kMonths[] = {
    {"january", 1},    {"jan", 1},       {"januar", 1},     {"janvier", 1},
    {"enero", 1},      {"gennaio", 1},   {"janeiro", 1},    {"januari", 1},
    {"february", 2},   {"feb", 2},       {"februar", 2},    {"fevrier", 2},
    {"febrero", 2},    {"febbraio", 2},  {"fevereiro", 2},  {"februari", 2},
    {"march", 3},      {"mar", 3},       {"marz", 3},       {"maerz", 3},
    {"mars", 3},       {"marzo", 3},     {"marco", 3},      {"maart", 3},
    {"april", 4},      {"apr", 4},       {"avril", 4},      {"abril", 4},
    {"aprile", 4},     {"may", 5},       {"mai", 5},        {"mayo", 5},
    {"maggio", 5},     {"maio", 5},      {"mei", 5},        {"june", 6},
    {"jun", 6},        {"juni", 6},      {"juin", 6},       {"junio", 6},
    {"giugno", 6},     {"junho", 6},     {"july", 7},       {"jul", 7},
    {"juli", 7},       {"juillet", 7},   {"julio", 7},      {"luglio", 7},
    {"julho", 7},      {"august", 8},    {"aug", 8},        {"aout", 8},
    {"agosto", 8},     {"augustus", 8},  {"september", 9},  {"sep", 9},
    {"sept", 9},       {"septembre", 9}, {"septiembre", 9}, {"settembre", 9},
    {"setembro", 9},   {"october", 10},  {"oct", 10},       {"oktober", 10},
    {"okt", 10},       {"octobre", 10},  {"octubre", 10},   {"ottobre", 10},
    {"outubro", 10},   {"november", 11}, {"nov", 11},       {"novembre", 11},
    {"noviembre", 11}, {"novembro", 11}, {"december", 12},  {"dec", 12},
    {"dezember", 12},  {"dez", 12},      {"decembre", 12},  {"diciembre", 12},
    {"dicembre", 12},  {"dezembro", 12}};

template <size_t kSize>
bool Has(const std::string_view (&list)[kSize], std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

// Whether what follows a sign makes it another: a letter, a digit, "/", a
// power.
bool MayFollowSign(std::string_view rest) {
  if (rest.empty()) {
    return true;
  }
  const char32_t next = DecodeAt(rest, 0).value;
  return !ClassOf(next).letter_or_digit && next != '/' && next != 0xB2 &&
         next != 0xB3;
}

}  // namespace

bool UsesDecimalComma(std::string_view language) {
  return Has(kDecimalComma, language);
}

int NumberOfWord(std::string_view word) {
  const WordNumber* found = Find(kNumbers, word);
  return found == nullptr ? 0 : found->number;
}

int PowerOfWord(std::string_view word, std::string_view language) {
  constexpr int kShort = 9;
  constexpr int kLong = 12;
  if (word == "billion" || word == "billions") {
    return Has(kLongScale, language) ? kLong : kShort;
  }
  const WordNumber* found = Find(kPowers, word);
  return found == nullptr ? 0 : found->number;
}

int PowerOfMoneyLetter(std::string_view word) {
  return word == "k"   ? 3
         : word == "m" ? 6
         : word == "b" ? 9
         : word == "t" ? 12
                       : 0;
}

std::string_view CurrencyOfSign(char32_t sign) {
  switch (sign) {
    case '$':
    case 0xFF04:
      return "USD";
    case 0x20AC:
      return "EUR";
    case 0xA3:
    case 0xFFE1:
      return "GBP";
    case 0xA5:
    case 0xFFE5:
      return "JPY";
    case 0x20B9:
      return "INR";
    case 0x20A9:
      return "KRW";
    case 0x20AA:
      return "ILS";
    case 0x20BA:
      return "TRY";
    case 0x20BD:
      return "RUB";
    default:
      return "";
  }
}

std::string_view CurrencyOfCode(std::string_view code) {
  const auto* const at = std::find(std::begin(kCodes), std::end(kCodes), code);
  return at == std::end(kCodes) ? std::string_view()
         : *at == "RMB"         ? std::string_view("CNY")
                                : *at;
}

std::string_view CurrencyOfWord(std::string_view word) {
  const WordCode* found = Find(kCurrencies, word);
  return found == nullptr ? std::string_view() : found->code;
}

std::string_view DollarOf(std::string_view before) {
  const WordCode* found = Find(kDollars, before);
  return found == nullptr ? std::string_view() : found->code;
}

bool IsPercentWord(std::string_view word) { return Has(kPercents, word); }

bool IsPercentPair(std::string_view first, std::string_view second) {
  return std::any_of(std::begin(kPercentPairs), std::end(kPercentPairs),
                     [&](const WordCode& pair) {
                       return pair.word == first && pair.code == second;
                     });
}

const Unit* FindUnitSign(std::string_view rest, bool spaced) {
  const auto* const at =
      std::find_if(std::begin(kSigns), std::end(kSigns), [&](const Unit& unit) {
        return rest.starts_with(unit.text) &&
               MayFollowSign(rest.substr(unit.text.size())) &&
               (spaced || unit.text.size() > 1);
      });
  return at == std::end(kSigns) ? nullptr : at;
}

std::optional<Unit> FindUnitWord(std::string_view word) {
  for (const WordNumber& prefix : kPrefixes) {
    if (!word.starts_with(prefix.word)) {
      continue;
    }
    const WordCode* stem = Find(kUnitStems, word.substr(prefix.word.size()));
    if (stem != nullptr) {
      return Unit{word, stem->code, prefix.number};
    }
  }
  if (word == "tonne" || word == "tonnes" || word == "tonnen") {
    return Unit{word, "g", 6};
  }
  return std::nullopt;
}

unsigned MonthOfWord(std::string_view word) {
  const WordNumber* found = Find(kMonths, word);
  return found == nullptr ? 0 : static_cast<unsigned>(found->number);
}

}  // namespace footnote::text
