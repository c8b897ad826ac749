"""What desks and specialists write most. An assumption: the province confirms or changes the rows, which are data."""

from django.db import migrations

FIRST = {
    "supplement": (
        "Bản chụp mờ, không đọc được; đề nghị chụp hoặc quét lại đủ các trang, rõ chữ, chữ ký và con dấu.",
        "Thiếu trang hoặc phụ lục; đề nghị nộp đủ.",
        "Thiếu chữ ký hoặc con dấu của người có thẩm quyền.",
        "Giấy tờ đã hết hiệu lực; đề nghị nộp bản còn hiệu lực.",
        "Thông tin trong tờ khai không khớp với giấy tờ kèm theo; đề nghị kiểm tra và sửa lại.",
    ),
    "refusal": (
        "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan.",
        "Không đủ điều kiện theo quy định; căn cứ và lý do ghi trong văn bản trả lời.",
        "Đã quá thời hạn bổ sung mà hồ sơ chưa đầy đủ.",
    ),
    "send_back": (
        "Đề nghị bổ sung căn cứ pháp lý vào dự thảo.",
        "Số liệu trong dự thảo chưa khớp kết quả thẩm định; đề nghị rà lại.",
        "Thể thức văn bản chưa đúng; đề nghị chỉnh lại trước khi trình.",
    ),
}


def first_sentences(apps, editor):
    sentence = apps.get_model("handling", "Sentence")
    for use, texts in FIRST.items():
        for order, text in enumerate(texts, start=1):
            sentence.objects.create(use=use, text=text, order=order)


class Migration(migrations.Migration):
    dependencies = [("handling", "0001_initial")]
    operations = [migrations.RunPython(first_sentences, migrations.RunPython.noop)]
