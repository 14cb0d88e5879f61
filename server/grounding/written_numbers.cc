#include "server/grounding/written_numbers.h"

#include <string>

#include "indexer/text/quantity_words.h"

namespace footnote::grounding {
namespace {

constexpr int64_t kHundred = 100;
constexpr int kMostPower = 12;

// Reads one number.
class WordsReader {
 public:
  WordsReader(std::string_view text, const std::vector<text::Token>& tokens,
              uint32_t at, std::string_view language)
      : text_(text), tokens_(tokens), language_(language), at_(at) {}

  std::optional<WrittenOutNumber> Read() {
    int64_t sum = 0;
    int last_power = kMostPower + 1;
    for (int groups = 0; IsNumber(at_); ++groups) {
      const uint32_t start = at_;
      const int64_t group = ReadGroup();
      const int power = PowerAt(at_);
      if (power >= last_power) {
        at_ = start;
        break;
      }
      sum += group * PowerOfTen(power);
      is_compound_ = is_compound_ || groups > 0;
      if (power == 0) {
        break;
      }
      last_power = power;
      ++at_;
      SkipAnd(false);
      if (!IsJoined(at_)) {
        break;
      }
    }
    return is_compound_ && sum > 0 ? std::optional<WrittenOutNumber>({sum, at_})
                                   : std::nullopt;
  }

 private:
  std::string_view WordAt(size_t at) const {
    return at < tokens_.size() ? std::string_view(tokens_[at].word)
                               : std::string_view();
  }

  static int64_t PowerOfTen(int power) {
    int64_t value = 1;
    for (int i = 0; i < power; ++i) {
      value *= 10;
    }
    return value;
  }

  // Whether a token stands right behind the one before it.
  bool IsJoined(size_t at) const {
    if (at == 0 || at >= tokens_.size()) {
      return false;
    }
    const std::string_view between = text_.substr(
        tokens_[at - 1].end, tokens_[at].start - tokens_[at - 1].end);
    return between == " " || between == "-" || between == "\u00A0";
  }

  bool IsHundred(size_t at) const {
    return IsJoined(at) && WordAt(at) == "hundred";
  }

  int NumberAt(size_t at) const {
    const int number = text::NumberOfWord(WordAt(at));
    return number == 0 && WordAt(at) == "a" && IsHundred(at + 1) ? 1 : number;
  }
  bool IsNumber(size_t at) const { return NumberAt(at) > 0; }

  // Returns the power of ten that a token multiplies by, 0 for none.
  int PowerAt(size_t at) const {
    const int power =
        IsJoined(at) ? text::PowerOfWord(WordAt(at), language_) : 0;
    return power <= kMostPower ? power : 0;
  }

  // Goes over an "and" that a smaller number follows.
  void SkipAnd(bool is_of_group) {
    const bool goes_on = WordAt(at_) == "and" && IsJoined(at_) &&
                         IsJoined(at_ + 1) && IsNumber(at_ + 1) &&
                         !EndsInScale(at_ + 1, is_of_group);
    at_ += goes_on ? 1 : 0;
  }

  // Whether "hundred" follows a number of one or two words, or "thousand" and
  // the like where these are not of its group.
  bool EndsInScale(size_t at, bool is_of_group) const {
    const size_t next = at + (IsJoined(at + 1) && IsNumber(at + 1) ? 2 : 1);
    return IsHundred(next) || (!is_of_group && PowerAt(next) > 0);
  }

  // Reads "seven", "twenty-five".
  int64_t ReadSmall() {
    constexpr int kTwenty = 20;
    constexpr int kTen = 10;
    const int first = NumberAt(at_++);
    const int second = IsJoined(at_) ? NumberAt(at_) : 0;
    if (first < kTwenty || second == 0 || second >= kTen) {
      return first;
    }
    is_compound_ = true;
    ++at_;
    return first + second;
  }

  // Reads what may stand before "million": "two hundred and twenty-five".
  int64_t ReadGroup() {
    int64_t value = ReadSmall();
    if (!IsHundred(at_)) {
      return value;
    }
    is_compound_ = true;
    ++at_;
    value *= kHundred;
    SkipAnd(true);
    const bool goes_on = IsJoined(at_) && text::NumberOfWord(WordAt(at_)) > 0 &&
                         !IsHundred(at_ + 1);
    return goes_on ? value + ReadSmall() : value;
  }

  std::string_view text_;
  const std::vector<text::Token>& tokens_;
  std::string_view language_;
  uint32_t at_;
  bool is_compound_ = false;
};

}  // namespace

std::optional<WrittenOutNumber> ReadWrittenOut(
    std::string_view text, const std::vector<text::Token>& tokens, uint32_t at,
    std::string_view language) {
  return WordsReader(text, tokens, at, language).Read();
}

}  // namespace footnote::grounding
