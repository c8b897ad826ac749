"""Trusted time (RFC 3161): from the authority at SONHA_TSA_URL, or from the test authority inside this process."""

import hashlib
from datetime import datetime

from asn1crypto import cms, core, tsp
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from sonha.foundation.signing import pki
from sonha.foundation.signing.signers import chain, to_asn1

# A policy of our own, from a UUID (ITU-T X.667): nobody else's promise is claimed.
POLICY = "2.25.160683356035654938187186480623939220605"
ANSWER_SECONDS = 10


def timestamper() -> TimeStamper:
    """The time-stamping authority: SONHA_TSA_URL where set, else the test TSA."""
    if url := getattr(settings, "SONHA_TSA_URL", ""):
        return RequestsHTTPTimeStamper(url, timeout=ANSWER_SECONDS)
    return local_timestamper()


def local_timestamper(*, fixed_dt: datetime | None = None) -> TimeStamper:
    """The TSA of the test CA. `fixed_dt` sets its clock, for tests."""
    return LocalTimeStamper(pki.load("tsa"), fixed_dt)


class LocalTimeStamper(DummyTimeStamper):
    """pyHanko's in-process authority with a key that is loaded once and the certificate named by SHA-256."""

    def __init__(self, authority: pki.Authority, fixed_dt: datetime | None) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(chain())
        super().__init__(to_asn1(pki.pem(authority.certificate)), None, store, fixed_dt)
        self._key: RSAPrivateKey = authority.key

    def _build_tst_info(self, message_imprint: tsp.MessageImprint, dt: datetime, req: tsp.TimeStampReq) -> tsp.TSTInfo:
        info = super()._build_tst_info(message_imprint, dt, req)
        info["policy"] = tsp.ObjectIdentifier(POLICY)
        return info

    def _sign_tst_info(self, tst_info_data: bytes, md_algorithm: str, dt: datetime) -> tuple[bytes, cms.CMSAttributes]:
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
                simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(self.tsa_cert)),
                simple_cms_attribute("message_digest", hashlib.new(md_algorithm, tst_info_data).digest()),
            ]
        )
        return self._key.sign(attributes.dump(), PKCS1v15(), get_pyca_cryptography_hash(md_algorithm)), attributes
