// Texts on which spans go wrong first.

#pragma once

#include <string>
#include <vector>

#include "tests/testing/growing_collection.h"

namespace footnote::search {

// A document in a file of its own, and the canonical text it must get.
struct NastyText {
  std::string id;     // also the file's name
  std::string bytes;  // of the file
  std::string text;   // canonical
};

inline std::string Repeat(std::string_view piece, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += piece;
  }
  return text;
}

// Plain texts that are taken as they are.
// NOLINTNEXTLINE(readability-function-size): it is one list
inline std::vector<NastyText> PlainTexts() {
  using std::string_literals::operator""s;
  const std::vector<std::pair<const char*, std::string>> texts = {
      {"one-char", "x"},
      {"one-emoji", "👩🏽‍🚀"},
      {"one-dot", "."},
      {"one-mark", "\u0301"},
      {"marks",
       Repeat("Cafe\u0301 nai\u0308ve Z\u0310\u0301\u0323alg\u0489o. ", 90)},
      {"mark-pile", "amazon a" + Repeat("\u0301", 3000) + " end of a pile. " +
                        Repeat("o\u0308\u0323", 900)},
      {"mark-first", "\u0301\u0308abc. \u0301Next sentence. \n\u0301Line"},
      {"zwj", Repeat("Family 👨‍👩‍👧‍👦 and 👩🏽‍🚀 met "
                     "🏳️‍🌈 "
                     "👍🏿! ",
                     60)},
      {"flags", "Flags " + Repeat("🇩🇪🇫🇷🇯🇵", 300) + " and 🇩 alone 🇺."},
      {"odd-flags", "🇩" + Repeat("🇩🇪", 401) + " end"},
      {"keycaps", Repeat("Press 1️⃣ then #️⃣. ", 40)},
      {"crlf", Repeat("First line.\r\nSecond line\r\n\r\nParagraph. ", 70)},
      {"cr", Repeat("Old line.\rOther line\r\rParagraph\r", 40)},
      {"crlf-only-ends", "\r\n\r\nword\r\n\r\n"},
      {"blank-around", " \t\n\n  \u00a0\u3000 inside \u2003 \n\n \t "},
      {"blank-inside", "a" + Repeat(" \n", 6000) + "b"},
      {"arabic", Repeat("أَمَازُون شَرِكَةٌ كَبِيرَةٌ في العالَم؟ نعم، قال. ", 60)},
      {"hebrew", Repeat("שָׁלוֹם עֲלֵיכֶם, אָמְרָה \u200f(Amazon)\u200e. ", 60)},
      {"bidi", Repeat("\u202bعربي\u202c and \u2067עברית\u2069 mixed. ", 50)},
      {"jamo",
       Repeat("\u1112\u1161\u11ab\u1100\u1173\u11af 한글 \u1100\u1161. ", 80)},
      {"thai", Repeat("ภาษาไทยไม่มีช่องว่างระหว่างคำ น้ำ กำ", 60)},
      {"devanagari", Repeat("हिन्दी में क्षत्रिय और श्री हैं। "
                            "कि‍ताब ",
                            60)},
      {"tamil", Repeat("தமிழ் மொழி க்ஷ நி. ", 60)},
      {"khmer-myanmar", Repeat("ភាសាខ្មែរ မြန်မာဘာသာ ", 60)},
      {"chinese", Repeat("這是一個沒有空格的句子。它很長，", 120)},
      {"japanese", Repeat("東京タワーは高い。ｶﾞｷﾞか\u3099", 90)},
      {"surrogate-pairs", Repeat("𝒳𝒴 𐐀𐐨 🀄. ", 100)},
      {"no-end", Repeat("word ", 3000)},
      {"no-space", std::string(9000, 'x')},
      {"no-space-han", Repeat("漢", 5000)},
      {"no-space-emoji", Repeat("👩🏽‍🚀", 700)},
      {"dots", std::string(5000, '.')},
      {"dot-lines", Repeat(".\n", 3000)},
      {"word-lines", Repeat("a\n", 900)},
      {"prepend", Repeat("\u0600\u0661 \u0605a \U000110bdक. ", 50)},
      {"format", Repeat("soft\u00adhyphen zero\u200bwidth \u2060join. ", 60)},
      {"tags",
       Repeat("🏴\U000e0067\U000e0062\U000e0073\U000e007f wave. ", 40)},
      {"separators", Repeat("one\u2028two\u2029three\u0085four. ", 60)},
      {"inner-bom", "a\ufeffb. " + Repeat("c \ufeff. ", 30)},
      {"noncharacters", Repeat("\ufffe \uffff \U0010ffff \ufffd. ", 30)},
      {"long-word", std::string(300, 'w') + " " + Repeat("é", 400) + " end."},
      {"names",
       Repeat("Amazon's AWS, AMAZON and Ama\u0301zon; Amazonia. ", 40)},
  };
  std::vector<NastyText> result;
  result.reserve(texts.size());
  for (const auto& [id, text] : texts) {
    result.push_back({id, text, text});
  }
  return result;
}

