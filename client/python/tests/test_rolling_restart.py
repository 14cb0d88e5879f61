"""Three servers are restarted one after the other, under load."""

import pathlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable

from conftest import BIN, REPOSITORY, WAIT_SECONDS

from footnote import Client, FootnoteError, v1


class Replica:
    """A server on a port that it keeps when it is started again."""

    def __init__(self, data: pathlib.Path, scratch: pathlib.Path) -> None:
        self._data = data
        self._scratch = scratch
        self.port = 0
        self.start()

    def start(self) -> None:
        self._scratch.mkdir(exist_ok=True)
        port_file = self._scratch / "port"
        port_file.unlink(missing_ok=True)
        command = f"{BIN}/footnote-server --drain-delay 200ms".split()
        command += ["--listen", f"127.0.0.1:{self.port}"]
        with (self._scratch / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "--data-dir", self._data, "--port-file", port_file],
                stderr=log,
            )
        self._wait(port_file.exists)
        self.port = int(port_file.read_text())

    def _wait(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert self._process.poll() is None, (self._scratch / "log").read_text()
            assert time.monotonic() < end
            time.sleep(0.02)

    def wait_for_call(self) -> None:
        self._wait(lambda: '"message":"rpc"' in (self._scratch / "log").read_text())

    def end(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(WAIT_SECONDS)


def test_no_request_fails(tmp_path: pathlib.Path) -> None:
    data = tmp_path / "data"
    command = f"{BIN}/footnote-index build --collection seeds".split()
    subprocess.run(
        [*command, "--data-dir", data, REPOSITORY / "seeds"],
        check=True,
        capture_output=True,
    )
    replicas = [Replica(data, tmp_path / name) for name in ("a", "b", "c")]
    addresses = ",".join(f"127.0.0.1:{replica.port}" for replica in replicas)
    stopping = threading.Event()
    failures: list[FootnoteError] = []

    def ask() -> None:
        request = v1.SearchRequest(collection="seeds", query="Amazon")
        with Client(f"ipv4:{addresses}") as client:
            while not stopping.is_set():
                try:
                    client.search(request)
                except FootnoteError as error:
                    failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for replica in replicas:
            replica.wait_for_call()
        for replica in replicas:
            assert replica.end() == 0
            replica.start()
            replica.wait_for_call()
    finally:
        stopping.set()
        thread.join()
        codes = [replica.end() for replica in replicas]
    assert codes == [0, 0, 0]
    assert failures == []
