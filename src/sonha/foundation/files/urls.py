"""/tep/"""

urlpatterns: list = []
