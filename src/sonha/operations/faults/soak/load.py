"""The load: people in threads, first as fast as they can to learn the capacity, then at about half of it."""

import itertools
import threading
import time
from collections.abc import Callable
from random import SystemRandom

from .people import Person, Promises, Unserved

CHANCE = SystemRandom()
CITIZENS = ("congdan", "congdan", "congdan")
OFFICIALS = ("motcua", "motcua")


class Load:
    """`pace`: seconds that everybody waits before each request; 0 while the capacity is measured."""

    def __init__(self, base: str, password: str, promises: Promises) -> None:
        self.base, self.password, self.promises = base, password, promises
        self.pace = 0.0
        self._end = threading.Event()
        self._numbers = itertools.count(1)
        works = [*((name, self._citizen) for name in CITIZENS), *((name, self._official) for name in OFFICIALS)]
        self._threads = [threading.Thread(target=self._live, args=(name, work), daemon=True) for name, work in works]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def measure(self, seconds: float) -> tuple[float, float]:
        """Runs at full speed for so long, then sets the pace to half. Gives both rates, in requests a second."""
        before, began = len(self.promises.seconds), time.monotonic()
        time.sleep(seconds)
        full = (len(self.promises.seconds) - before) / (time.monotonic() - began)
        self.pace = len(self._threads) / max(full, 0.1)  # each waits as long as it is served: half the rate
        return full, full / 2

    def stop(self) -> bool:
        """Lets everybody finish what they are doing. False when somebody waits for ever."""
        self._end.set()
        for thread in self._threads:
            thread.join(120)
        return not any(thread.is_alive() for thread in self._threads)

    def _pause(self) -> None:
        if self.pace:
            time.sleep(self.pace * (0.5 + CHANCE.random()))

    def _person(self, username: str) -> Person:
        person = Person(self.base, username, self.password, self.promises, self._pause)
        person.sign_in()
        return person

    def _live(self, username: str, work: Callable[[Person], None]) -> None:
        try:
            person = self._person(username)
            while not self._end.is_set():
                try:
                    work(person)
                except Unserved as error:
                    self.promises.wrong.append(f"in vain: {error}")
        except Exception as error:
            self.promises.wrong.append(f"{username} gave up: {type(error).__name__}: {error}")

    def _citizen(self, person: Person) -> None:
        person.file_a_dossier(next(self._numbers))
        person.look_around()
        person.pay_online()

    def _official(self, person: Person) -> None:
        if not hasattr(self, "_colleague"):
            self._colleague = self._person(OFFICIALS[0])
        person.accept_a_dossier(self._colleague)
