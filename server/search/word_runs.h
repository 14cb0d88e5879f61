// The runs of words of a text, by which texts are told to be alike.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace footnote::search {

// Hashes of the distinct runs of three words of a text, ascending; of a text of
// one or two words the hash of both together, of none nothing.
using WordRuns = std::vector<uint64_t>;

// Returns the runs of a text, with words as quotes are compared by: case, white
// space and punctuation mean nothing. Thread-safe.
WordRuns RunsOf(std::string_view text);

// Returns how many runs two texts share.
size_t SharedRuns(const WordRuns& a, const WordRuns& b);

}  // namespace footnote::search
