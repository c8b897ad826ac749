"""Tries the cases of bad input on a running site and gives what came of each.

A draft with typed text and a paper stands by all the time: after every case it must still hold both.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any

from .bad_files import pdf
from .visitor import JSON, Answer, NotReached, Visitor

STT = 860  # groundwater abstraction: the first procedure modelled in full
TYPED = "Giếng khoan thôn Nà Chuông – lần 1"
PAPER_NAME = "Bản vẽ hoàn công.pdf"
OWNER, WORKS, PAPERS, RETURN, REVIEW = (f"?trang={key}" for key in ("muc-owner", "muc-works", "giay-to", "nhan-ket-qua", "xem-lai"))
SERVED_AS_FILE = ("default-src 'none'", "attachment")


class Stage:
    """Who tries, and the draft that must survive. `machine` calls the API with a token."""

    def __init__(self, citizen: Visitor, machine: Visitor, *, has_scanner: bool) -> None:
        self.citizen, self.machine, self.has_scanner = citizen, machine, has_scanner
        self.draft = citizen.begin(STT)
        self.keep({"works_name": TYPED})
        self.paper = self._first_paper()
        stored = json.loads(self.upload(pdf(), PAPER_NAME).text)
        self.citizen.post(f"{self.draft}giay-to/them/", {"paper": self.paper, "file": stored["id"]})
        if lost := self.lost():
            raise NotReached(f"the draft cannot be prepared: {lost}")

    def _first_paper(self) -> str:
        page = self.citizen.get(self.draft + PAPERS)
        return page.text.partition('name="file:')[2].partition('"')[0]

    def upload(self, content: bytes, name: str = "giay-to.pdf", kind: str = "application/octet-stream") -> Answer:
        return self.citizen.post(f"{self.draft}tep/", files={"file": (name, content, kind)})

    def keep(self, answers: Any) -> Answer:
        """What the page's script saves while one types."""
        return self.save(json.dumps({"answers": answers}))

    def save(self, body: Any, kind: str = JSON) -> Answer:
        return self.citizen.post(f"{self.draft}luu/{WORKS}", body, headers={"Content-Type": kind})

    def owner(self, **fields: str) -> Answer:
        """The first page of the form, sent as a browser without scripts sends it."""
        return self.citizen.post(self.draft + OWNER, fields)

    def shown(self, name: str, page: str = OWNER) -> str:
        """What a field of the draft holds now, read from the page."""
        text = self.citizen.get(self.draft + page).text
        at = text.find(f'name="{name}"')
        tag = text[text.rfind("<", 0, at) : text.find(">", at)]
        return unescape(tag.partition('value="')[2].partition('"')[0])

    def api(self, path: str, body: Any, kind: str = JSON) -> Answer:
        return self.machine.post(f"/api/v1{path}", body, headers={"Content-Type": kind})

    def lost(self) -> str:
        """What is missing of the draft; empty when it stands."""
        review = self.citizen.get(self.draft + REVIEW).words
        missing = [thing for thing in (TYPED, PAPER_NAME) if thing not in review]
        return f"of the draft: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True)
class Case:
    """One thing that goes wrong.

    `expected`: status or statuses; `says`: words of the sentence; `kept`: what must not be lost. Bad input has `send` and is tried over
    HTTP; `proofs` name the tests (`file::function` below src/sonha) that prove a case or go deeper. `soak`: also happens under load.
    """

    key: str
    tried: str
    expected: int | tuple[int, ...]
    says: str = ""
    kept: str = "the draft: typed text and papers"
    send: Callable[[Stage], Answer] | None = None
    also: Callable[[Stage, Answer], str] = lambda stage, answer: ""
    proofs: tuple[str, ...] = ()
    soak: bool = False
    needs_scanner: bool = False

    @property
    def statuses(self) -> tuple[int, ...]:
        return self.expected if isinstance(self.expected, tuple) else (self.expected,)


@dataclass(frozen=True)
class Outcome:
    """What came of a case: `wrong` when the answer was another, `lost` when something is missing; `seconds` it took."""

    key: str
    wrong: str
    lost: str
    seconds: float

    @property
    def ok(self) -> bool:
        return not self.wrong and not self.lost


def try_case(case: Case, stage: Stage) -> Outcome:
    assert case.send is not None
    began = time.perf_counter()
    try:
        answer = case.send(stage)
        wrong = _judge(case, answer) or case.also(stage, answer)
        lost = stage.lost()
    except NotReached as error:
        wrong, lost = str(error), ""
    return Outcome(case.key, wrong, lost, time.perf_counter() - began)


def try_all(cases: Iterable[Case], stage: Stage) -> list[Outcome]:
    """Every case that is tried over HTTP, one after another."""
    return [try_case(case, stage) for case in cases if case.send and (stage.has_scanner or not case.needs_scanner)]


def _judge(case: Case, answer: Answer) -> str:
    if answer.status not in case.statuses:
        return f"status {answer.status}, not {case.expected}: {answer.words[:120]}"
    if case.says and case.says not in answer.words:
        return f"does not say “{case.says}”: {answer.words[:200]}"
    return ""


def told(outcomes: Iterable[Outcome]) -> str:
    """One Vietnamese line: how many were tried, what was lost."""
    tried = list(outcomes)
    lost = [each for each in tried if each.lost]
    wrong = [each for each in tried if each.wrong]
    line = f"Đã thử {len(tried)} trường hợp dữ liệu xấu; mất: {', '.join(each.key for each in lost) or 'không có gì'}"
    return line + (f"; trả lời sai: {', '.join(each.key for each in wrong)}." if wrong else "; trả lời sai: không.")
