"""What a paper may load while it is drawn: files of the project, nothing from anywhere else."""

import logging
import mimetypes
from pathlib import Path

from django.contrib.staticfiles import finders
from weasyprint.urls import URLFetcher, URLFetcherResponse

logger = logging.getLogger(__name__)


class OfflineFetcher(URLFetcher):
    """Reads `data:` URIs, the project's static files (`static:path`) and the fonts; refuses every other address."""

    SCHEME = "static:"

    def __init__(self, fonts: frozenset[str]) -> None:
        super().__init__(allowed_protocols=("data", "file"), allow_redirects=False)
        self.fonts = fonts

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The content at `url`.

        ValueError for an address outside the project (WeasyPrint then leaves the picture out).
        """
        if url.startswith("data:") or url in self.fonts:
            return super().fetch(url, headers)
        if url.startswith(self.SCHEME):
            found = finders.find(url.removeprefix(self.SCHEME))
            if isinstance(found, str):
                kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
                return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": kind})
        logger.warning("a paper asked for %.200s, which is not a file of the project", url)
        raise ValueError("Văn bản chỉ được dùng tệp có sẵn của hệ thống.")
