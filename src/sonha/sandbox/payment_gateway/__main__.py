"""Command line of the sandbox gateway."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from sonha.sandbox.payment_gateway.server import Gateway


def main() -> int:
    parser = argparse.ArgumentParser(prog="payment_gateway", description="Cổng thanh toán thử nghiệm (sandbox)")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sandbox's own data")
    parser.add_argument("--callback-url", required=True)
    parser.add_argument("--secret-file", type=Path, help="default: payment-sandbox.key beside the data folder")
    parser.add_argument("--partner", default="LANGSON")
    parser.add_argument("--public-url", default="", help="address at which payers reach this server")
    parser.add_argument("--hold", action="store_true", help="keep callbacks back (for tests)")
    parser.add_argument("--retry-after", default="", help="seconds between deliveries, comma separated (for tests)")
    given = parser.parse_args()
    try:
        gateway = Gateway(
            given.port,
            given.data,
            partner=given.partner,
            secret_file=given.secret_file or given.data.parent / "payment-sandbox.key",
            callback_url=given.callback_url,
            public_url=given.public_url,
            hold=given.hold,
            retry_after=tuple(float(part) for part in given.retry_after.split(",") if part) or None,
        )
    except OSError as error:
        print(f"The sandbox gateway cannot listen on port {given.port}: {error.strerror}.", file=sys.stderr)
        return 1
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: threading.Thread(target=gateway.shutdown).start())
    print(f"Cổng thanh toán thử nghiệm (sandbox): http://127.0.0.1:{gateway.server_port}", flush=True)
    gateway.serve_forever(poll_interval=0.2)
    gateway.courier.stopping.set()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
