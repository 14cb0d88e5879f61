#!/usr/bin/env python3
"""Shows that tests/layering.py fails where it must: bad trees, one rule each."""

import pathlib
import tempfile
import unittest

import layering

TEXT_HEADER = "#pragma once\n"


class TreeTest(unittest.TestCase):

    def problems_of(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
            return layering.problems(root)

    def expect_problem(self, wanted, files):
        found = self.problems_of(files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(wanted, found[0])


class LayeringTest(TreeTest):

    def test_accepts_what_is_allowed(self):
        self.assertEqual([], self.problems_of({
            "indexer/base/status.h": TEXT_HEADER + '#include "absl/s.h"\n',
            "indexer/text/words.h": TEXT_HEADER + "#include <string>\n",
            "indexer/text/words.cc": '#include "indexer/text/words.h"\n'
                                     '#include "indexer/base/status.h"\n'
                                     "#include <sys/stat.h>\n"
                                     "#include <unicode/brkiter.h>\n",
            "server/search/search.cc": "#include <xapian.h>\n"
                                       '#include "indexer/text/words.h"\n',
            "server/service/rpc.cc": '#include "footnote/v1/search.pb.h"\n'
                                     "#include <grpcpp/grpcpp.h>\n",
            "server/main.cc": "#include <grpcpp/grpcpp.h>\n",
            "tests/text/words_test.cc": "#include <gtest/gtest.h>\n"
                                        '#include "indexer/text/words.h"\n',
        }))

    def test_rejects_an_include_upwards(self):
        self.expect_problem("indexer/base may not include indexer/text", {
            "indexer/base/a.cc": '\n#include "indexer/text/words.h"\n',
            "indexer/text/words.h": TEXT_HEADER})

    def test_rejects_the_indexer_naming_the_server(self):
        self.expect_problem("indexer/pipeline may not include server/search", {
            "indexer/pipeline/a.cc": '#include "server/search/search.h"\n',
            "server/search/search.h": TEXT_HEADER})

    def test_names_the_line(self):
        self.expect_problem("server/auth/a.cc:3: ", {
            "server/auth/a.cc": '// A.\n\n#  include "server/search/s.h"\n',
            "server/search/s.h": TEXT_HEADER})

    def test_rejects_a_header_that_does_not_exist(self):
        self.expect_problem("does not exist", {
            "indexer/text/a.cc": '#include "indexer/base/gone.h"\n'})

    def test_rejects_test_headers_outside_tests(self):
        self.expect_problem("for tests only", {
            "indexer/base/a.cc": '#include "tests/testing/temp.h"\n'})

    def test_rejects_a_cycle(self):
        found = self.problems_of({
            "indexer/base/a.h": TEXT_HEADER + '#include "indexer/text/b.h"\n',
            "indexer/text/b.h": TEXT_HEADER + '#include "indexer/base/a.h"\n'})
        self.assertIn("cycle of folders: "
                      "indexer/base -> indexer/text -> indexer/base", found)

    def test_rejects_a_cycle_of_tests(self):
        self.expect_problem("cycle of folders", {
            "tests/a/a.h": TEXT_HEADER + '#include "tests/b/b.h"\n',
            "tests/b/b.h": TEXT_HEADER + '#include "tests/a/a.h"\n'})

    def test_rejects_a_folder_nobody_knows(self):
        self.expect_problem("its folder is not known", {"server/new/a.cc": ""})

    def test_rejects_a_missing_pragma_once(self):
        self.expect_problem("no #pragma once", {
            "indexer/base/a.h": "// #pragma once is missing\n"})

    def test_rejects_long_files(self):
        self.expect_problem("401 lines, over 400", {
            "indexer/base/a.cc": "\n" * 401, "client/a.cc": "\n" * 400})
        self.expect_problem("601 lines, over 600", {
            "tests/a/a_test.cc": "\n" * 601, "tests/a/b_test.cc": "\n" * 600})
        self.expect_problem("251 lines, over 250", {
            "proto/footnote/v1/a.proto": "\n" * 251})


class ThirdPartyTest(TreeTest):
    """Each third-party library, named where it does not belong."""

    def test_rejects_libraries_out_of_place(self):
        for path, header in (
                ("indexer/base/a.cc", "<xapian.h>"),
                ("indexer/text/a.cc", "<xapian.h>"),
                ("server/service/a.cc", "<xapian/query.h>"),
                ("indexer/text/a.cc", "<grpcpp/grpcpp.h>"),
                ("server/search/a.cc", "<grpc/status.h>"),
                ("indexer/main.cc", "<grpcpp/grpcpp.h>"),
                ("server/search/a.cc", '"footnote/v1/search_service.pb.h"'),
                ("indexer/index/a.cc", "<google/protobuf/message.h>"),
                ("indexer/pipeline/a.cc", '"absl.pb.h"'),
                ("server/search/a.cc", "<unicode/unistr.h>"),
                ("server/service/a.cc", "<openssl/sha.h>"),
                ("indexer/index/a.cc", "<spdlog/spdlog.h>"),
                ("indexer/entities/a.cc", "<cld2/public/compact_lang_det.h>"),
                ("server/search/a.cc", "<libstemmer.h>"),
                ("indexer/text/a.cc", "<cmark-gfm.h>"),
                ("indexer/text/a.cc", "<gumbo.h>"),
                ("indexer/text/a.cc", "<roaring/roaring.hh>"),
                ("server/search/a.cc", "<zstd.h>"),
                ("client/a.cc", '"boost/optional.hpp"')):
            with self.subTest(path=path, header=header):
                self.expect_problem(f"{path}:1: ",
                                    {path: f"#include {header}\n"})

    def test_rejects_icu_in_headers(self):
        self.expect_problem("indexer/text/a.h:2: unicode/unistr.h belongs to", {
            "indexer/text/a.h": TEXT_HEADER + "#include <unicode/unistr.h>\n"})


if __name__ == "__main__":
    unittest.main()
