"""What citizens and officials do all day, over HTTP. Like people they try again when told to, and remember what they were promised."""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

from sonha.operations.faults.bad_files import pdf, picture
from sonha.operations.faults.trying import OWNER, PAPERS, RETURN, REVIEW, STT, WORKS
from sonha.operations.faults.visitor import JSON, Answer, NotReached, Visitor

CHANCE = SystemRandom()
TRIES, AWAY = 40, frozenset({502, 503, 507})
TASK = re.compile(r"/can-bo/ho-so/([^/\"]+)/viec/(\d+)/")
GATEWAY, PAID = re.compile(r"/pay/[^/]+$"), "Đã nộp"
INVOICE = re.compile(r"/thanh-toan/[^/\"]+/")
WELL = {"type": "Point", "coordinates": [106.7681, 21.8758]}
ANSWERS: dict[str, Any] = {
    "owner_name": "Nông Thị Lan", "address": "Thôn Nà Chuông, xã Bình Gia", "phone": "0912345678", "works_name": "Giếng khoan thử tải",
    "works_state": "new", "works_type": "drilled_well", "location_commune": "06112", "site_address": "Thôn Nà Chuông", "location": WELL,
    "aquifer": "Khe nứt - karst C-P", "flow": 120, "purposes": ["farming"], "hours_a_day": 8, "years": 5, "truthful": True,
    "wells": [{"code": "GK1", "position": WELL, "depth": 60, "diameter": 110, "flow": 120, "static_level": 12.5}],
}  # fmt: skip


class Unserved(Exception):
    """Somebody tried again and again in vain."""


@dataclass
class Promises:
    """What the answers said: it must be so afterwards. Shared by all people of a run."""

    filed: list[str] = field(default_factory=list)  # codes of dossiers
    accepted: list[str] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)  # codes of dossiers
    paid_online: list[str] = field(default_factory=list)  # the gateway took the money
    notes: Counter[str] = field(default_factory=Counter)  # text -> times promised
    files: list[str] = field(default_factory=list)  # ids of stored files
    contests: Counter[str] = field(default_factory=Counter)  # two at once: how they ended
    answers: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    away: int = 0
    unreached: int = 0
    waiting: list[str] = field(default_factory=list)  # filed, not yet accepted
    to_pay: list[str] = field(default_factory=list)  # accepted, to be paid online
    lock: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, what: str, answer: Answer) -> None:
        with self.lock:
            self.answers[answer.status] += 1
            self.seconds.append(answer.seconds)
            if answer.status in AWAY:
                self.away += 1
                if answer.status == 503 and "chưa trả lời" not in answer.words:
                    self.wrong.append(f"{what}: 503 without its sentence: {answer.words[:100]}")
            elif answer.status >= 500:
                self.wrong.append(f"{what}: {answer.status} {answer.words[:100]}")

    def take(self, waiting: list[str]) -> str:
        """The oldest of those that wait for somebody; empty when nobody waits."""
        with self.lock:
            return waiting.pop(0) if waiting else ""


