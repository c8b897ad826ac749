"""Entry point of `./sonha`: chooses the command, and turns Trouble into one sentence and an exit code."""

import importlib
import os
import sys
from collections.abc import Sequence

from sonha.bootstrap import places
from sonha.bootstrap.trouble import Trouble

COMMANDS = {
    "up": ("cài đặt và khởi động hệ thống", "install and start the system; Ctrl-C stops it"),
    "stop": ("dừng hệ thống đang chạy", "stop the running system"),
    "status": ("tình trạng hệ thống (--json cho máy)", "state of the system (--json for machines)"),
    "manage": ("chạy một lệnh quản trị", "run a management command"),
    "test": ("chạy toàn bộ kiểm thử", "run all tests (further arguments go to pytest)"),
    "lint": ("kiểm tra mã nguồn", "check the sources"),
    "bench": ("đo tốc độ", "measure speed: ./sonha bench [name ...]"),
    "soak": ("chạy tải kèm sự cố: ./sonha soak --minutes 10", "load with faults on the running demonstration; what was lost"),
    "story": ("chạy thử toàn bộ câu chuyện qua trình duyệt", "drive the whole story through the browser"),
    "backup": ("sao lưu: ./sonha backup <thư mục>", "back up database, files and keys into a folder, encrypted"),
    "restore": ("khôi phục: ./sonha restore <bản sao lưu> --key <khoá>", "restore a backup, wholly or to a moment (--to)"),
    "drill": ("diễn tập khôi phục, in RPO và RTO", "rehearse a disaster on generated data; prints RPO and RTO"),
    "reset": ("xoá toàn bộ dữ liệu (hỏi trước; --yes để khỏi hỏi)", "delete all data (asks first; --yes does not ask)"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    try:
        return _run(arguments)
    except BrokenPipeError:  # whoever read our output has stopped reading
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(arguments: Sequence[str]) -> int:
    name, *rest = arguments or ["help"]
    if name in {"help", "-h", "--help"}:
        print(usage(), flush=True)
        return 0
    if name not in COMMANDS:
        print(f"✗ Không có lệnh “{name}” / there is no command “{name}”.\n{usage()}", file=sys.stderr)
        return 2
    try:
        command = importlib.import_module(f"sonha.bootstrap.commands.{name}")
        return int(command.run(places.from_environment(), rest))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.code
    except KeyboardInterrupt:
        print("\nĐã dừng / stopped.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            print(
                "✗ Đĩa đã đầy: hãy giải phóng ít nhất 3 GB rồi chạy lại.\n  The disk is full: free at least 3 GB and run again.",
                file=sys.stderr,
            )
            return 1
        raise


def usage() -> str:
    lines = ["Sơn Hà: nền tảng chính quyền điện tử / an open e-government platform", ""]
    lines += [f"  ./sonha {name:<8} {vietnamese}\n{'':19}{english}" for name, (vietnamese, english) in COMMANDS.items()]
    lines += ["", "  SONHA_DATA (var), SONHA_PORT (8000), SONHA_MODE (demo | production), SONHA_DATABASE_URL: docs/operations.md"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
