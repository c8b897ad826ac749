"""The real bpmn-js in a headless Chromium: draws processes and opens ours.

`python -m sonha.process.bpmn.tests.bpmn_js` draws `draw_site_check.js` again and prints the file that `site_check_bpmn_js.bpmn` was made
of; the comment at its head is put in by hand.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from sonha.testing.browser import running_browser

HERE = Path(__file__).parent
TOOL = next((file for folder in HERE.parents if (file := folder / "node_modules/bpmn-js/dist/bpmn-modeler.development.js").exists()), None)
OPEN = """async (xml) => {
    const { warnings } = await window.modeler.importXML(xml);
    const shapes = window.modeler.get('elementRegistry').getAll().filter((each) => each.type !== 'label').map((each) => each.type);
    return { warnings: warnings.map((warning) => warning.message), shapes, xml: (await window.modeler.saveXML({ format: true })).xml };
}"""


def modeler(browser: Browser) -> Page:
    """A page with an empty bpmn-js modeler as `window.modeler`."""
    assert TOOL
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    page.set_content('<div id="canvas" style="height: 980px"></div>')
    page.add_script_tag(path=TOOL)
    page.evaluate("() => { window.modeler = new BpmnJS({ container: '#canvas' }); }")
    return page


def opened(page: Page, xml: bytes) -> dict[str, Any]:
    """What bpmn-js says of a file: `warnings`, the types of the `shapes` it drew, and the `xml` it saves."""
    found: dict[str, Any] = page.evaluate(OPEN, xml.decode())
    return found


def drawn(page: Page) -> str:
    """The XML of the process that `draw_site_check.js` draws by hand, as it were."""
    return str(page.evaluate((HERE / "draw_site_check.js").read_text(encoding="utf-8")))


if __name__ == "__main__":
    with running_browser() as running:
        print(drawn(modeler(running)))
