from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Description',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=60, unique=True)),
                ('abstract', models.TextField(blank=True, verbose_name='tóm tắt')),
                ('keywords', models.CharField(blank=True, max_length=300, verbose_name='từ khoá, cách nhau bằng dấu phẩy')),
                ('contact_unit', models.CharField(blank=True, max_length=200, verbose_name='đơn vị đầu mối')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='thư điện tử')),
                ('contact_phone', models.CharField(blank=True, max_length=30, verbose_name='điện thoại')),
                ('lineage', models.TextField(blank=True, verbose_name='nguồn gốc, cách lập dữ liệu')),
                ('frequency', models.CharField(choices=[('continual', 'Liên tục'), ('daily', 'Hằng ngày'), ('monthly', 'Hằng tháng'), ('quarterly', 'Hằng quý'), ('annually', 'Hằng năm'), ('asNeeded', 'Khi có biến động')], default='asNeeded', max_length=12, verbose_name='tần suất cập nhật')),
                ('restrictions', models.TextField(blank=True, verbose_name='hạn chế khi sử dụng')),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
    ]
