"""Cases of faults: the same thing twice and at once; processes, database and disk that fail; partners that do not answer."""

from .trying import Case

FILES, JOBS, PAYMENTS, NOTES = (f"foundation/{name}/tests/" for name in ("files", "jobs", "payments", "notifications"))
DOSSIERS, HERE = "services/dossiers/tests/", "operations/faults/tests/"


def _fault(key: str, tried: str, expected: int | tuple[int, ...], says: str, kept: str, *proofs: str, soak: bool = False) -> Case:
    return Case(key, tried, expected, says, kept, proofs=proofs, soak=soak)


TWICE = [
    _fault(
        "twice.filing",
        "the filing sent four times at once",
        302,
        "",
        "one dossier, one code, one first task",
        f"{DOSSIERS}test_concurrency.py::test_the_filing_form_sent_twice",
        f"{HERE}test_faults.py::test_two_identical_posts_make_one_dossier",
        f"{HERE}test_faults.py::test_the_first_press_may_file_at_any_moment_of_the_second",
        soak=True,
    ),
    _fault(
        "twice.api",
        "the same call of a machine twice",
        200,
        "",
        "one dossier for one Idempotency-Key",
        f"{DOSSIERS}test_api.py::test_the_same_call_twice_at_once_files_once",
    ),
    _fault(
        "twice.decision",
        "two officials decide the same task at once",
        409,
        "đã được",
        "one decision, one slip, one message",
        f"{DOSSIERS}test_concurrency.py::test_two_officers_decide_the_same_task",
        soak=True,
    ),
    _fault(
        "twice.batch",
        "two batches over the same dossiers",
        (200, 409),
        "đã được",
        "each dossier moves once",
        f"{DOSSIERS}test_concurrency.py::test_two_batches_overlap",
    ),
    _fault(
        "twice.numbers",
        "twenty filings at once, some rolled back",
        302,
        "",
        "codes without a gap per agency and day",
        f"{DOSSIERS}test_concurrency.py::test_twenty_file_at_once_and_some_filings_fail",
        soak=True,
    ),
]

PROCESSES = [
    _fault(
        "worker.killed",
        "the worker is killed (-9) in the middle of a job",
        (),
        "",
        "the job: done later, its effect exactly once",
        f"{JOBS}test_killed_worker.py::test_a_killed_worker_does_no_harm",
        f"{DOSSIERS}test_concurrency.py::test_a_worker_killed_while_it_hands_a_result_over",
        soak=True,
    ),
    _fault(
        "web.killed",
        "a web process is killed (-9) while it answers",
        (),
        "",
        "what was answered; a request without an answer is sent again",
        soak=True,
    ),
    _fault(
        "database.mid-request",
        "the database goes away in the middle of a request",
        503,
        "tạm thời chưa trả lời",
        "nothing half-written; what was typed is on the page, one press sends it again",
        f"{HERE}test_faults.py::test_the_database_goes_away_in_the_middle_of_a_filing",
        soak=True,
    ),
    _fault(
        "database.away",
        "the database takes no connections",
        503,
        "tạm thời chưa trả lời",
        "the next request works without a restart",
        f"{HERE}test_faults.py::test_nobody_is_let_into_the_database",
        soak=True,
    ),
    _fault(
        "database.crash",
        "the database is restarted as after a crash",
        503,
        "tạm thời chưa trả lời",
        "everything that was answered",
        soak=True,
    ),
    _fault(
        "disk.full",
        "the disk is full when a file arrives",
        422,
        "hết chỗ lưu",
        "the draft and earlier files; nothing of the new one is left behind",
        f"{FILES}test_full_disk.py::test_a_full_disk_refuses_a_file_and_keeps_everything_else",
    ),
    _fault(
        "disk.full-pieces",
        "the disk is full in the middle of a file sent in pieces",
        507,
        "hết chỗ lưu",
        "the pieces received: sending goes on from there",
        f"{FILES}test_full_disk.py::test_a_file_in_pieces_goes_on_when_there_is_room_again",
    ),
]

PARTNERS = [
    _fault(
        "mail.down",
        "the mail server is down",
        (),
        "",
        "each message: retried, sent once when it is back",
        f"{NOTES}test_notify.py::test_a_dead_mail_server_loses_nothing",
        soak=True,
    ),
    _fault(
        "mail.busy",
        "the mail server says later, or never",
        (),
        "",
        "later: retried; never: told to the administrators",
        f"{NOTES}test_notify.py::test_a_busy_server_is_asked_again_and_a_dead_address_is_not",
    ),
    _fault(
        "payment.down",
        "the payment gateway does not answer",
        (200, 302, 502),
        "",
        "the invoice stays open; cash at the desk works",
        f"{PAYMENTS}test_services.py::test_a_gateway_that_is_down_takes_no_money_and_says_so",
        soak=True,
    ),
    _fault(
        "payment.late",
        "the gateway's news come late, or after the payer is back",
        (),
        "",
        "paid once",
        f"{PAYMENTS}test_faults.py::test_the_payer_is_back_before_the_callback",
        f"{PAYMENTS}test_faults.py::test_paid_in_time_counts_although_the_news_comes_after_expiry",
        soak=True,
    ),
    _fault(
        "payment.duplicated",
        "the gateway's news come twice",
        (),
        "",
        "paid once; a second payment is marked for refund",
        f"{PAYMENTS}test_faults.py::test_the_same_callback_again_changes_nothing",
        f"{PAYMENTS}test_faults.py::test_the_second_of_two_payments_is_kept_and_marked_for_refund",
    ),
    _fault(
        "payment.forged",
        "news with a wrong signature or another amount",
        (401, 409),
        "",
        "nothing counts as paid that was not",
        f"{PAYMENTS}test_faults.py::test_a_wrong_signature_is_kept_and_believed_in_nothing",
    ),
    _fault(
        "upgrade.draft",
        "new declarations arrive while an administrator has a draft open",
        (),
        "",
        "the draft; the upgrade goes through",
        "services/procedures/tests/test_upgrading.py::test_an_open_draft_makes_way_for_a_new_declaration",
    ),
]
