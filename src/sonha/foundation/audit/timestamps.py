"""RFC 3161 time stamps over seals, from the same time-stamping authority that papers use (foundation.signing).

What signs is loaded with the first stamp: the audit log is part of every command, sealing of one a night.
"""

import asyncio
import hashlib
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

log = logging.getLogger(__name__)
ALGORITHM = "sha256"


def stamp(data: bytes) -> bytes | None:
    """Token (DER) over `data`. None when the authority does not answer; the next seal then proves this one by its chain."""
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError

    from sonha.foundation.signing import pades
    from sonha.foundation.signing import services as signing

    signing.ensure_pki()
    try:
        return _run(pades.timestamper().async_timestamp(hashlib.sha256(data).digest(), ALGORITHM)).dump()
    except (OSError, TimestampRequestError):
        log.warning("the time-stamping authority did not answer", exc_info=True)
        return None


def check(token: bytes, data: bytes) -> datetime | None:
    """The proven time, or None when the token is not one over `data` by an authority that this installation believes."""
    from asn1crypto import cms
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data

    from sonha.foundation.signing import services as signing

    try:
        signed = cms.ContentInfo.load(token)["content"]
        moment: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
        context = signing.current_trust().context(moment, strict=False)
        status = _run(validate_tst_signed_data(signed, context, lambda name: hashlib.new(name, data).digest()))
    except (ValueError, TypeError, AttributeError, KeyError, SignatureValidationError):
        return None
    return moment if status["valid"] and status["intact"] and status["trust_problem_indic"] is None else None


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: the caller's thread may already have an event loop."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, work).result()
