"""A service that Keyfence protects. It needs Python 3.9 or newer and nothing else."""

import json
import os
import re
import secrets
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

KEYFENCE_URL = os.environ.get("KEYFENCE_URL", "http://127.0.0.1:3000").rstrip("/")
SERVICE_KEY = os.environ.get("KEYFENCE_SERVICE_KEY", "")
PORT = int(os.environ.get("PORT", "4000"))

TIMEOUT = 2  # seconds
MAX_BODY = 64 * 1024  # bytes

PROBLEMS = {
    "ambiguous_credentials": (400, "Send exactly one API key, in one header."),
    "unauthenticated": (401, "A valid API key is required."),
    "insufficient_permission": (403, "The API key lacks a permission."),
    "ip_not_allowed": (403, "The API key may not be used from this address."),
    "not_found": (404, "There is nothing here."),
    "length_required": (411, "Send the length of the body."),
    "payload_too_large": (413, "The body is larger than 64 KiB."),
    "unavailable": (503, "The service cannot respond right now. Try again."),
}


class Refusal(Exception):
    """A request that must not continue, with the response to its client."""

    def __init__(self, code, headers=None, **members):
        super().__init__(code)
        self.status, title = PROBLEMS[code]
        kind = f"urn:keyfence:problem:{code}"
        self.body = {"type": kind, "title": title, "status": self.status, "code": code, **members}
        self.headers = headers or {}


class NoRedirect(HTTPRedirectHandler):
    """A redirect would take the keys elsewhere."""

    def redirect_request(self, *_):
        return None


# Keys go to Keyfence alone, and not to a proxy that the environment names.
opener = build_opener(ProxyHandler({}), NoRedirect)


def key_in(headers):
    """The key of a request. A header that is empty, or of another scheme, is none."""
    bearer = re.compile(r"bearer(?![\w!#$%&'*+.^`|~-]) *", re.IGNORECASE | re.ASCII)
    found = [value for value in headers.get_all("X-API-Key", []) if value.strip()]
    for value in headers.get_all("Authorization", []):
        scheme = bearer.match(value)
        if scheme:
            found.append(value[scheme.end() :])
    if len(found) > 1:
        raise Refusal("ambiguous_credentials")
    if not found:
        raise Refusal("unauthenticated", {"WWW-Authenticate": "Bearer"})
    return found[0]


def ask(question):
    """What Keyfence says. Raises an error if that is not known, for whatever reason."""
    nonce = secrets.token_urlsafe(24)
    headers = {
        "Authorization": f"Bearer {SERVICE_KEY}",
        "Content-Type": "application/json",
        "X-Keyfence-Nonce": nonce,
    }
    request = Request(f"{KEYFENCE_URL}/v1/verify", json.dumps(question).encode(), headers)
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            if response.headers.get("X-Keyfence-Nonce") != nonce:
                raise ValueError("the response belongs to another request")
            return json.load(response)
    except HTTPError as error:
        if error.code in (401, 403):
            raise ValueError("the key of this service is refused") from error
        raise


def authorise(handler, permission):
    """Lets a request continue if its key is valid and has the permission. Raises Refusal."""
    question = {
        "key": key_in(handler.headers),
        "permission": permission,
        "ip": handler.client_address[0].split("%")[0],
        "userAgent": handler.headers.get("User-Agent", "")[:1000],
    }
    try:
        result = ask(question)
        valid, code = result["valid"], result["code"]
        if valid is True and code == "VALID":
            return {"orgId": result["orgId"], "keyId": result["keyId"]}
    except Exception as error:  # Whatever it was: it is not known whether the key is valid.
        print(f"No key can be verified: {error}", file=sys.stderr, flush=True)
        raise Refusal("unavailable", {"Retry-After": "1"}) from error
    if code == "INSUFFICIENT_PERMISSION":
        challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
        raise Refusal("insufficient_permission", challenge, permission=permission)
    if code == "IP_NOT_ALLOWED":
        raise Refusal("ip_not_allowed")
    raise Refusal("unauthenticated", {"WWW-Authenticate": 'Bearer error="invalid_token"'})


class Service(BaseHTTPRequestHandler):
    timeout = 30  # seconds that a client may be silent

    def do_GET(self):
        self.respond("telemetry:read", self.read_telemetry)

    def do_POST(self):
        self.respond("telemetry:write", self.record_telemetry)

    def read_telemetry(self, caller, _body):
        return 200, {"celsius": 21.4, "organisation": caller["orgId"]}

    def record_telemetry(self, caller, _body):
        return 201, {"recordedBy": caller["keyId"]}

    def respond(self, permission, handle):
        try:
            if self.path.split("?")[0] != "/telemetry":
                raise Refusal("not_found")
            body = self.read_body()
            # Only now, when the whole request is here: see docs/protect-a-service.md.
            caller = authorise(self, permission)
            self.send_json(*handle(caller, body))
        except Refusal as refusal:
            headers = {"Cache-Control": "no-store", **refusal.headers}
            self.send_json(refusal.status, refusal.body, "application/problem+json", headers)

    def read_body(self):
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]{1,9}", length):
            raise Refusal("length_required")
        if int(length) > MAX_BODY:
            raise Refusal("payload_too_large")
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # The client has gone.
            raise Refusal("length_required")
        return body

    def send_json(self, status, value, kind="application/json", headers=None):
        content = json.dumps(value).encode()
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    if not SERVICE_KEY:
        sys.exit("Set KEYFENCE_SERVICE_KEY to the key that this service verifies others with.")
    with ThreadingHTTPServer(("127.0.0.1", PORT), Service) as server:
        print(f"Listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
