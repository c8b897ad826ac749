"""The manifest: what a backup holds, as of when, made by which versions. Encrypted like the rest, and authenticated by the key's secret."""

import hmac
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .refusal import BackupRefused
from .sealing import Part, damaged

FORMAT = 1
NAME = "manifest.age"


@dataclass(frozen=True)
class Manifest:
    """`kind` is "dump" (logical, fits newer PostgreSQL) or "base" (physical, goes on from there by the archived log).

    `at` is the moment (ISO 8601) whose state the backup holds; for "base" the earliest moment that can be restored. `postgres` is
    server_version_num. `counts` rows by table and `last_event` (id, hash) of the audit log are those of `at`.
    """

    kind: str
    at: str
    product: str
    postgres: int
    profile: str
    mode: str
    migrations: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    last_event: tuple[int, str] | None
    parts: tuple[Part, ...] = field(default=())
    format: int = FORMAT

    def with_parts(self, parts: list[Part]) -> "Manifest":
        return replace(self, parts=tuple(parts))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def seal(self, authenticity: bytes) -> bytes:
        """First line the HMAC-SHA-256 of the rest, then the manifest as JSON."""
        body = json.dumps(self.as_dict(), ensure_ascii=False, indent=1).encode()
        return hmac.new(authenticity, body, "sha256").hexdigest().encode() + b"\n" + body


def read(sealed: bytes, authenticity: bytes) -> Manifest:
    """BackupRefused when it was not made by the installation of the key, or by a later format than this version knows."""
    proof, _, body = sealed.partition(b"\n")
    if not hmac.compare_digest(proof, hmac.new(authenticity, body, "sha256").hexdigest().encode()):
        raise BackupRefused(
            "Bản sao lưu không do hệ thống của khoá này tạo ra, hoặc đã bị sửa: không dùng.",
            "The backup was not made by the installation of this key, or was altered: it is not used.",
        )
    values = json.loads(body)
    if values["format"] > FORMAT:
        raise newer(values.get("product", "?"))
    try:
        values["parts"] = tuple(Part(**part) for part in values["parts"])
        values["migrations"] = tuple((app, name) for app, name in values["migrations"])
        values["last_event"] = tuple(values["last_event"]) if values["last_event"] else None
        return Manifest(**values)
    except (KeyError, TypeError, ValueError):
        raise damaged(NAME) from None


def newer(product: str) -> BackupRefused:
    return BackupRefused(
        f"Bản sao lưu do phiên bản mới hơn ({product}) tạo ra: hãy cài phiên bản đó hoặc mới hơn rồi khôi phục.",
        f"The backup was made by a newer version ({product}): install that version or a later one, then restore.",
    )