// Files whose bytes are not their canonical text.
inline std::vector<NastyText> DecodedTexts() {
  std::string utf16;
  std::string utf16_text;
  for (int i = 0; i < 40; ++i) {
    for (const char16_t unit : u"Größe 👍 e\u0301. ") {
      if (unit != 0) {
        utf16 += static_cast<char>(unit & 0xFF);
        utf16 += static_cast<char>(unit >> 8);
      }
    }
    utf16_text += "Größe 👍 e\u0301. ";
  }
  const std::string markdown =
      "# Überschrift\r\n\r\nText of it. " + Repeat("More of it. ", 100) +
      "\r\n\r\n## Zwei e\u0301 👍\r\n" + Repeat("Body two. ", 120) +
      "\r\n\r\nSetext\r\n======\r\nBody three.\r\n### Last";
  return {
      {"bom", "\ufeffAfter the BOM. e\u0301", "After the BOM. e\u0301"},
      {"two-boms", "\ufeff\ufeffx", "\ufeffx"},
      {"utf16", "\xFF\xFE" + utf16, utf16_text},
      {"markdown.md", markdown, markdown},
      {"front.md", "---\r\ntitle: T\r\n---\r\n" + markdown, markdown},
      {"bom.md", "\ufeff" + markdown, markdown},
      {"latin1",
       Repeat("Le caf\xE9 d\xE9j\xE0 vu \xE0 la for\xEAt, o\xF9 l'\xE9t\xE9 "
              "est pass\xE9. ",
              30),
       Repeat("Le café déjà vu à la forêt, où l'été est passé. ", 30)},
  };
}

// Texts given as strings of JSON; `bytes` is the line.
inline std::vector<NastyText> JsonTexts() {
  using std::string_literals::operator""s;
  const auto line = [](const std::string& id, const std::string& escaped) {
    return R"({"_id":")" + id + R"(","text":")" + escaped + "\"}\n";
  };
  const std::vector<NastyText> texts = {
      {"j high", R"(a \ud83d b)", "a \ufffd b"},
      {"j low", R"(a\udc4db)", "a\ufffdb"},
      {"j swapped", R"(\udc4d\ud83d)", "\ufffd\ufffd"},
      {"j high high", R"(\ud83d\ud83d\udc4d.)", "\ufffd👍."},
      {"j end", R"(end \ud83d)", "end \ufffd"},
      {"j pair", R"(\ud83d\udc4d\ud83c\udffd)", "👍🏽"},
      {"j nul", R"(a\u0000b \u0000. c)", "a\0b \0. c"s},
      {"j only nul", R"(\u0000)", "\0"s},
      {"j control", R"(\u0001\b\f\u001b x)", "\x01\b\f\x1b x"},
      {"j escapes", R"(\"quoted\" \\ \/ \t\r\n)", "\"quoted\" \\ / \t\r\n"},
      {"j backslash u", R"(\\ud83d x)", "\\ud83d x"},
      {"j bom", R"(\ufeffx)", "x"},
      {"j invalid", "a\xFF"s + "b", "a\ufffdb"},
      {"j cut", "a\xE2\x82"s + "b", "a\ufffdb"},
      {"j encoded surrogate", "a\xED\xA0\xBD"s + "b", "a\ufffd\ufffd\ufffdb"},
      {"j overlong", "\xC0\xAF x", "\ufffd\ufffd x"},
      {"j/slash #?é", "in the id", "in the id"},
  };
  std::vector<NastyText> result;
  result.reserve(texts.size());
  for (const NastyText& text : texts) {
    result.push_back({text.id, line(text.id, text.bytes), text.text});
  }
  return result;
}

// Returns all of the above, written as sources of `collection`.
inline std::vector<NastyText> WriteNastyTexts(GrowingCollection* collection) {
  std::vector<NastyText> all;
  for (const auto& texts : {PlainTexts(), DecodedTexts()}) {
    for (const NastyText& text : texts) {
      collection->Write(text.id, text.bytes);
      all.push_back(text);
    }
  }
  std::string lines;
  for (const NastyText& text : JsonTexts()) {
    lines += text.bytes;
    all.push_back(text);
  }
  collection->Write("texts.jsonl", lines);
  return all;
}

}  // namespace footnote::search
