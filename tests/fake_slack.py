"""A small Slack: the Web API methods we call, over loopback HTTP, with state and scripted faults.

It keeps channels, threads and metadata, checks what it is given against Slack's limits, and hands
out ts values in order. A fault is used up by one request, in the order in which they were scripted.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from slack_limits import problems

Json = dict[str, Any]

TOKEN = "xoxb-made-up-for-tests"
APP_TOKEN = "xapp-made-up-for-tests"
CHANNEL = "C0QUALITY"
DIRECTOR = "C0DIRECTOR"
HOOK = "/services/T0/B0/secret"
PAGE = 3  # small, so that every look-up has to turn pages
PASSING_FAULTS = (
    "rate_limited",  # 429, nothing done
    "error_before",  # 500, nothing done
    "error_after",  # 500, done
    "fatal_after",  # 200 with ok false and fatal_error, done
    "garbled_after",  # 200 with half an answer, done
    "drop_before",  # connection closed, nothing done
    "drop_after",  # connection closed, done
    "drop_late",  # connection closed, done `late_seconds` later
)
HANGING_FAULTS = (
    "hang_before",  # no answer while the client waits, nothing done
    "hang_after",  # no answer, done
    "hang_late",  # no answer, done `late_seconds` later
)
HANG_SECONDS = 5.0  # longer than any client waits


@dataclass
class Fault:
    """What happens to one request: one of the above; any other `name` is answered as that error
    of Slack's, an empty one as if there were no fault.
    """

    name: str
    late_seconds: float = 0.0
    retry_after: int = 0


@dataclass
class FakeSlack:
    """Its state. `now` is its clock in Unix time; a test moves it or leaves it real."""

    now: Callable[[], float]
    messages: list[Json] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    calls: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    unready: int = 0  # so many messages are refused because their picture is not ready yet
    whispers: list[Json] = field(default_factory=list)
    socket_mode: str = ""  # the address that a listener is given
    url: str = ""
    closing: threading.Event = field(default_factory=threading.Event)
    _due: list[tuple[float, str, Json]] = field(default_factory=list)
    _last_ts: int = 0  # in microseconds: a float would give some ts twice
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def parents(self, channel: str = CHANNEL) -> list[Json]:
        """Messages in a channel, oldest first."""
        found = [m for m in self.all_messages() if "thread_ts" not in m]
        return [m for m in found if m["channel"] == channel]

    def replies(self, ts: str) -> list[Json]:
        """Messages in a thread, oldest first."""
        return [m for m in self.all_messages() if m.get("thread_ts") == ts]

    def all_messages(self) -> list[Json]:
        """Everything that is visible by now."""
        with self._lock:
            self._do_what_is_due()
            return list(self.messages)

    def keys(self) -> list[str]:
        """The message keys in the metadata of everything visible."""
        return [m["metadata"]["event_payload"]["message_key"] for m in self.all_messages()]

    def answer(
        self, method: str, token: str, asked: Json
    ) -> tuple[int, bytes | None, Fault | None]:
        """HTTP status and body of a request (None: close the connection), and its fault."""
        with self._lock:
            self.calls.append(method)
            self._do_what_is_due()
            fault = self.faults.popleft() if self.faults else None
            if fault is None or not fault.name:
                return 200, _body(self._do(method, token, asked)), None
            if fault.name.endswith("_after"):
                self._do(method, token, asked)
            if fault.name.endswith("_late"):
                self._due.append((self.now() + fault.late_seconds, method, asked))
            return *_faulty_answer(fault), fault

    def _do_what_is_due(self) -> None:
        due = [item for item in self._due if item[0] <= self.now()]
        self._due = [item for item in self._due if item[0] > self.now()]
        for _, method, asked in due:
            self._do(method, TOKEN, asked)

    def _do(self, method: str, token: str, asked: Json) -> Json:
        if method == "apps.connections.open":
            is_known = token == APP_TOKEN
            return {"ok": True, "url": self.socket_mode} if is_known else _error("invalid_auth")
        if token != TOKEN:
            return _error("invalid_auth" if token else "not_authed")
        if method == "auth.test":
            return {"ok": True, "team": "Made up", "user": "qos"}
        if method == "webhook":
            return self._hook(asked)
        if not method.startswith("files.") and asked.get("channel") not in (CHANNEL, DIRECTOR):
            return _error("channel_not_found")
        methods: dict[str, Callable[[Json], Json]] = {
            "files.getUploadURLExternal": self._upload_address,
            "files.upload": self._upload,
            "files.completeUploadExternal": self._complete_upload,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._whisper,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }
        return methods[method](asked) if method in methods else _error("unknown_method")

    def _hook(self, asked: Json) -> Json:
        found = problems(asked)
        self.problems += found
        if not found:
            self.messages.append(
                {"ts": self._next_ts(), "channel": CHANNEL, "metadata": {}, **_content(asked)}
            )
        return {"ok": not found}

    def _upload_address(self, asked: Json) -> Json:
        file_id = f"F0FILE{len(self.files):05}"
        self.files[file_id] = b""
        return {"ok": True, "file_id": file_id, "upload_url": f"{self.url}files.upload?{file_id}"}

    def _upload(self, asked: Json) -> Json:
        self.files[asked["file_id"]] = asked["bytes"]
        return {"ok": True}

    def _complete_upload(self, asked: Json) -> Json:
        named = json.loads(asked["files"])
        self.shared += [file["id"] for file in named if asked.get("channel_id")]
        return {"ok": True, "files": named}

    def _shows_unknown_file(self, asked: Json) -> bool:
        shown = [b["slack_file"]["id"] for b in asked.get("blocks", []) if b["type"] == "image"]
        if shown and self.unready > 0:
            self.unready -= 1
            return True
        return any(not self.files.get(file_id) for file_id in shown)

    def _post(self, asked: Json) -> Json:
        if self._shows_unknown_file(asked):
            return _error("invalid_blocks")
        found = problems(asked)
        if found:
            self.problems += found
            return _error("invalid_blocks")
        message = {"type": "message", "ts": self._next_ts(), "channel": asked["channel"]}
        message |= _content(asked)
        if asked.get("thread_ts"):
            if not self._find(asked["thread_ts"]):
                return _error("thread_not_found")
            message["thread_ts"] = asked["thread_ts"]
        self.messages.append(message)
        return {"ok": True, "channel": message["channel"], "ts": message["ts"], "message": message}

    def _update(self, asked: Json) -> Json:
        message = self._find(asked["ts"])
        if message is None:
            return _error("message_not_found")
        if self._shows_unknown_file(asked):
            return _error("invalid_blocks")
        self.problems += problems(asked)
        message.update({**_content(asked), "edited": {"ts": self._next_ts()}})
        return {
            "ok": True,
            "channel": asked["channel"],
            "ts": message["ts"],
            "text": message["text"],
        }

    def _whisper(self, asked: Json) -> Json:
        self.whispers.append(asked)
        return {"ok": True, "message_ts": self._next_ts()}

    def _history(self, asked: Json) -> Json:
        found = [m for m in reversed(self.messages) if "thread_ts" not in m]
        found = [m for m in found if m["channel"] == asked["channel"]]
        return _page(found, asked)

    def _replies(self, asked: Json) -> Json:
        parent = self._find(asked["ts"])
        if parent is None:
            return _error("thread_not_found")
        found = [m for m in self.messages if m.get("thread_ts") == asked["ts"]]
        return _page([parent, *found], asked)

    def _find(self, ts: str) -> Json | None:
        return next((m for m in self.messages if m["ts"] == ts), None)

    def _next_ts(self) -> str:
        self._last_ts = max(int(self.now() * 1e6), self._last_ts + 1)
        return f"{self._last_ts // 10**6}.{self._last_ts % 10**6:06}"


def _asked(body: str) -> Json:
    if body.startswith("{"):
        return dict(json.loads(body))
    return {name: values[0] for name, values in parse_qs(body).items()}


@contextmanager
def serving(slack: FakeSlack) -> Iterator[FakeSlack]:
    """Serve it on a free loopback port until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            path, _, file_id = self.path.partition("?")
            method = "webhook" if path == HOOK else path.strip("/").removeprefix("api/")
            size = int(self.headers.get("Content-Length", 0))
            sent = self.rfile.read(size)
            if len(sent) < size:  # who asked died while asking
                self.close_connection = True
                return
            if method == "files.upload":  # its address is all the permission that there is
                upload = {"file_id": file_id, "bytes": sent}
                status, body, fault = slack.answer(method, TOKEN, upload)
            else:
                token = TOKEN if method == "webhook" else self._token()
                status, body, fault = slack.answer(method, token, _asked(sent.decode()))
            if body is None:
                if fault and fault.name.startswith("hang_"):
                    slack.closing.wait(HANG_SECONDS)
                self.close_connection = True
                return
            with suppress(ConnectionError):  # who asked may be dead by now
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                if status == 429 and fault:
                    self.send_header("Retry-After", str(fault.retry_after))
                self.end_headers()
                self.wfile.write(body)

        def _token(self) -> str:
            return self.headers.get("Authorization", "").removeprefix("Bearer ")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slack.url = f"http://127.0.0.1:{server.server_port}/api/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield slack
    finally:
        slack.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _faulty_answer(fault: Fault) -> tuple[int, bytes | None]:
    if fault.name == "rate_limited":
        return 429, _body(_error("ratelimited"))
    if fault.name.startswith("error_"):
        return 500, b"<html>Internal Server Error</html>"
    if fault.name == "fatal_after":
        return 200, _body(_error("fatal_error"))
    if fault.name == "garbled_after":
        return 200, b'{"ok": tr'
    if fault.name.startswith(("drop_", "hang_")):
        return 0, None
    return 200, _body(_error(fault.name))


def _content(asked: Json) -> Json:
    """The parts of a message; metadata that is not given stays as it was."""
    parts = {"text": asked["text"], "blocks": asked.get("blocks", [])}
    return {**parts, "metadata": asked["metadata"]} if "metadata" in asked else parts


def _page(found: list[Json], asked: Json) -> Json:
    start = int(asked.get("cursor") or 0)
    found = [m for m in found if float(m["ts"]) > float(asked.get("oldest", 0))]
    size = min(int(asked.get("limit", PAGE)), PAGE)
    page = found[start : start + size]
    if asked.get("include_all_metadata") not in ("1", "true"):
        page = [{k: v for k, v in m.items() if k != "metadata"} for m in page]
    more = str(start + size) if len(found) > start + size else ""
    return {"ok": True, "messages": page, "response_metadata": {"next_cursor": more}}


def _error(code: str) -> Json:
    return {"ok": False, "error": code}


def _body(answer: Json) -> bytes:
    return json.dumps(answer).encode()
