"""GetDomain of CSW 2.0.2: which values a property of the records has, or a parameter of an operation takes."""

from collections.abc import Iterable

from sonha.foundation.access.actor import Actor
from sonha.geo.ows.filters import plain_name
from sonha.geo.ows.writing import element

from .asking import Wanted
from .catalogue import HEAD, OPERATIONS, PARAMETERS, PLACE, XSI
from .dublin import NAMESPACES
from .matching import READ
from .records import MetadataRecord, records

RANGED = "modified"
UNLISTED = frozenset({"anytext", "abstract"})  # whole texts, not values
MOST_VALUES = 1_000


def get_domain(actor: Actor, wanted: Wanted, root: str) -> str:
    """As the standard has it, of a name without known values only the name is told. Values are of records that the actor may see."""
    found = records(actor) if wanted.properties else []
    told = [_told("PropertyName", name, _of_records(plain_name(name).lower(), found)) for name in wanted.properties]
    told += [_told("ParameterName", name, _listed(_of_operations(name))) for name in wanted.parameters]
    return f"{HEAD}<csw:GetDomainResponse {NAMESPACES} {XSI} {PLACE}>{''.join(told)}</csw:GetDomainResponse>"


def _told(kind: str, name: str, values: str) -> str:
    return f'<csw:DomainValues type="csw:Record">{element(f"csw:{kind}", name)}{values}</csw:DomainValues>'


def _of_records(name: str, found: Iterable[MetadataRecord]) -> str:
    read = READ.get(name)
    if read is None or name in UNLISTED:
        return ""
    values = sorted({value for record in found for value in read(record)})
    if name == RANGED and values:
        ends = element("csw:MinValue", values[0]) + element("csw:MaxValue", values[-1])
        return f"<csw:RangeOfValues>{ends}</csw:RangeOfValues>"
    return _listed(values)


def _of_operations(name: str) -> tuple[str, ...]:
    """`GetRecords.resultType`; names are told apart without regard to case."""
    operation, _dot, parameter = name.partition(".")
    taken = next((each for known, each in OPERATIONS.items() if known.lower() == operation.lower()), ())
    return next((PARAMETERS[each] for each in taken if each.lower() == parameter.lower()), ())


def _listed(values: Iterable[str]) -> str:
    told = "".join(element("csw:Value", each) for each in list(values)[:MOST_VALUES])
    return f"<csw:ListOfValues>{told}</csw:ListOfValues>" if told else ""
