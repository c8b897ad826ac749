from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from sonha.testing.example.models import ExampleWell

EXAMPLES = Database("examples", "vi-du", _("Ví dụ"), order=999)


@declare
class ExampleWells(Register):
    code, slug, database, model = "example_wells", "gieng-vi-du", EXAMPLES, ExampleWell
    title, source = _("Giếng (ví dụ)"), "docs/declaring-a-register.md"
    identity = ("code",)
    columns = ("code", "use", "depth", "owner_name")
    filters, sorts, units = ("use",), ("code", "depth"), {"depth": "m"}
    layers = (Layer(Look(fill="#1f6f8b", symbol="circle", size=7), label="code"),)
    statistics = (Statistic(_("Theo mục đích"), by=("use",), sums=("depth",)),)
    public, open_fields, personal = True, ("code", "use", "depth", "geometry"), frozenset({"owner_name"})
