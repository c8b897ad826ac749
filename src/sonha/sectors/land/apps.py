from django.apps import AppConfig


class LandConfig(AppConfig):
    name = "sonha.sectors.land"
    label = "land"

    def ready(self) -> None:
        from sonha.process.forms.sources import provide
        from sonha.process.outcomes import on_asked, on_issued
        from sonha.sectors.land import looking_up, outcomes, questions, registers  # noqa: F401
        from sonha.sectors.land.merging import way  # noqa: F401  declares its page of imports

        provide("parcel", looking_up.SOURCE)
        on_issued("parcel_split_merge", outcomes.split_or_merge)
        on_issued("land_transfer", outcomes.pass_on)
        on_issued("certificate_renewal", outcomes.renew)
        on_asked("parcel_split_merge", questions.of_split_or_merge)
        on_asked("land_transfer", questions.of_transfer)
        on_asked("certificate_renewal", questions.of_renewal)
