"""A person in front of a browser, over HTTP: cookies, the form token, forms sent as pages send them."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import requests

PATIENCE = 60  # seconds
SIGN_IN = "/tai-khoan/login/"
DRAFT = re.compile(r"/nop-ho-so/[0-9a-f-]{36}/")
TAGS, GAPS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL), re.compile(r"\s+")
JSON = "application/json"


class NotReached(Exception):
    """No HTTP answer at all: the connection was refused, broken or too slow."""


class Answer:
    """What came back. `words`: what a person reads, without tags; `sentence`: the reason given to a program."""

    def __init__(self, response: requests.Response) -> None:
        self.status, self.url = response.status_code, response.url
        self.headers = response.headers
        self.text = response.content.decode("utf-8", "replace")
        self.seconds = response.elapsed.total_seconds()

    @property
    def words(self) -> str:
        if "json" in self.headers.get("Content-Type", ""):
            return self.sentence
        return GAPS.sub(" ", unescape(TAGS.sub(" ", self.text))).strip()

    @property
    def sentence(self) -> str:
        try:
            told = json.loads(self.text)
        except ValueError:
            return ""
        return str(told.get("detail") or told.get("error") or "") if isinstance(told, dict) else ""


class Visitor:
    """One browser profile at `base` (http://host:port), signed in by the form when `username` is given."""

    def __init__(self, base: str, username: str = "", password: str = "", *, token: str = "") -> None:
        self.base, self.username = base.rstrip("/"), username
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "vi"
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"
        if username and password:
            self.sign_in(password)

    def sign_in(self, password: str) -> None:
        self.get(SIGN_IN)
        self.post(SIGN_IN, {"login": self.username, "password": password})
        if not any(cookie.name.startswith("sonha_session") for cookie in self.session.cookies):
            raise NotReached(f"{self.username} is not signed in")

    def get(self, path: str, **options: Any) -> Answer:
        return self.ask("GET", path, **options)

    def post(self, path: str, fields: Any = None, **options: Any) -> Answer:
        return self.ask("POST", path, data=fields, **options)

    def ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> Answer:
        """One request with the form token; `path` may be an address elsewhere. NotReached when nothing answers."""
        address = path if path.startswith("http") else self.base + path
        token = next((cookie.value for cookie in self.session.cookies if cookie.name.startswith("sonha_csrf")), None) or ""
        own = {"X-CSRFToken": token, "Referer": self.base + "/", **(headers or {})}
        try:
            return Answer(self.session.request(method, address, headers=own, timeout=PATIENCE, **options))
        except requests.RequestException as error:
            raise NotReached(f"{method} {path}: {type(error).__name__}") from error

    def begin(self, stt: int) -> str:
        """Begins a filing of a procedure for oneself; gives the draft's address. NotReached when there is none."""
        begin = f"/thu-tuc/{stt}/nop/"
        answer = self.post(begin)
        if not DRAFT.search(answer.url) and (owner := re.search(r'name="owner" value="(\d+)"', answer.text)):
            answer = self.post(begin, {"owner": owner[1]})
        found = DRAFT.search(answer.url)
        if found is None:
            raise NotReached(f"{begin}: {answer.status}")
        return found[0]

    def fields_of(self, page: Answer) -> dict[str, str]:
        """Hidden and typed values of the page's forms, as they stand."""
        found = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text)
        return {unescape(name): unescape(value) for name, value in found}
