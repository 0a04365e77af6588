"""Reads the XML parts of office documents without ever meeting an entity: a document type is refused at once. Pure."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from standards.evidence.refusal import Refused

MOST_ELEMENTS = 2_000_000
MOST_PIECES = 50_000  # of text


def _refuse(*_arguments: object) -> None:
    raise Refused("outside")


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse  # no DTD, so no entity of its own and nothing from elsewhere (XXE, billion laughs)
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse  # type: ignore[assignment]
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return parser


def _feed(parser: expat.XMLParserType, pieces: Iterable[bytes]) -> None:
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as wrong:
        raise Refused("broken") from wrong


def check(pieces: Iterable[bytes]) -> None:
    """Well-formed, and without a document type. Raises ``Refused``."""
    _feed(_parser(), pieces)


def walk(pieces: Iterable[bytes], visit: Callable[[str, dict[str, str]], None]) -> None:
    """Call ``visit(local name, attributes by local name)`` for every element, in order. Raises ``Refused``, also above two million."""
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS:
            raise Refused("bomb")
        visit(tag.rpartition(" ")[2], {name.rpartition(" ")[2]: value for name, value in attributes.items()})

    parser = _parser()
    parser.StartElementHandler = start
    _feed(parser, pieces)


def text_of(pieces: Iterable[bytes], *names: str) -> str:
    """All text inside elements of these local names, and their ``instr`` attributes, run together. Raises ``Refused``."""
    found: list[str] = []
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if tag.rpartition(" ")[2] in names:
            depth += 1
            found.extend(value for name, value in attributes.items() if name.rpartition(" ")[2] == "instr")

    def end(tag: str) -> None:
        nonlocal depth
        depth -= tag.rpartition(" ")[2] in names

    def characters(words: str) -> None:
        if depth and len(found) < MOST_PIECES:
            found.append(words)

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    _feed(parser, pieces)
    return "".join(found)
