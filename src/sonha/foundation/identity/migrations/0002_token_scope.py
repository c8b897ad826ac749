from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="scope",
            field=models.CharField(choices=[("read", "Chỉ đọc"), ("write", "Đọc và ghi")], default="read", max_length=5),
        ),
        migrations.AddField(model_name="apitoken", name="last_used_at", field=models.DateTimeField(blank=True, null=True)),
    ]
