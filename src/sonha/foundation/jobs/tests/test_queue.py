"""Work asked for in a transaction is done when that is committed, once per key, again after a failure, and never forgotten."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from sonha.foundation.jobs import progress, runner, selectors, services
from sonha.foundation.jobs.declarations import INSIDE, OUTSIDE, job
from sonha.foundation.jobs.models import Progress

pytestmark = pytest.mark.django_db
done: list[str] = []
broken: list[str] = []


@job(name="test.note")
def note(word: str) -> None:
    done.append(word)
    if word in broken:
        raise RuntimeError(word)


@job(name="test.write")
def write(title: str, fail: bool = False) -> None:
    Progress.objects.create(title=title)
    if fail:
        raise RuntimeError("after writing")


@pytest.fixture(autouse=True)
def _clean() -> None:
    done.clear()
    broken.clear()


def rows() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text, attempts, scheduled_at FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_a_job_runs_with_its_arguments() -> None:
    services.enqueue("test.note", word="a")
    assert selectors.status()["waiting"] == 1
    assert runner.run_waiting() == 1
    assert done == ["a"]
    assert rows()[0][1] == "succeeded"


def test_a_job_of_work_that_was_rolled_back_does_not_exist() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.enqueue("test.note", word="a", key="once")
        raise ZeroDivisionError
    assert rows() == []
    assert services.enqueue("test.note", word="a", key="once") is not None


def test_an_unknown_job_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="missing"):
        services.enqueue("test.missing")


def test_a_key_is_used_once_even_after_the_job_has_run() -> None:
    first = services.enqueue("test.note", word="a", key="letter:1")
    assert services.enqueue("test.note", word="b", key="letter:1") == first
    runner.run_waiting()
    assert services.enqueue("test.note", word="c", key="letter:1") == first
    runner.run_waiting()
    assert done == ["a"]


def test_coalesced_jobs_wait_once_but_run_again_later() -> None:
    assert services.enqueue("test.note", word="a", coalesce="recount")
    assert services.enqueue("test.note", word="b", coalesce="recount") is None
    runner.run_waiting()
    assert services.enqueue("test.note", word="c", coalesce="recount")
    runner.run_waiting()
    assert done == ["a", "c"]


def test_a_job_waits_for_its_time() -> None:
    services.enqueue("test.note", word="a", run_at=timezone.now() + timedelta(hours=1))
    assert runner.run_waiting() == 0
    assert selectors.status()["scheduled"] == 1
    assert runner.run_waiting(ahead=True) == 1
    with pytest.raises(ValueError, match="time zone"):
        services.enqueue("test.note", word="a", run_at=timezone.now().replace(tzinfo=None))


def test_a_failing_job_is_tried_at_the_stated_times_and_then_given_up() -> None:
    broken.append("a")
    number = services.enqueue("test.note", word="a")
    for wait in INSIDE:
        before = timezone.now()
        assert runner.run_waiting(limit=1, ahead=True) == 1
        (_, status, _, scheduled_at) = rows()[0]
        assert status == "todo"
        assert abs((scheduled_at - before - wait).total_seconds()) < 30
    runner.run_waiting(limit=1, ahead=True)
    assert [failure["id"] for failure in selectors.failed()] == [number]
    broken.clear()
    services.retry_failed(number)
    runner.run_waiting()
    assert selectors.failed() == []
    assert len(done) == len(INSIDE) + 2
    with pytest.raises(LookupError):
        services.retry_failed(number)


def test_the_schedule_towards_others_bridges_short_and_long_outages() -> None:
    assert sum(wait <= timedelta(minutes=10) for wait in OUTSIDE) >= 6
    assert sum(OUTSIDE, timedelta()) > timedelta(hours=40)


def test_the_work_of_a_failed_attempt_leaves_nothing() -> None:
    services.enqueue("test.write", title="half", fail=True)
    runner.run_waiting(limit=1)
    assert not Progress.objects.exists()


def test_a_job_reported_dead_after_its_commit_is_not_done_twice() -> None:
    number = services.enqueue("test.write", title="whole")
    runner.run_waiting()
    with connection.cursor() as cursor:  # as if the worker had died between its commit and its report
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s", [number])
    assert services.rescue_stalled() == [number]
    assert runner.run_waiting() == 1
    assert Progress.objects.count() == 1


def test_a_job_that_keeps_killing_its_worker_is_given_up() -> None:
    number = services.enqueue("test.note", word="a")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE id = %s", [services.MOST_RESTARTS, number])
    assert services.rescue_stalled() == []
    assert [failure["id"] for failure in selectors.failed()] == [number]


def test_old_successes_are_forgotten_and_failures_kept() -> None:
    broken.append("b")
    for word in ("a", "b"):
        services.enqueue("test.note", word=word, key=word)
    runner.run_waiting(limit=20, ahead=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '100 days'")
        cursor.execute("UPDATE jobs_key SET at = at - interval '100 days'")
    assert services.clean_up() == 1
    assert [status for _, status, *_ in rows()] == ["failed"]


def test_progress_counts_and_names_problems() -> None:
    user = get_user_model().objects.create_user("an", "x")
    actor = SimpleNamespace(user=user, is_system=False, is_administrator=False)
    row = progress.start("Phê duyệt hàng loạt", total=3, actor=actor)
    progress.advance(row.pk, done=2)
    progress.advance(row.pk, failed=1, problem=("H37.12-180305-0001", "Hồ sơ chưa có dự thảo kết quả."))
    row.refresh_from_db()
    assert (row.done, row.failed, row.percent, row.state) == (2, 1, 100, "running")
    html = render_to_string("jobs/progress.html", {"progress": row})
    assert "đã xong 2 trên 3" in html and "Hồ sơ chưa có dự thảo kết quả." in html and "hx-trigger" in html
    progress.finish(row.pk)
    row.refresh_from_db()
    assert "hx-trigger" not in render_to_string("jobs/progress.html", {"progress": row})
    stranger = SimpleNamespace(user=get_user_model().objects.create_user("binh", "x"), is_system=False, is_administrator=False)
    assert not selectors.progress_of(stranger).exists()
    assert selectors.progress_of(actor).get() == row
