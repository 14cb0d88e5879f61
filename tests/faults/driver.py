"""Calls a server through api_driver."""

import json
import subprocess

import programs


class CallFailed(Exception):
    """The server, or the way to it, said no."""

    def __init__(self, error):
        super().__init__(f"{error['reason']}: {error['message']}")
        self.reason = error["reason"]


class Driver:
    """A connection to a server, or to those of several ports in turn, for a
    `with` statement."""

    def __init__(self, *ports):
        addresses = ",".join(f"127.0.0.1:{port}" for port in ports)
        self._process = subprocess.Popen(
            [programs.program("api_driver"), f"ipv4:{addresses}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _send(self, **line):
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def _receive(self):
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError("api_driver has ended")
        received = json.loads(line)
        if "error" in received:
            raise CallFailed(received["error"])
        return received

    def call(self, method, /, **request):
        """Returns the response of a call."""
        self._send(call=method, request=request)
        return self._receive()["response"]

    def put(self, collection, documents):
        """Yields the answer to each document as it comes."""
        self._send(call="PutDocuments", collection=collection,
                   documents=documents)
        while "answer" in (received := self._receive()):
            yield received["answer"]

    def documents(self, collection):
        """Returns what ListDocuments says of each document, by id."""
        found, token = {}, ""
        while True:
            page = self.call("ListDocuments", collection=collection,
                             page_size=100, page_token=token)
            for document in page["documents"]:
                found[document["documentId"]] = document
            token = page["nextPageToken"]
            if not token:
                return found
