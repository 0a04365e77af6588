"""The public pages as browser tests visit them: one of each template, and where text stands on the screen."""

from typing import Any

from playwright.sync_api import Page, Request

from portal.languages import BY_CODE, SOURCE

ONE_OF_EACH = {
    "home": "",
    "topic": "rights/",
    "article": "help/get-help-now/",
    "long article": "referral/if-the-answer-is-no/",
    "glossary": "about/easy-words/",
    "a-z": "a-z/",
    "find-support": "find-support/",
    "inspections": "inspections/",
    "not found": "not-here/",
}
BESIDE = {"languages": "/", "gallery": "/gallery/"}

# Where every piece of visible text is drawn: its words, the box it belongs to, and the browser's rectangle of each line.
# A line may reach over its box by one pixel (rounding); italics and marks of tall scripts may do so above and below.
TEXT_OUTSIDE = """() => {
  const boxes = '.card, .box, .contact, .unsure, .chips li, .pair a, .tongues a, button, input, #qx, .top a, .az a, summary';
  const skip = (element) => element.closest('.skip, .only-read, [hidden], script, style, title, noscript');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const wrong = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || skip(node.parentElement) || !node.parentElement.checkVisibility()) continue;
    const box = node.parentElement.closest(boxes);
    const frame = box ? box.getBoundingClientRect() : null;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      const off = line.left < -1 || line.right > document.documentElement.clientWidth + 1;
      const beside = frame && (line.left < frame.left - 1 || line.right > frame.right + 1);
      const out = beside || (frame && (line.top < frame.top - 6 || line.bottom > frame.bottom + 6));
      if (off || out) { wrong.push(node.data.trim().slice(0, 60)); break; }
    }
  }
  return wrong;
}"""


def addresses(*languages: str) -> dict[str, str]:
    """Name → address of one page of each template in each language, and of the two pages that have none."""
    found = {f"{name} ({code})": f"/{code}/{path}" for code in languages for name, path in ONE_OF_EACH.items()}
    return found | BESIDE


def language_of(address: str) -> str:
    """The code in the path, or English."""
    code = address.split("/")[1]
    return code if code in BY_CODE else SOURCE


def text_outside(page: Page) -> list[str]:
    """The beginnings of all texts that are drawn outside the screen or outside the box they stand in."""
    found: list[str] = page.evaluate(TEXT_OUTSIDE)
    return found


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def add_style(page: Page, css: str) -> None:
    """As a reader's own style sheet would, which no policy of ours forbids."""
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [...document.adoptedStyleSheets, s] }",
        css,
    )


def visible(page: Page, selector: str) -> list[dict[str, Any]]:
    """Every visible element of ``selector``: its ``name``, ``x y width height``, and whether it stands in a ``sentence``."""
    found: list[dict[str, Any]] = page.evaluate(
        """selector => Array.from(document.querySelectorAll(selector)).filter((e) => e.checkVisibility()).map((e) => {
          const box = e.getBoundingClientRect();
          const around = Array.from(e.parentElement.childNodes).filter((n) => n !== e).map((n) => n.textContent).join('').trim();
          return {name: e.outerHTML.slice(0, 90), tel: e.matches('.tel'), x: box.x, y: box.y, width: box.width, height: box.height,
                  sentence: getComputedStyle(e).display === 'inline' && around !== ''};
        })""",
        selector,
    )
    return found


def requests_of(page: Page) -> list[Request]:
    """A list that grows with every request of the page from now on."""
    found: list[Request] = []

    def note(request: Request) -> None:
        found.append(request)

    page.on("request", note)
    return found
