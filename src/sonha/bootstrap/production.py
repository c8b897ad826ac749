"""What production insists upon before it serves anybody. Asked by the launcher, and again by the settings of every process."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

SAMPLES = ("demonstration", "insecure", "changeme", "change-me", "example", "sonha-demo", "secret-key", "password")
SHORTEST = 50


def faults(env: Mapping[str, str], secret: str) -> list[tuple[str, str]]:
    """What forbids to serve, as (Vietnamese, English) sentences; empty when nothing does. `secret` is the secret key itself."""
    found = []
    hosts = [name.strip() for name in env.get("SONHA_HOSTS", "").split(",") if name.strip()]
    if not hosts:
        found.append((
            "Chế độ vận hành chính thức cần tên miền: hãy đặt SONHA_HOSTS, ví dụ SONHA_HOSTS=dichvucong.langson.gov.vn.",
            "Production needs the site's name: set SONHA_HOSTS, for example SONHA_HOSTS=dichvucong.langson.gov.vn.",
        ))  # fmt: skip
    if any("*" in name for name in hosts):
        found.append(("SONHA_HOSTS không được là *: hãy ghi đúng tên miền.", "SONHA_HOSTS must not be *: name the site."))
    addresses = [env.get("SONHA_SITE_URL", ""), *filter(None, env.get("SONHA_ORIGINS", "").split(","))]
    if any(urlsplit(address).scheme != "https" for address in addresses) or not env.get("SONHA_ORIGINS"):
        found.append((
            "Chế độ vận hành chính thức chỉ chạy qua TLS: SONHA_SITE_URL và SONHA_ORIGINS phải là địa chỉ https://.",
            "Production is served over TLS only: SONHA_SITE_URL and SONHA_ORIGINS must be https:// addresses.",
        ))  # fmt: skip
    if len(secret) < SHORTEST or any(sample in secret.lower() for sample in SAMPLES):
        found.append((
            "Khoá bí mật (SONHA_SECRET_FILE) quá ngắn hoặc là khoá mẫu: hãy xoá tệp để hệ thống tạo khoá mới.",
            "The secret key (SONHA_SECRET_FILE) is too short or a sample: remove the file and a new one is made.",
        ))  # fmt: skip
    payment = env.get("SONHA_PAYMENT_URL", "")
    if payment and urlsplit(payment).scheme != "https" and urlsplit(payment).hostname not in {"127.0.0.1", "localhost"}:
        found.append(("SONHA_PAYMENT_URL phải là địa chỉ https://.", "SONHA_PAYMENT_URL must be an https:// address."))
    if env.get("SONHA_DEBUG") or env.get("DJANGO_DEBUG") or env.get("DEBUG"):
        found.append((
            "Không bật chế độ gỡ lỗi khi vận hành chính thức: hãy bỏ biến DEBUG, DJANGO_DEBUG, SONHA_DEBUG.",
            "No debugging in production: unset DEBUG, DJANGO_DEBUG and SONHA_DEBUG.",
        ))  # fmt: skip
    return found


def secret_of(path: str | os.PathLike[str]) -> str:
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""
