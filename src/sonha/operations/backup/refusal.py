"""Why a backup cannot be made or used: one sentence in Vietnamese, the same in English."""


class BackupRefused(Exception):
    """`str()` gives both sentences, joined by a slash, for the terminal."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(f"{vietnamese} / {english}")


def disk_full(place: object) -> BackupRefused:
    return BackupRefused(
        f"Không ghi được bản sao lưu vì đĩa của {place} đã đầy: hãy giải phóng chỗ hoặc chọn thư mục khác; bản ghi dở đã được xoá.",
        f"The backup cannot be written because the disk of {place} is full: free some space or choose another folder; "
        "what was half written is removed.",
    )
