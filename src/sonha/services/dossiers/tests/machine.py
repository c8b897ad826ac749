"""A machine that calls the API with a token, as `curl` would."""

import json
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.tokens import issue_token
from sonha.foundation.identity.models import ApiToken
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version


def scan() -> bytes:
    """A photographed page."""
    kept = BytesIO()
    Image.new("RGB", (600, 800), "white").save(kept, "JPEG")
    return kept.getvalue()


class Machine:
    """Calls /api/v1 as the account of `actor`; anonymous without one."""

    def __init__(self, actor: Actor | None = None, *, scope: str = ApiToken.Scope.WRITE) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"accept-language": "vi"}
        if actor is not None and actor.user is not None:
            name = f"máy {actor.user.api_tokens.count()}"
            self.headers["authorization"] = f"Bearer {issue_token(actor.user, name, scope=scope)}"

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._told(self.client.get(f"/api/v1{path}", query, headers=self.headers), status)

    def post(self, path: str, body: Any, status: int = 200, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body)
        answer = self.client.post(f"/api/v1{path}", data, content_type="application/json", headers={**self.headers, **headers})
        return self._told(answer, status)

    def upload(self, content: bytes = b"", name: str = "giay-to.jpg", status: int = 201) -> Any:
        file = SimpleUploadedFile(name, content or scan(), content_type="image/jpeg")
        return self._told(self.client.post("/api/v1/files", {"file": file}, headers=self.headers), status)

    def papers_for(self, stt: int) -> dict[str, list[str]]:
        """One freshly sent file for every paper the procedure may ask for."""
        version = current_version(Procedure.objects.get(stt=stt))
        assert version is not None
        return {paper.code: [self.upload()["id"]] for paper in version.papers.all() if paper.form != "electronic"}

    @staticmethod
    def _told(answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()
        wanted = "application/problem+json" if status >= 400 else "application/json"
        assert answer["Content-Type"].startswith(wanted), answer["Content-Type"]
        return answer.json()
