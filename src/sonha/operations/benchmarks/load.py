"""Real HTTP from one process: many connections at once, each with its own cookies, as browsers would send. No dependency, little CPU."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sonha.operations.benchmarks.timing import percentile

PATIENCE = 60.0
ASSET = re.compile(rb"""(?:href|src)="(/static/[^"]+)\"""")
TOKEN = re.compile(rb"""name="csrfmiddlewaretoken" value="([^"]+)\"""")


@dataclass
class Load:
    """What a run of requests came to; milliseconds, and bytes as they were sent."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    bytes: int = 0

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds if self.seconds else 0.0

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 400 or status == 0)

    def p(self, percent: float) -> float:
        return percentile(self.took, percent) if self.took else 0.0


class Browser:
    """One keep-alive connection with cookies."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None, caller: str = "") -> None:
        self.port, self.cookies, self.caller = port, dict(cookies or {}), caller
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> tuple[int, bytes]:
        return await self._ask("GET", path, b"")

    async def post(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        return await self._ask("POST", path, urlencode(form).encode())

    async def _ask(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        assert self.reader
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip", "Accept: text/html"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if self.caller:
            lines.append(f"X-Forwarded-For: {self.caller}")
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        await self.writer.drain()
        return await asyncio.wait_for(self._answer(), PATIENCE)

    async def _answer(self) -> tuple[int, bytes]:
        assert self.reader and self.writer
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, fields = int(head[0].split(" ")[1]), [line.partition(": ") for line in head[1:] if line]
        content = b""
        named = {name.lower(): value for name, _colon, value in fields}
        for name, _colon, value in fields:
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        if "content-length" in named:
            content = await self.reader.readexactly(int(named["content-length"]))
        elif named.get("transfer-encoding") == "chunked":
            while size := int((await self.reader.readline()).strip() or b"0", 16):
                content += await self.reader.readexactly(size)
                await self.reader.readexactly(2)
            await self.reader.readline()
        if named.get("connection", "").lower() == "close":
            await self.close()
        if named.get("content-encoding") == "gzip":
            import zlib

            self.received = len(content)
            content = zlib.decompress(content, 31)
        else:
            self.received = len(content)
        return status, content

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


async def steady(port: int, paths: Sequence[tuple[dict[str, str], str]], *, browsers: int, seconds: float) -> Load:
    """So many browsers, each opening one (cookies, path) after the other without a pause, for so long."""
    load, began = Load(), time.perf_counter()

    async def one(number: int) -> None:
        browser, turn = Browser(port), number * 13
        while time.perf_counter() - began < seconds:
            browser.cookies, path = dict(paths[turn % len(paths)][0]), paths[turn % len(paths)][1]
            turn += 1
            await _timed(load, browser, lambda path=path: browser.get(path))  # type: ignore[misc]
        await browser.close()

    await asyncio.gather(*(one(number) for number in range(browsers)))
    load.seconds = time.perf_counter() - began
    return load


async def first_visits(port: int, count: int, path: str = "/") -> Load:
    """So many people open the home page at the same moment for the first time: the page and everything that it links to.

    One time per person: until the last file is there.
    """
    load, began = Load(), time.perf_counter()

    async def one() -> None:
        browser, started = Browser(port), time.perf_counter()
        try:
            status, page = await browser.get(path)
            load.statuses[status] += 1
            load.bytes += browser.received
            for asset in dict.fromkeys(ASSET.findall(page)):
                status, _content = await browser.get(asset.decode())
                load.statuses[status] += 1
                load.bytes += browser.received
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            load.statuses[0] += 1
        load.took.append((time.perf_counter() - started) * 1000)
        await browser.close()

    await asyncio.gather(*(one() for _person in range(count)))
    load.seconds = time.perf_counter() - began
    return load


async def sign_ins(port: int, usernames: Sequence[str], password: str, *, seconds: float) -> Load:
    """Everybody signs in once, spread evenly over `seconds`; one time per person, form and answer together."""
    load, began = Load(), time.perf_counter()

    async def one(number: int, username: str) -> None:
        await asyncio.sleep(seconds * number / len(usernames))
        browser = Browser(port, caller=f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
        started = time.perf_counter()
        try:
            _status, page = await browser.get("/tai-khoan/login/")
            token = TOKEN.search(page)
            form = {"csrfmiddlewaretoken": token.group(1).decode() if token else "", "login": username, "password": password}
            status, _content = await browser.post("/tai-khoan/login/", form)
            load.statuses[status if status == 302 else 500] += 1
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            load.statuses[0] += 1
        load.took.append((time.perf_counter() - started) * 1000)
        await browser.close()

    await asyncio.gather(*(one(number, name) for number, name in enumerate(usernames)))
    load.seconds = time.perf_counter() - began
    return load


async def _timed(load: Load, browser: Browser, ask: Callable[[], Awaitable[tuple[int, bytes]]]) -> None:
    started = time.perf_counter()
    try:
        status, _content = await ask()
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status = 0
        await browser.close()
    load.took.append((time.perf_counter() - started) * 1000)
    load.statuses[status] += 1
