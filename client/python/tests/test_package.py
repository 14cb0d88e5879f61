"""The package as `python -m build` makes it, its types and its style."""

import email
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
REPOSITORY = PACKAGE.parents[1]

# What importing the core may load; gRPC itself looks for its tools.
CORE = {"footnote-client", "grpcio", "grpcio-tools", "typing_extensions"}
LIST_DISTRIBUTIONS = """
import sys
sys.modules["opentelemetry"] = None  # is used where it is there, as it is here
PROTOBUF = ("google.protobuf", "google._upb")
before = set(sys.modules)
import footnote, footnote.citations
from footnote.formats import bedrock, claude, cohere, gemini, openai
from importlib.metadata import packages_distributions
known = packages_distributions()
loaded = set(sys.modules) - before - {"google"}  # which many distributions share
loaded = {name for name in loaded if not name.startswith(PROTOBUF)}
roots = {name.partition(".")[0] for name in loaded}
print(*sorted({dist for root in roots for dist in known.get(root, ())}))
"""


def run(*command: object) -> str:
    """Runs a command that succeeds; returns what it prints."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with the wheel, which was built from the sdist, and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    return folder


def test_sdist_has_the_protos(built: pathlib.Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    protos = {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "proto").rglob("*.proto")
    }
    assert protos <= names
    assert not [name for name in names if name.endswith("_pb2.py")]


def test_wheel(built: pathlib.Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.name.startswith("footnote_client-")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith("/METADATA"))
        fields = email.message_from_bytes(archive.read(metadata))
    assert "footnote/v1/search_service_pb2.py" in names
    assert "footnote/v1/search_service_pb2.pyi" in names
    assert "footnote/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "test" in name]
    for package in (
        "langchain_footnote",
        "llama_index/retrievers/footnote",
        "haystack_integrations/components/retrievers/footnote",
    ):
        assert f"{package}/__init__.py" in names
    # Namespaces are shared with other packages.
    assert "llama_index/__init__.py" not in names
    assert "haystack_integrations/__init__.py" not in names
    needed = fields.get_all("Requires-Dist", [])
    core = {re.split(r"\W", line)[0] for line in needed if "extra ==" not in line}
    assert core == {"grpcio", "protobuf"}


def test_core_needs_grpcio_and_protobuf_alone() -> None:
    loaded = set(run(sys.executable, "-c", LIST_DISTRIBUTIONS).split())
    assert {"footnote-client", "grpcio"} <= loaded <= CORE


def test_stands_beside_the_public_google_rpc() -> None:
    code = "from google.rpc import status_pb2, error_details_pb2; import footnote"
    run(sys.executable, "-c", code)


def test_version_is_that_of_the_programs() -> None:
    project = (PACKAGE / "pyproject.toml").read_text("utf-8")
    cmake = (REPOSITORY / "CMakeLists.txt").read_text("utf-8")
    ours = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    theirs = re.search(r"project\(footnote VERSION (\S+)", cmake)
    assert ours
    assert theirs
    assert ours[1] == theirs[1]


def test_no_stub_is_committed() -> None:
    listed = run("git", "ls-files", "--", ".")
    assert "hatch_build.py" in listed
    assert "_pb2" not in listed


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff(command: str) -> None:
    run(sys.executable, "-m", "ruff", *command.split(), ".")


def test_mypy() -> None:
    cache = pathlib.Path(sys.prefix) / "mypy-cache"
    run(sys.executable, "-m", "mypy", "--cache-dir", cache)
