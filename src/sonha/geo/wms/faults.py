"""What is said when a request cannot be answered: the standard's exception report, or a picture that says it."""

from dataclasses import dataclass

from sonha.geo.ows.writing import escaped

NAMES_OF_111 = {"InvalidCRS": "InvalidSRS"}


@dataclass
class ServiceException(Exception):
    """`code` as the standard lists them (empty: none fits); `sentence` is for a person; `locator` the parameter at fault."""

    sentence: str
    code: str = ""
    locator: str = ""

    def __str__(self) -> str:
        return self.sentence


def report(fault: ServiceException, version: str) -> tuple[str, str]:
    """(document, media type) as WMS 1.3.0 or 1.1.1 writes it."""
    old = version == "1.1.1"
    code = NAMES_OF_111.get(fault.code, fault.code) if old else fault.code
    told = (("code", code),) if old else (("code", code), ("locator", fault.locator))  # the older protocol names no locator
    said = "".join(f' {name}="{escaped(value)}"' for name, value in told if value)
    exception = f"<ServiceException{said}>{escaped(fault.sentence)}</ServiceException>"
    if old:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">\n'
            f'<ServiceExceptionReport version="1.1.1">{exception}</ServiceExceptionReport>\n'
        ), "application/vnd.ogc.se_xml"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd">'
        f"{exception}</ServiceExceptionReport>\n"
    ), "text/xml"
