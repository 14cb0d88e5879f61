// Any answer splits into claims, which are checked in bounded time.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/text/sentences.h"
#include "indexer/text/utf8.h"
#include "server/grounding/claim_check.h"
#include "server/grounding/claims.h"
#include "tests/fuzz/expect.h"

namespace footnote::grounding {
namespace {

// Checks one claim against the answer that it is of.
void CheckClaimOf(std::string_view answer, const Claim& claim,
                  const Evidence& evidence, std::string_view language) {
  const std::string_view said =
      answer.substr(claim.start, claim.end - claim.start);
  StatementReader reader;
  const Statement statement = reader.Read(said, language);
  const ClaimVerdict verdict =
      CheckClaim(ClaimAlignment(evidence, statement, said, language));
  FUZZ_EXPECT(verdict.score >= 0 && verdict.score <= 1 + 1e-9);
  FUZZ_EXPECT(verdict.supports.size() <= kMaxSupports);
  for (const Disagreement& each : verdict.disagreements) {
    FUZZ_EXPECT(each.start < each.end && each.end <= said.size());
    if (each.source) {
      const Unit& unit = evidence.units()[each.source->unit];
      FUZZ_EXPECT(each.source->start < each.source->end &&
                  each.source->end <= unit.end - unit.start);
    }
  }
}

void CheckAnswer(std::string_view answer, std::string_view language) {
  const std::vector<Claim> claims = SplitClaims(answer, language);
  uint32_t before = 0;
  Evidence evidence(nullptr);
  FUZZ_EXPECT(
      evidence.Add({std::string(answer), std::string(language), "", 0}, {})
          .ok());
  evidence.Finish();
  constexpr size_t kMaxChecked = 50;
  size_t checked = 0;
  for (const Claim& claim : claims) {
    FUZZ_EXPECT(claim.start >= before && claim.start < claim.end &&
                claim.end <= answer.size());
    FUZZ_EXPECT(claim.end - claim.start <= text::kMaxSentenceBytes);
    FUZZ_EXPECT(text::IsGraphemeBoundary(answer, claim.start) &&
                text::IsGraphemeBoundary(answer, claim.end));
    for (const CitationMark& mark : claim.citations) {
      FUZZ_EXPECT(mark.start < mark.end && mark.end <= answer.size() &&
                  !mark.numbers.empty());
    }
    before = claim.end;
    if (++checked <= kMaxChecked) {
      CheckClaimOf(answer, claim, evidence, language);
    }
  }
}

}  // namespace
}  // namespace footnote::grounding

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::string_view kLanguages[] = {"en", "de", "fr", "ja", "und"};
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data + 1),
                              size - 1);
  if (footnote::text::FindInvalidUtf8(text) == std::string_view::npos) {
    footnote::grounding::CheckAnswer(text, kLanguages[data[0] % 5]);
  }
  return 0;
}
