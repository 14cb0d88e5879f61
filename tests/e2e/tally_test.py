#!/usr/bin/env python3
"""Shows that deploy/tally.py counts truthfully what CTest writes."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TALLY = pathlib.Path(__file__).parents[2] / "deploy" / "tally.py"

PASSED = '<testcase name="A.Ok" status="run"/>'
FAILED = '<testcase name="A.No" status="fail"><failure message=""/></testcase>'
SKIPPED = ('<testcase name="A.Skip" status="notrun"><skipped '
           'message="SKIP_REGULAR_EXPRESSION_MATCHED"/><system-out>'
           "a_test.cc:6: Skipped\nno corpora\n[  SKIPPED ] A.Skip"
           "</system-out></testcase>")
SKIPPED_SCRIPT = ('<testcase name="script" status="notrun"><skipped '
                  'message="SKIP_RETURN_CODE=77"/><system-out>no network\n'
                  "</system-out></testcase>")
SKIPPED_PYTEST = ('<testcase name="test_page"><skipped type="pytest.skip" '
                  'message="chromium is not installed">test.py:9: chromium is '
                  "not installed</skipped></testcase>")
XFAILED_PYTEST = ('<testcase name="test_x"><skipped type="pytest.xfail" '
                  'message="known"/></testcase>')
DISABLED = '<testcase name="A.Off" status="disabled"/>'
NOT_BUILT = ('<testcase name="A_NOT_BUILT" status="notrun"><skipped '
             'message="Unable to find executable"/></testcase>')


class TallyTest(unittest.TestCase):

    def tally(self, *files):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for number, content in enumerate(files):
                paths.append(pathlib.Path(folder) / f"run{number}.xml")
                paths[-1].write_text(content, encoding="utf-8")
            result = subprocess.run([sys.executable, TALLY, *paths],
                                    stdout=subprocess.PIPE, text=True,
                                    check=False)
        return result.returncode, result.stdout.splitlines()

    def test_sums_all_files(self):
        status, lines = self.tally(
            f"<testsuite>{PASSED}{SKIPPED}</testsuite>",
            f"<testsuites><testsuite>{PASSED}{DISABLED}{SKIPPED_SCRIPT}"
            "</testsuite></testsuites>")
        self.assertEqual(status, 0)
        self.assertEqual(lines, ["skipped: run0/A.Skip (no corpora)",
                                 "skipped: run1/A.Off (disabled)",
                                 "skipped: run1/script (no network)",
                                 "2 passed, 0 failed, 3 skipped"])

    def test_pytest_skips_by_type(self):
        status, lines = self.tally(f"<testsuite>{PASSED}{SKIPPED_PYTEST}</testsuite>")
        self.assertEqual(status, 0)
        self.assertEqual(lines, ["skipped: test_page (chromium is not installed)",
                                 "1 passed, 0 failed, 1 skipped"])
        status, lines = self.tally(f"<testsuite>{XFAILED_PYTEST}</testsuite>")
        self.assertEqual(status, 1)

    def test_a_failure_fails(self):
        status, lines = self.tally(f"<testsuite>{PASSED}{FAILED}</testsuite>")
        self.assertEqual(status, 1)
        self.assertEqual(lines, ["failed: A.No",
                                 "1 passed, 1 failed, 0 skipped"])

    def test_a_program_that_is_not_there_fails(self):
        status, lines = self.tally(f"<testsuite>{NOT_BUILT}</testsuite>")
        self.assertEqual(status, 1)
        self.assertEqual(lines[-1], "0 passed, 1 failed, 0 skipped")

    def test_a_file_cut_short_fails(self):
        status, lines = self.tally(f"<testsuite>{PASSED}")
        self.assertEqual(status, 1)
        self.assertEqual(lines[-1], "0 passed, 1 failed, 0 skipped")

    def test_no_test_at_all_fails(self):
        for content in ("<testsuite/>", f"<testsuite>{SKIPPED}</testsuite>"):
            status, lines = self.tally(content)
            self.assertEqual(status, 1)
            self.assertIn("1 failed", lines[-1])


if __name__ == "__main__":
    unittest.main()
