#!/usr/bin/env python3
"""Sums the JUnit files of all test runners into one closing line.

Prints the failed and the skipped cases by name, then, last and alone on its
line, "N passed, N failed, N skipped". Ends with 1 when a case failed or none
ran. A case that did not run counts as skipped only where it said so itself; a
missing program, a failed fixture or an unreadable file counts as failed.
"""

import argparse
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

# What CTest writes for a skip that the test asked for; any other case that did
# not run is a failure, but for those of pytest, which says it by a type.
SKIP_MESSAGES = ("SKIP_RETURN_CODE=", "SKIP_REGULAR_EXPRESSION_MATCHED")


def output_of(case):
    element = case.find("system-out")
    return (element.text or "") if element is not None else ""


def skip_reason(output):
    """Returns the line in which a test says why it was skipped."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for before, line in zip(lines, lines[1:]):
        if before.endswith(": Skipped"):
            return line
    return lines[-1] if lines else ""


def outcome_of(case):
    """Returns "passed", "failed" or "skipped", and a word on why."""
    skipped = case.find("skipped")
    status = case.get("status", "run")
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed", ""
    if status == "disabled":
        return "skipped", "disabled"
    if skipped is not None:
        message = skipped.get("message", "")
        if message.startswith(SKIP_MESSAGES):
            return "skipped", skip_reason(output_of(case))
        if skipped.get("type") == "pytest.skip":
            return "skipped", message
        return "failed", message
    return ("passed", "") if status == "run" else ("failed", status)


def read_cases(path):
    """Yields (outcome, name, reason) of every case of a JUnit file."""
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        yield "failed", path, str(error)
        return
    for case in root.iter("testcase"):
        outcome, reason = outcome_of(case)
        yield outcome, case.get("name", "?"), reason


def title(path, name, files):
    """Returns a case's name, with that of its runner where there are several."""
    runner = pathlib.Path(path).stem
    return name if len(files) == 1 or name == runner else f"{runner}/{name}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", help="JUnit files")
    files = parser.parse_args().files
    cases = [(outcome, title(path, name, files), reason) for path in files
             for outcome, name, reason in read_cases(path)]
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for outcome, name, reason in sorted(cases):
        counts[outcome] += 1
        if outcome != "passed":
            print(f"{outcome}: {name}" + (f" ({reason})" if reason else ""))
    ran = counts["passed"] + counts["failed"]
    if ran == 0:
        print("failed: no test ran")
        counts["failed"] = 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, "
          f"{counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
