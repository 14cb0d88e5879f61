#include "indexer/entities/gazetteer.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::entities {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kList[] =
    "type\tid\tname\taliases\n"
    "# companies\n"
    "ORG\tamazon\tAmazon\t\n"
    "ORG\tamazon-web-services\tAmazon Web Services\tAWS\n"
    "ORG\tdepartment-of-defense\tDepartment of Defense\tDoD|Pentagon\n"
    "PLACE\tunited-states\tUnited States\tU.S.\n"
    "PLACE\tsao-paulo\tS\u00E3o Paulo\n"
    "PERSON\tobrien\tConan O'Brien\tO'Brien\n"
    "PRODUCT\tgpt-4\tGPT-4\t\n"
    "PRODUCT\tcpp\tC++\t\n"
    "ORG\tsony\t\u30BD\u30CB\u30FC\t\u7D22\u5C3C\n"
    "PLACE\ttokyo\t\u6771\u4EAC\n"
    "ORG\tsamsung\t\uC0BC\uC131\n"
    "ORG\tcafe\tCaf\u00E9 Noir\n";

Gazetteer MakeGazetteer(std::string_view tsv) {
  std::vector<BadLine> bad_lines;
  Gazetteer gazetteer = Gazetteer::Parse(tsv, &bad_lines);
  EXPECT_THAT(bad_lines, IsEmpty());
  return gazetteer;
}

// Returns the mentions as "id=text".
std::vector<std::string> FindAll(const Gazetteer& gazetteer,
                                 std::string_view text) {
  std::vector<std::string> found;
  for (const Mention& mention : gazetteer.Find(text)) {
    found.push_back(
        gazetteer.entities()[mention.entity].id + "=" +
        std::string(text.substr(mention.start, mention.end - mention.start)));
  }
  return found;
}

struct FindCase {
  const char* name;
  std::string text;
  std::vector<std::string> expected;
};

std::ostream& operator<<(std::ostream& out, const FindCase& c) {
  return out << c.name;
}

class GazetteerFind : public testing::TestWithParam<FindCase> {};

TEST_P(GazetteerFind, FindsTheLongestNamesAtWordBoundaries) {
  static const Gazetteer* const kGazetteer =
      new Gazetteer(MakeGazetteer(kList));
  EXPECT_EQ(FindAll(*kGazetteer, GetParam().text), GetParam().expected);
}