class Person:
    """One account in one browser; `pause()` is called before each request, so that the load can be set."""

    def __init__(self, base: str, username: str, password: str, promises: Promises, pause: Callable[[], None]) -> None:
        self.visitor, self.password, self.promises, self.pause = Visitor(base, username), password, promises, pause

    def ask(self, what: str, send: Callable[[], Answer]) -> Answer:
        """As a person would: no answer, or an answer that says later, is tried again after a moment."""
        for attempt in range(TRIES):
            self.pause()
            try:
                answer = send()
            except NotReached:
                with self.promises.lock:
                    self.promises.unreached += 1
            else:
                self.promises.heard(what, answer)
                if answer.status not in AWAY:
                    return answer
            time.sleep(min(0.5 + 0.3 * attempt, 3) * (0.7 + 0.6 * CHANCE.random()))
        raise Unserved(what)

    def get(self, path: str) -> Answer:
        return self.ask(f"GET {path}", lambda: self.visitor.get(path))

    def post(self, path: str, fields: Any = None, **options: Any) -> Answer:
        return self.ask(f"POST {path}", lambda: self.visitor.post(path, fields, **options))

    def sign_in(self) -> None:
        name = self.visitor.username
        self.get("/tai-khoan/login/")
        answer = self.post("/tai-khoan/login/", {"login": name, "password": self.password})
        if answer.status != 200 or "/tai-khoan/login" in answer.url:
            raise Unserved(f"{name} cannot sign in: {answer.status} {answer.words[:200]}")

    def expect(self, what: str, answer: Answer, *statuses: int) -> bool:
        if answer.status in statuses:
            return True
        with self.promises.lock:
            self.promises.wrong.append(f"{what}: {answer.status} {answer.words[:120]}")
        return False

    # a citizen -------------------------------------------------------------------------------------------------------------------

    def file_a_dossier(self, number: int) -> None:
        """From the procedure's page to the code; sometimes the last button is pressed twice."""
        self.get(f"/thu-tuc/{STT}/")
        draft = self.begin()
        if not draft:
            return
        answers = {**ANSWERS, "works_name": f"Giếng khoan thử tải {number}"}
        saved = self.post(f"{draft}luu/{WORKS}", json.dumps({"answers": answers}), headers={"Content-Type": JSON})
        self.get(draft + OWNER)
        if not self.expect("saving a draft", saved, 200):
            return
        for paper in sorted(set(re.findall(r'name="file:([^"]+)"', self.get(draft + PAPERS).text))):
            self.give(draft, paper)
        self.post(draft + RETURN, {"return_channel": "online", "contact_phone": "0912345678"})
        self.submit(draft, twice=number % 3 == 0)

    def begin(self) -> str:
        for _attempt in range(TRIES):
            try:
                self.pause()
                return self.visitor.begin(STT)
            except NotReached:
                self.promises.unreached += 1
                time.sleep(1)
        raise Unserved("beginning a draft")

    def give(self, draft: str, paper: str) -> None:
        content, name = (pdf(), "Bản vẽ.pdf") if CHANCE.random() < 0.5 else (picture(size=(900, 600)), "Ảnh.jpg")
        stored = self.ask("upload", lambda: self.visitor.post(f"{draft}tep/", files={"file": (name, content)}))
        if self.expect("upload", stored, 200):
            file = json.loads(stored.text)["id"]
            self.promises.files.append(file)
            self.expect("giving a paper", self.post(f"{draft}giay-to/them/", {"paper": paper, "file": file}), 200)

    def submit(self, draft: str, *, twice: bool) -> None:
        def press() -> str:
            answer = self.ask("filing", lambda: self.visitor.post(draft + REVIEW, {"submit": "1"}))
            found = re.search(r"/ho-so-cua-toi/([^/?]+)/", answer.url)
            return found[1] if found else (answer.words[:200] if self.expect("filing", answer, 200) else "")

        codes = at_once(press, press) if twice else [press()]
        if len(set(codes)) != 1 or not codes[0].startswith("H"):
            self.promises.wrong.append(f"filing: {codes}")
            return
        with self.promises.lock:
            self.promises.contests["filed twice, one dossier"] += twice
            self.promises.filed.append(codes[0])
            self.promises.waiting.append(codes[0])

    def look_around(self) -> None:
        code = CHANCE.choice(self.promises.filed) if self.promises.filed else ""
        pages = ["/", "/thu-tuc/?q=khoan+gieng", "/ho-so-cua-toi/", "/thong-bao/", f"/thu-tuc/{STT}/"]
        pages += [f"/ho-so-cua-toi/{code}/"] if code else []
        for path in CHANCE.sample(pages, 3):
            self.expect(path, self.get(path), 200)

    def pay_online(self) -> None:
        """Through the gateway; while that is away, again and again, as somebody would who must pay today."""
        code = self.promises.take(self.promises.to_pay)
        found = INVOICE.search(self.get(f"/ho-so-cua-toi/{code}/").text) if code else None
        if found is None:
            return
        for _attempt in range(TRIES):
            order = self.ask("paying", lambda: self.visitor.post(found[0]))
            if GATEWAY.search(order.url):
                try:
                    back = self.visitor.post(order.url, {"action": "pay"})
                except NotReached:  # the page at the gateway or the way back: the invoice knows
                    continue
                self.promises.paid_online.append(code)
                self.expect("back from the gateway", back, 200, *AWAY)
                return
            if PAID in order.words:
                self.promises.paid_online.append(code)
                return
            time.sleep(2)
        raise Unserved(f"paying for {code}")

    # an official -----------------------------------------------------------------------------------------------------------------

    def accept_a_dossier(self, colleague: "Person") -> None:
        """Accepts, sometimes at the same moment as a colleague; then takes the fee and leaves a note."""
        code = self.promises.take(self.promises.waiting)
        if not code:
            self.look_at_work()
            return
        page = self.get(f"/can-bo/ho-so/{code}/")
        task = next((found[0] for found in TASK.finditer(page.text)), "")
        if not task:
            self.promises.wrong.append(f"no task at {code}: {page.status}")
            return

        def press(person: "Person") -> Answer:
            return person.ask("accepting", lambda: person.visitor.post(task, {"action": "accept"}))

        if CHANCE.random() < 0.3:
            statuses = sorted(answer.status for answer in at_once(lambda: press(self), lambda: press(colleague)))
            self.promises.contests[f"accepted in two windows at once: {' and '.join(map(str, statuses))}"] += 1
            if 200 not in statuses and 409 not in statuses:
                self.promises.wrong.append(f"accepting {code} twice: {statuses}")
        else:
            self.expect("accepting", press(self), 200, 409)  # 409: the first try was done although its answer was lost
        self.promises.accepted.append(code)
        if int(code[-1]) % 2:
            self.take_fee(code)
        else:
            self.promises.to_pay.append(code)
        self.leave_note(code)

    def take_fee(self, code: str) -> None:
        found = INVOICE.search(self.get(f"/can-bo/ho-so/{code}/").text)
        if found and self.expect("cash", self.post(found[0] + "tai-quay/"), 200):
            self.promises.paid.append(code)

    def leave_note(self, code: str) -> None:
        text = f"Đã xem hồ sơ {code} lúc {time.time_ns()}"
        if self.expect("note", self.post(f"/can-bo/ho-so/{code}/ghi-chu/", {"text": text}), 200):
            self.promises.notes[text] += 1

    def look_at_work(self) -> None:
        pages = ["/can-bo/", "/can-bo/ho-so/", "/can-bo/ho-so/?q=gieng", "/can-bo/tinh-hinh/", "/can-bo/giay-phep/"]
        for path in CHANCE.sample(pages, 3):
            self.expect(path, self.get(path), 200)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Runs the works side by side and gives what each returned; an exception is raised here."""
    outcomes: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        try:
            outcomes[number] = works[number]()
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return outcomes
