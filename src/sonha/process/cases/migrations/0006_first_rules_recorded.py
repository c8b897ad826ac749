"""The rules that were there before the history are written anew, so that each row has its first snapshot."""

from django.db import migrations


def written_anew(apps, editor):
    rule = apps.get_model("cases", "ReminderRule")
    rows = list(rule.objects.values("stage", "days", "recipient"))
    rule.objects.all().delete()
    rule.objects.bulk_create(rule(**row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_reminder_history")]
    operations = [migrations.RunPython(written_anew, migrations.RunPython.noop)]
