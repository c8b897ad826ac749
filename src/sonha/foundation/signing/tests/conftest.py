"""A test CA for the run of these tests, and papers signed with it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from sonha.foundation.rendering import papers
from sonha.foundation.rendering.samples import samples
from sonha.foundation.signing import pki, services
from sonha.foundation.signing.pades import sign_pdf
from sonha.foundation.signing.signers import Credential, SoftwareSigner
from sonha.foundation.signing.stamps import StampContext

LEADER = ("u-1", "Nguyễn Trọng Khuyến", "Phó Chủ tịch", "Ủy ban nhân dân tỉnh Lạng Sơn")
AGENCY = ("a-1", "Ủy ban nhân dân tỉnh Lạng Sơn")


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def own_pki(settings, data_folder: Path) -> None:
    settings.SONHA_DATA = data_folder
    settings.SITE_URL = "http://localhost:8000"
    pki.create()


@pytest.fixture(scope="session")
def paper() -> bytes:
    return papers.render(samples()["permit"])


@pytest.fixture
def leader(db) -> Credential:
    return services.certificate_for(*LEADER)


@pytest.fixture
def seal(db) -> Credential:
    return services.seal_for(*AGENCY)


@pytest.fixture
def sign() -> Callable[..., bytes]:
    def sign(pdf: bytes, credential: Credential, **more) -> bytes:
        name = more.pop("field_name", "CoQuan" if credential.is_seal else "LanhDao")
        return services.sign_as(pdf, credential, reason="Phê duyệt", location="Lạng Sơn", field_name=name, **more)

    return sign


def software_credential(subject: pki.Subject, *, is_seal: bool = False, start: datetime | None = None, days: int = 1000) -> Credential:
    """A certificate valid for a chosen time, outside the table."""
    key = pki.new_key()
    certificate = pki.issue(subject, key.public_key(), valid_from=start, days=days)
    path = pki.folder() / "keys" / f"{certificate.serial_number:x}.key"
    pki.store_key(path, key)
    return Credential(pki.pem(certificate), path, subject.name, subject.position, subject.unit, path.stem, is_seal)


@pytest.fixture(scope="session")
def signed(made_once: tuple[bytes, datetime, datetime]) -> bytes:
    """A permit signed by the leader, then sealed by the agency; made once for all tests."""
    return made_once[0]


@pytest.fixture(scope="session")
def signed_between(made_once: tuple[bytes, datetime, datetime]) -> tuple[datetime, datetime]:
    """When `signed` was made, in whole seconds: a run of tests may be any length, or the clock of the machine set anew meanwhile."""
    return made_once[1:]


@pytest.fixture(scope="session")
def made_once(paper: bytes, data_folder: Path) -> tuple[bytes, datetime, datetime]:
    begun = datetime.now(UTC).replace(microsecond=0)
    ref, name, position, unit = LEADER
    signers = (
        ("LanhDao", pki.Subject(name=name, position=position, unit=unit, ref=ref)),
        ("CoQuan", pki.Subject(name=unit, unit=unit, ref=AGENCY[0])),
    )
    done = paper
    with override_settings(SONHA_DATA=data_folder, SITE_URL="http://localhost:8000"):
        pki.create()
        for field_name, subject in signers:
            seal = not subject.position
            stamp = StampContext(kind="seal" if seal else "person", name=subject.name, unit=unit, position=subject.position)
            signer = SoftwareSigner(software_credential(subject, is_seal=seal))
            done = sign_pdf(done, signer, reason="Phê duyệt", location="Lạng Sơn", field_name=field_name, stamp=stamp)
    return done, begun, datetime.now(UTC) + timedelta(seconds=1)
