"""The list of each morning, as it is told."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.notifications.kinds import register

register(
    "task.morning",
    label=_("Danh sách việc trễ, sắp trễ mỗi sáng"),
    title=_("Sáng {day}: {late} việc quá hạn, {soon} việc sắp đến hạn"),
    body=_("Gấp nhất trước; danh sách đầy đủ ở liên kết.\n{lines}"),
    for_officials=True,
)
