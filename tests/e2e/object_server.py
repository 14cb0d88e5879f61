"""A web server of objects for tests: GET with ranges, HEAD, PUT and DELETE."""

import hashlib
import hmac
import http.server
import threading
import urllib.parse


def sign(secret, request, date, scope, names):
    """Returns the signature (AWS Signature Version 4) of a request."""
    headers = "".join(f"{name}:{request.headers[name].strip()}\n"
                      for name in names.split(";"))
    path, _, query = request.path.partition("?")
    canonical = "\n".join([request.command, urllib.parse.quote(path), query,
                           headers, names,
                           request.headers["x-amz-content-sha256"]])
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in [*scope.split("/"), text]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def etag_of(body):
    return body and f'"{hashlib.md5(body).hexdigest()}"'


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request after another of a connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer goes out at once

    def log_message(self, *_):
        pass

    def handle_expect_100(self):
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _answer(self, code, body=b"", length=None, sent=None, etag=None):
        self.send_response(code)
        if etag and self.server.knows_conditions:
            self.send_header("ETag", etag)
        self.send_header("Content-Length",
                         str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body[:sent])
        if sent is not None and sent < len(body):
            self.close_connection = True

    def _refuses(self, body=b""):
        """Answers a request that is not signed as it should be."""
        secrets = self.server.secrets
        if not secrets:
            return False
        scheme, _, fields = self.headers.get("Authorization", "").partition(" ")
        fields = dict(field.strip().split("=", 1)
                      for field in fields.split(",") if "=" in field)
        key_id, _, scope = fields.get("Credential", "").partition("/")
        if (scheme == "AWS4-HMAC-SHA256" and key_id in secrets
                and self.headers.get("x-amz-content-sha256")
                == hashlib.sha256(body).hexdigest()
                and fields["Signature"] == sign(
                    secrets[key_id], self, self.headers["x-amz-date"], scope,
                    fields["SignedHeaders"])):
            return False
        self._answer(403)
        return True

    def do_GET(self):
        if self._refuses():
            return
        body = self.server.objects.get(self.path)
        self.server.requests.append(
            (self.command, self.path, self.headers.get("Range")))
        if self.server.failures > 0:
            self.server.failures -= 1
            self._answer(503)
        elif body is None:
            self._answer(404)
        elif self.command == "HEAD":
            self._answer(200, length=len(body))
        else:
            self._send(body)

    do_HEAD = do_GET

    def _send(self, body):
        code, span = 200, self.headers.get("Range")
        if span and self.server.knows_ranges:
            code = 206
            body = body[int(span.removeprefix("bytes=").removesuffix("-")):]
        cut = self.server.cut_after
        self._answer(code, body, sent=cut if cut and cut < len(body) else None,
                     etag=etag_of(self.server.objects.get(self.path)))

    def _holds(self):
        """Returns whether the object is what the request takes it for."""
        if not self.server.knows_conditions:
            return True
        etag = etag_of(self.server.objects.get(self.path))
        if self.headers.get("If-None-Match") == "*" and etag:
            return False
        return self.headers.get("If-Match", etag) == etag

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._refuses(body):
            with self.server.lock:
                holds = self._holds()
                if holds:
                    self.server.objects[self.path] = body
            self.server.requests.append((self.command, self.path, None))
            self._answer(201 if holds else 412)

    def do_DELETE(self):
        if not self._refuses():
            gone = self.server.objects.pop(self.path, None) is None
            self._answer(404 if gone else 204)


class ObjectServer(http.server.ThreadingHTTPServer):
    """For a `with` statement; `secrets`, by key id, has requests signed."""

    def __init__(self, secrets=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.secrets = secrets or {}
        self.objects = {}   # by path
        self.requests = []  # method, path and range
        self.knows_ranges = True
        self.knows_conditions = True  # ETag, If-Match and If-None-Match
        self.lock = threading.Lock()
        self.cut_after = 0  # bytes of an answer, and the connection ends
        self.failures = 0   # answers to come that are 503
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
