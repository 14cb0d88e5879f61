#include "indexer/base/sha256.h"

#include <gtest/gtest.h>

namespace footnote {
namespace {

TEST(Sha256, AgreesWithTheStandardsVectors) {
  EXPECT_EQ(ToHex(Sha256Of("")),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256Of("abc")),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      ToHex(Sha256Of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnop"
                     "q")),
      "248d6a61d20638b8e5c026930c3e6039"
      "a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(ToHex(Sha256Of(std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67"
            "f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, TakesItsInputInPieces) {
  Sha256 sha;
  sha.Update("a");
  sha.Update("");
  sha.Update("bc");
  EXPECT_EQ(sha.Finish(), Sha256Of("abc"));
}

TEST(Sha256, KeepsFieldsApart) {
  Sha256 one;
  one.UpdateField("ab");
  one.UpdateField("c");
  Sha256 other;
  other.UpdateField("a");
  other.UpdateField("bc");
  EXPECT_NE(one.Finish(), other.Finish());
}

TEST(Sha256, WritesTheLengthOfAFieldInEightBytes) {
  Sha256 sha;
  sha.UpdateField("abc");
  EXPECT_EQ(sha.Finish(), Sha256Of(std::string("\3\0\0\0\0\0\0\0abc", 11)));
}

TEST(ToHex, WritesTwoDigitsAByte) {
  EXPECT_EQ(ToHex(""), "");
  EXPECT_EQ(ToHex(std::string_view("\x00\x0F\xFF", 3)), "000fff");
}

TEST(ToBase64Url, AgreesWithTheStandardsVectors) {
  EXPECT_EQ(ToBase64Url(""), "");
  EXPECT_EQ(ToBase64Url("f"), "Zg");
  EXPECT_EQ(ToBase64Url("fo"), "Zm8");
  EXPECT_EQ(ToBase64Url("foo"), "Zm9v");
  EXPECT_EQ(ToBase64Url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(ToBase64Url("\xFB\xEF\xFF"), "--__");
}

TEST(ToBytes, KeepsAllBytes) {
  const Digest digest = Sha256Of("abc");
  EXPECT_EQ(ToBytes(digest).size(), 32U);
  EXPECT_EQ(ToHex(ToBytes(digest)), ToHex(digest));
}

}  // namespace
}  // namespace footnote
