"""The real sandbox payment gateway, started as its own process on a free port."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sonha.foundation.payments.models import Attempt


class Sandbox:
    """A running sandbox process and the ways a test talks to it."""

    def __init__(self, folder: Path, callback_url: str, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url, self.secret_file = f"http://127.0.0.1:{self.port}", folder / "payment-sandbox.key"
        command = [sys.executable, "-m", "sonha.sandbox.payment_gateway", "--port", str(self.port), "--data", str(folder / "gateway"),
                   "--secret-file", str(self.secret_file), "--callback-url", callback_url, *options]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.get("/healthz")
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the sandbox gateway did not start")

    @property
    def settings(self) -> dict[str, Any]:
        return {"base_url": self.url, "partner": "LANGSON", "secret_file": self.secret_file}

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=5) as response:
            return bytes(response.read())

    def act(self, attempt: "Attempt", action: str) -> str:
        """Presses a button of the payer's page; gives the address the payer is sent back to."""
        data = urllib.parse.urlencode({"action": action}).encode()
        try:
            _no_redirect.open(urllib.request.Request(f"{self.url}/pay/{attempt.order_id}", data=data), timeout=5)
        except urllib.error.HTTPError as answer:
            assert answer.code == 303, answer.read()
            return str(answer.headers["Location"])
        raise AssertionError("the page did not send the payer back")

    def callbacks(self, attempt: "Attempt") -> list[dict[str, Any]]:
        every = json.loads(self.get("/sandbox/callbacks"))["callbacks"]
        return [row["payload"] for row in every if row["payload"]["reference"] == attempt.code]

    def money(self, reference: str) -> list[dict[str, Any]]:
        from sonha.foundation.payments import gateway

        return list(gateway.order(reference)["transactions"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_no_redirect = urllib.request.build_opener(_Stay)
