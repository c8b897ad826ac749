from django.apps import AppConfig


class StoryConfig(AppConfig):
    name = "sonha.channels.story"
    label = "story"
