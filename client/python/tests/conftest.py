"""The real server over an index of seeds/, and a server that fails as told."""

import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from footnote import Client, v1

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("FOOTNOTE_BIN", REPOSITORY / "build/release/bin"))
WAIT_SECONDS = 60

# Frameworks under test call nobody.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

settings.register_profile(
    "same",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("same")


def start_server(
    data: pathlib.Path, scratch: pathlib.Path
) -> tuple[subprocess.Popen[bytes], str]:
    """Starts footnote-server on a free port; returns it and its address."""
    port_file = scratch / "port"
    command = f"{BIN}/footnote-server --listen 127.0.0.1:0".split()
    with (scratch / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--data-dir", data, "--port-file", port_file], stderr=log
        )
    end = time.monotonic() + WAIT_SECONDS
    while not port_file.exists():
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise AssertionError((scratch / "log").read_text())
        time.sleep(0.02)
    return process, f"127.0.0.1:{port_file.read_text().strip()}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of footnote-server, with the collection `seeds`."""
    scratch = tmp_path_factory.mktemp("server")
    data = scratch / "data"
    command = f"{BIN}/footnote-index build --collection seeds".split()
    subprocess.run(
        [*command, "--data-dir", data, REPOSITORY / "seeds"],
        check=True,
        capture_output=True,
    )
    process, address = start_server(data, scratch)
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(WAIT_SECONDS) == 0


@pytest.fixture
def client(server: str) -> Iterator[Client]:
    with Client(server) as made:
        yield made


@pytest.fixture
def found(client: Client) -> v1.SearchResponse:
    """Three passages of two documents or more."""
    request = v1.SearchRequest(
        collection="seeds",
        query="Which data centers did drones damage?",
        page_size=3,
        max_passages_per_document=1,
    )
    return client.search(request)