const FindCase kFindCases[] = {
    {"empty", "", {}},
    {"alone", "Amazon", {"amazon=Amazon"}},
    {"longest",
     "Amazon Web Services of Amazon",
     {"amazon-web-services=Amazon Web Services", "amazon=Amazon"}},
    {"longest_unfinished", "Amazon Web Service", {"amazon=Amazon"}},
    {"possessive", "Amazon's", {"amazon=Amazon"}},
    {"possessive_curly", "Amazon\u2019s", {"amazon=Amazon"}},
    {"possessive_letter", "Amazon\u02BCs", {"amazon=Amazon"}},
    {"hyphen", "Amazon-backed", {"amazon=Amazon"}},
    {"longer_word", "Amazonia", {}},
    {"longer_word_soft_hyphen", "Amazon\u00ADia", {}},
    {"longer_word_accent", "Amazon\u00EDa", {}},
    {"inside_word", "xAmazon", {}},
    {"inside_word_letter", "\u00E9Amazon \u0436Amazon", {}},
    {"underscore", "_Amazon Amazon_x", {}},
    {"digit", "Amazon2 2Amazon", {}},
    {"superscript",
     "Amazon\u00B2 Amazon\u2122",
     {"amazon=Amazon", "amazon=Amazon"}},
    {"punctuation",
     "(Amazon),\"Amazon\"/Amazon.",
     {"amazon=Amazon", "amazon=Amazon", "amazon=Amazon"}},
    {"capitals",
     "AMAZON WEB SERVICES and DOD",
     {"amazon-web-services=AMAZON WEB SERVICES", "department-of-defense=DOD"}},
    {"other_case", "amazon aws dod AMazon Dod", {}},
    {"dots", "in the U.S. and U.S.A", {"united-states=U.S."}},
    {"plus", "C++, C++11", {"cpp=C++"}},
    {"accents_missing", "Sao Paulo", {"sao-paulo=Sao Paulo"}},
    {"accents_combining",
     "Sa\u0303o Paulo, Cafe\u0301 Noir",
     {"sao-paulo=Sa\u0303o Paulo", "cafe=Cafe\u0301 Noir"}},
    {"accents_in_addition", "Am\u00E1zon", {"amazon=Am\u00E1zon"}},
    {"accent_at_end", "Amazon\u0301 x", {"amazon=Amazon\u0301"}},
    {"capitals_with_accents",
     "S\u00C3O PAULO, CAF\u00C9 NOIR",
     {"sao-paulo=S\u00C3O PAULO", "cafe=CAF\u00C9 NOIR"}},
    {"full_width",
     "\uFF21\uFF37\uFF33",
     {"amazon-web-services="
      "\uFF21\uFF37\uFF33"}},
    {"dash_kinds",
     "GPT\u20114 GPT\u20134",
     {"gpt-4=GPT\u20114", "gpt-4=GPT\u20134"}},
    {"quote_kinds", "Conan O\u2019Brien", {"obrien=Conan O\u2019Brien"}},
    {"space_kinds",
     "United\u00A0States, United\n  States",
     {"united-states=United\u00A0States", "united-states=United\n  States"}},
    {"crlf", "United\r\nStates", {"united-states=United\r\nStates"}},
    {"paragraphs", "United\n\nStates", {}},
    {"soft_hyphen_inside",
     "Penta\u00ADgon",
     {"department-of-defense="
      "Penta\u00ADgon"}},
    {"cjk_inside",
     "\u4F7F\u7528\u7D22\u5C3C\u548C\u6771\u4EAC\u3002",
     {"sony=\u7D22\u5C3C", "tokyo=\u6771\u4EAC"}},
    {"latin_inside_cjk", "\u4F7F\u7528Amazon\u670D\u52A1", {"amazon=Amazon"}},
    {"kana", "\u30BD\u30CB\u30FC\u306E", {"sony=\u30BD\u30CB\u30FC"}},
    {"kana_half_width", "\uFF7F\uFF86\uFF70", {"sony=\uFF7F\uFF86\uFF70"}},
    {"voiced_kana_is_another", "\u30BE\u30CB\u30FC", {}},
    {"hangul_with_particle", "\uC0BC\uC131\uC740", {"samsung=\uC0BC\uC131"}},
    {"hangul_jamo_goes_on", "\uC0BC\uC131\u11A8", {}},
    {"joined_emoji", "Amazon\u200D", {"amazon=Amazon\u200D"}},
    {"nul_and_controls", std::string("\0Amazon\0", 8), {"amazon=Amazon"}},
};

