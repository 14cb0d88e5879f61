"""The examples, run as their users run them, and their page in a browser."""

from __future__ import annotations

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest

from footnote import Client, v1
from footnote.citations import Citation, Verdict, VerifiedCitation, verify
from footnote.page import render
from footnote.passages import PassageRef, ref_of

EXAMPLES = pathlib.Path(__file__).resolve().parents[1] / "examples"

# Follows each link of the answer and notes where it leads.
FOLLOW = """
<script>
(async () => {
  const visited = [];
  for (const link of document.querySelectorAll("sup a")) {
    const moved = new Promise(
      done => addEventListener("hashchange", done, {once: true}));
    link.click();
    await moved;
    await new Promise(done => setTimeout(done, 50));
    const target = document.querySelector(":target");
    const box = target.getClientRects()[0];
    visited.push({
      label: link.textContent,
      tag: target.tagName,
      text: target.textContent,
      color: getComputedStyle(target).backgroundColor,
      seen: Boolean(box) && box.bottom > 0 && box.top < innerHeight,
    });
  }
  const result = document.createElement("pre");
  result.id = "visited";
  result.textContent = JSON.stringify(visited);
  document.body.append(result);
})();
</script>
"""


def run(script: str, *arguments: object) -> str:
    """Runs an example that succeeds, without a key; returns what it prints."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    environment.pop("ANTHROPIC_API_KEY", None)
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def visit(page: pathlib.Path) -> list[dict[str, Any]]:
    """Follows the links of a page in Chromium; returns where each leads."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("chromium is not installed")
    copy = page.with_name("followed.html")
    copy.write_text(page.read_text("utf-8") + FOLLOW, "utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += ["--virtual-time-budget=20000", f"--user-data-dir={page.parent}/profile"]
    done = subprocess.run(
        [*command, copy.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = re.search(r'<pre id="visited">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout[-2000:]
    return list(json.loads(html.unescape(found[1])))


def check_page(page: pathlib.Path, checked: list[VerifiedCitation]) -> None:
    """Checks that each link of the page lands on its highlighted span."""
    texts = [
        text
        for one in checked
        for text in [part.text for part in one.parts] or [one.citation.quote]
    ]
    visited = visit(page)
    assert [one["label"] for one in visited] == [
        f"[{n + 1}]" for n in range(len(texts))
    ]
    assert [one["text"] for one in visited] == texts
    assert {one["tag"] for one in visited} == {"MARK"}
    assert {one["color"] for one in visited} == {"rgb(255, 230, 128)"}
    assert all(one["seen"] for one in visited)


def test_answer(server: str, tmp_path: pathlib.Path) -> None:
    page = tmp_path / "answer.html"
    printed = run("answer.py", "--server", server, "--html", page)
    verdicts = re.findall(r"^\[\d\] ([A-Z]+)", printed, re.MULTILINE)
    assert verdicts == ["VERIFIED", "SHIFTED", "WRONG", "INVENTED"]
    assert '"worldwide" for "regional"' in printed
    text = page.read_text("utf-8")
    assert not re.search(r"<(script|link|img|iframe)|url\(", text)
    assert len(re.findall(r'href="#s\d+"', text)) == 4


@pytest.mark.browser
def test_page_of_the_example(server: str, tmp_path: pathlib.Path) -> None:
    page = tmp_path / "answer.html"
    run("answer.py", "--server", server, "--html", page)
    visited = visit(page)
    assert [one["label"] for one in visited] == ["[1]", "[2]", "[3]", "[4]"]
    assert visited[0]["text"].startswith("Early in March 2026, Iranian drones")
    assert all(one["tag"] == "MARK" and one["seen"] for one in visited)


NASTY = (
    'Erste <b>Zeile</b> & "mehr". Zwölf 𠀋 Boxkämpfer</mark> jagen <script>. '
    "عبارة عربية طويلة هنا. Ende.\n\n" + "Ein Absatz mit vielen Wörtern darin. " * 80
)


def nasty_citations(client: Client) -> list[VerifiedCitation]:
    """Cites texts that HTML could trip over."""
    document = v1.InputDocument(
        document_id="a<b>&.md",
        text=NASTY,
        title='<i>"T" & Co</i>',
        uri="https://a/?b&c",
    )
    for answer in client.put_documents("nasty", [document]):
        assert answer.WhichOneof("outcome") == "result"
    client.publish(v1.PublishRequest(collection="nasty"))
    found = client.search(v1.SearchRequest(collection="nasty", query="Boxkämpfer"))
    passage = found.passages[0]
    ref = ref_of(passage, found.generation)
    quotes = [block.text for block in passage.blocks[:3]]
    return verify(
        client,
        [
            *(Citation(ref=ref, quote=quote, answer=(0, 4)) for quote in quotes),
            Citation(ref=ref, quote="<u>Never said</u> by anyone.", answer=(2, 9)),
            Citation(
                ref=PassageRef("gone", 1, "x"), quote="Gone & lost", answer=(0, 99)
            ),
        ],
    )


def test_page_escapes(client: Client) -> None:
    checked = nasty_citations(client)
    page = render(client, "<q> & a?", "A <&> b", checked)
    assert "<script>" not in page
    assert "<i>" not in page
    assert "<u>" not in page
    assert "A &lt;&amp;&gt; b" in re.sub(r"<sup>.*?</sup>", "", page)
    assert [one.verdict for one in checked[-2:]] == [Verdict.INVENTED] * 2


@pytest.mark.browser
def test_page_with_difficult_texts(client: Client, tmp_path: pathlib.Path) -> None:
    checked = nasty_citations(client)
    page = tmp_path / "page.html"
    page.write_text(render(client, "<q>?", "A <&> b", checked), "utf-8")
    check_page(page, checked)


def write_lines(path: pathlib.Path, *rows: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_evaluate(server: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "qrels").mkdir()
    write_lines(
        tmp_path / "corpus.jsonl",
        {"_id": "1", "title": "Birds", "text": "The curlew calls at dusk."},
        {
            "_id": "2",
            "title": "",
            "text": "The pelican eats fish.",
            "metadata": {"a": 1},
        },
        {"_id": "3", "title": "", "text": "Nothing at all is said of it."},
        {"_id": "4", "title": "", "text": ""},
    )
    write_lines(
        tmp_path / "queries.jsonl",
        {"_id": "q1", "text": "curlew"},
        {"_id": "q2", "text": "pelican"},
        {"_id": "q3", "text": "not judged"},
    )
    rows = ["query-id\tcorpus-id\tscore", "q1\t1\t1", "q2\t2\t2", "q2\t3\t1"]
    (tmp_path / "qrels/test.tsv").write_text("\n".join(rows) + "\n")
    printed = run(
        "evaluate.py",
        tmp_path,
        "--server",
        server,
        "--collection",
        "beir",
        "--worst",
        1,
    )
    assert "not taken: 4: " in printed
    assert "3 documents, 3 passages" in printed
    # The second question finds one of two: 2 / (2 + 1 / log2(3)) by gain.
    assert "nDCG@10 0.8801  MAP 0.7500  R@100 0.7500" in printed
    assert printed.splitlines()[-1] == "0.760  pelican"