INSTANTIATE_TEST_SUITE_P(Cases, GazetteerFind, testing::ValuesIn(kFindCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(Gazetteer, FindsNothingWithoutEntities) {
  EXPECT_THAT(Gazetteer().Find("Amazon"), IsEmpty());
  EXPECT_THAT(Gazetteer().entities(), IsEmpty());
  EXPECT_THAT(MakeGazetteer("").Find("Amazon"), IsEmpty());
}

TEST(Gazetteer, GivesSpansInBytes) {
  const Gazetteer gazetteer = MakeGazetteer("ORG\ta\tB\n");
  const auto mentions = gazetteer.Find("\u00E9 B");
  ASSERT_EQ(mentions.size(), 1U);
  EXPECT_EQ(mentions[0].start, 3U);
  EXPECT_EQ(mentions[0].end, 4U);
  EXPECT_EQ(mentions[0].entity, 0U);
}

TEST(Gazetteer, GivesASharedAliasToTheFirstInTheFile) {
  const Gazetteer gazetteer =
      MakeGazetteer("ORG\tfirst\tOne\tX\nORG\tsecond\tX\tTwo\n");
  EXPECT_THAT(FindAll(gazetteer, "X Two"),
              ElementsAre("first=X", "second=Two"));
}

TEST(Gazetteer, PrefersANameAsWrittenToOneInCapitals) {
  const Gazetteer gazetteer =
      MakeGazetteer("ORG\tband\tWho\nORG\thealth\tWHO\n");
  EXPECT_THAT(FindAll(gazetteer, "Who WHO"),
              ElementsAre("band=Who", "health=WHO"));
}

TEST(Gazetteer, TakesLinesOfOneNameTogether) {
  const Gazetteer gazetteer =
      MakeGazetteer("ORG\ta\tName\tX\r\n\r\nORG\ta\tName\t Y | |Z \r\n");
  ASSERT_EQ(gazetteer.entities().size(), 1U);
  EXPECT_THAT(FindAll(gazetteer, "X Y Z"), ElementsAre("a=X", "a=Y", "a=Z"));
}

TEST(Gazetteer, ReadsAFileWithBomCommentsAndHeader) {
  const Gazetteer gazetteer =
      MakeGazetteer("\xEF\xBB\xBF# origin: us\ntype\tid\tname\nORG\ta\tName");
  EXPECT_THAT(FindAll(gazetteer, "Name"), ElementsAre("a=Name"));
}

TEST(Gazetteer, MergesAliasesAndKeepsNames) {
  Gazetteer gazetteer = MakeGazetteer("ORG\ta\tOld\tX\n");
  const std::string before = gazetteer.Stamp();
  gazetteer.Merge(
      MakeGazetteer("ORG\tb\tOther\tX\nORG\ta\tNew\tY\nPERSON\ta\tAnn\n"));
  EXPECT_THAT(FindAll(gazetteer, "Old New X Y Other Ann"),
              ElementsAre("a=Old", "a=New", "a=X", "a=Y", "b=Other", "a=Ann"));
  ASSERT_EQ(gazetteer.entities().size(), 3U);
  EXPECT_EQ(gazetteer.entities()[0].name, "Old");
  EXPECT_EQ(gazetteer.entities()[2].type, "PERSON");
  EXPECT_NE(gazetteer.Stamp(), before);
}

TEST(Gazetteer, HasAStampOfWhatDecidesItsMentions) {
  const std::string stamp = MakeGazetteer("ORG\ta\tName\tX\n").Stamp();
  EXPECT_EQ(stamp.size(), 64U);
  EXPECT_EQ(MakeGazetteer("# comment\nORG\ta\tName\tX\n").Stamp(), stamp);
  for (const char* other :
       {"ORG\ta\tName\n", "ORG\ta\tName\tY\n", "ORG\tb\tName\tX\n",
        "PERSON\ta\tName\tX\n", "ORG\ta\tName\tX\nORG\tb\tX\n"}) {
    EXPECT_NE(MakeGazetteer(other).Stamp(), stamp) << other;
  }
}

struct BadFile {
  const char* name;
  std::string tsv;
  size_t line;
  const char* piece;
};

std::ostream& operator<<(std::ostream& out, const BadFile& c) {
  return out << c.name;
}

class GazetteerParse : public testing::TestWithParam<BadFile> {};

TEST_P(GazetteerParse, PassesOverALineNamingItAndThePiece) {
  std::vector<BadLine> bad_lines;
  const Gazetteer gazetteer =
      Gazetteer::Parse(GetParam().tsv + "\nORG\tlast\tLast\n", &bad_lines);
  ASSERT_EQ(bad_lines.size(), 1U);
  EXPECT_EQ(bad_lines[0].number, GetParam().line);
  EXPECT_THAT(bad_lines[0].status, FailsWith(absl::StatusCode::kInvalidArgument,
                                             "GAZETTEER_SYNTAX"));
  EXPECT_THAT(ErrorMessage(bad_lines[0].status), HasSubstr(GetParam().piece));
  EXPECT_THAT(FindAll(gazetteer, "Last"), ElementsAre("last=Last"));
}

const BadFile kBadFiles[] = {
    {"one_column", "ORG\n", 1, "1 column"},
    {"two_columns", "# x\n\nORG\ta\n", 3, "2 column"},
    {"five_columns", "ORG\ta\tb\tc\td\n", 1, "5 column"},
    {"empty_type", "\ta\tb\n", 1, "type \"\""},
    {"lower_type", "ORG\ta\tb\nOrg\ta\tb\n", 2, "type \"Org\""},
    {"digit_type", "1A\ta\tb\n", 1, "type \"1A\""},
    {"long_type", std::string(33, 'A').append("\ta\tb\n"), 1, "type \"AAA"},
    {"empty_id", "ORG\t\tb\n", 1, "id \"\""},
    {"id_with_space", "ORG\ta b\tb\n", 1, "id \"a b\""},
    {"id_with_slash", "ORG\ta/b\tb\n", 1, "id \"a/b\""},
    {"id_with_control", "ORG\ta\x01\tb\n", 1, "id"},
    {"id_with_c1", "ORG\ta\xC2\x85\tb\n", 1, "id"},
    {"long_id", std::string("ORG\t").append(129, 'a').append("\tb\n"), 1,
     "id \"aaa"},
    {"empty_name", "ORG\ta\t \tx\n", 1, "name of a is empty"},
    {"name_of_accents", "ORG\ta\t\u0301\n", 1, "name of a is empty"},
    {"long_name", std::string("ORG\ta\t").append(513, 'n').append("\n"), 1,
     "513 bytes"},
    {"two_names", "ORG\ta\tOne\nORG\ta\tTwo\n", 2, R"("One" and "Two")"},
    {"second_header", "type\tid\tname\ntype\tid\tname\n", 2, "type \"type\""},
    {"not_utf8", "ORG\ta\tb\nORG\tb\t\xFF\n", 2, "not UTF-8 at byte 6"},
};

INSTANTIATE_TEST_SUITE_P(Cases, GazetteerParse, testing::ValuesIn(kBadFiles),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(Gazetteer, ComesBackFromItsBytes) {
  std::vector<BadLine> bad_lines;
  Gazetteer gazetteer = Gazetteer::Parse(kList, &bad_lines);
  // A name with '|' becomes an alias, which no list could write.
  gazetteer.Merge(
      Gazetteer::Parse("ORG\tamazon\tAmazon|River\tamzn\n", &bad_lines));
  const std::string bytes = gazetteer.Encode();
  const auto decoded = Gazetteer::Decode(bytes);
  ASSERT_THAT(decoded, IsOk());
  EXPECT_EQ(decoded->Stamp(), gazetteer.Stamp());
  EXPECT_EQ(decoded->Encode(), bytes);
  EXPECT_EQ(decoded->entities()[0].name, "Amazon");
  EXPECT_EQ(decoded->Find("The Pentagon and Amazon|River").size(), 2U);
  EXPECT_EQ(Gazetteer::Decode("")->Stamp(), Gazetteer().Stamp());
}

TEST(Gazetteer, ComesBackFromItsFile) {
  std::vector<BadLine> bad_lines;
  Gazetteer gazetteer = Gazetteer::Parse(
      "CITY\tlondon\tLondon\tLondon town||Londres\nORG\tx\tX & Co\n"
      "CITY\tlondon\tLondon\tLundun\nORG\ty\tY\t\n",
      &bad_lines);
  gazetteer.Merge(Gazetteer::Parse("ORG\tx\tX\tXX\n", &bad_lines));
  const auto file = gazetteer.ToFile();
  ASSERT_TRUE(file.ok());
  const Gazetteer read = Gazetteer::Parse(*file, &bad_lines);
  EXPECT_TRUE(bad_lines.empty());
  EXPECT_EQ(read.Stamp(), gazetteer.Stamp());
  gazetteer.Merge(Gazetteer::Parse("ORG\tx\tX|Z\n", &bad_lines));
  EXPECT_EQ(ErrorReason(gazetteer.ToFile().status()), "GAZETTEER_SYNTAX");
}

TEST(Gazetteer, OfDamagedBytesIsAnErrorOrAnother) {
  std::vector<BadLine> bad_lines;
  const Gazetteer gazetteer = Gazetteer::Parse(kList, &bad_lines);
  const std::string bytes = gazetteer.Encode();
  for (size_t size = 1; size < bytes.size(); ++size) {
    const auto decoded = Gazetteer::Decode(bytes.substr(0, size));
    if (decoded.ok()) {  // cut between two entities
      EXPECT_LT(decoded->entities().size(), gazetteer.entities().size());
    } else {
      EXPECT_THAT(decoded,
                  FailsWith(absl::StatusCode::kDataLoss, "INDEX_CORRUPT"));
    }
  }
}

TEST(Gazetteer, TakesTheLongestTypeAndId) {
  const std::string type = std::string("A").append(31, '_');
  const std::string id(128, 'a');
  const Gazetteer gazetteer = MakeGazetteer(type + "\t" + id + "\tb\n");
  ASSERT_EQ(gazetteer.entities().size(), 1U);
  EXPECT_EQ(gazetteer.entities()[0].type, type);
}

// Long runs of what folds away must not make the search quadratic.
TEST(Gazetteer, TakesLinearTimeOnHostileText) {
  const Gazetteer gazetteer = MakeGazetteer("ORG\ta\tA A A A A B\tA\n");
  std::string text;
  for (int i = 0; i < 200000; ++i) {
    text += "A ";
  }
  EXPECT_THAT(gazetteer.Find(text), Not(IsEmpty()));
  std::string hidden = "A";
  for (int i = 0; i < 200000; ++i) {
    hidden += "\u00AD";
  }
  EXPECT_EQ(gazetteer.Find(hidden + " A").size(), 2U);
  EXPECT_EQ(
      gazetteer.Find(std::string("A").append(400000, ' ').append("A")).size(),
      2U);
}

}  // namespace
}  // namespace footnote::entities
