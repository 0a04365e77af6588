"""The scanner's client against a real server on a real socket (UPL-08)."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from standards.evidence.scanner import PIECE, NoAnswer, Verdict, ask
from tests import samples
from tests.clamd import Clamd, clamd, nowhere

FOUND = Verdict(is_clean=False, signature="Win.Test.EICAR_HDB-1")


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with clamd() as running:
        yield running


def test_upl_08_clean_is_clean(scanner: Clamd) -> None:
    assert ask(scanner.address, [b"Fire doors"]) == Verdict(is_clean=True)
    assert ask(scanner.address, []) == Verdict(is_clean=True)
    assert ask(scanner.address, [b"x" * 3_000_000] * 5) == Verdict(is_clean=True)
    assert scanner.asked == [10, 0, 15_000_000]


def test_upl_08_malicious_code_is_found_wherever_it_lies(scanner: Clamd) -> None:
    document = samples.with_parts(samples.word(), {"word/media/a.png": samples.EICAR})
    edges = [b"x" * (PIECE - place) + samples.EICAR for place in (1, 34, 67)]
    split = [[samples.EICAR[:30], samples.EICAR[30:]], [bytes([byte]) for byte in samples.EICAR]]
    for pieces in ([samples.EICAR], [samples.archive({"a": samples.EICAR})], [document], *([edge] for edge in edges), *split):
        assert ask(scanner.address, pieces) == FOUND


def test_upl_08_a_socket_file_does_too(tmp_path: Path) -> None:
    with clamd(tmp_path / "clamd.sock") as running:
        assert ask(running.address, [samples.EICAR]) == FOUND
    with pytest.raises(NoAnswer):
        ask(f"unix://{tmp_path}/none.sock", [b"x"])


@pytest.mark.parametrize("mode", ["hang", "close", "limit", "babble"])
def test_upl_08_no_answer_is_never_a_good_one(scanner: Clamd, mode: str) -> None:
    scanner.mode = mode
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        ask(scanner.address, [b"x" * 100_000] * 20, seconds=1)
    assert time.monotonic() - began < 3


def test_upl_08_nobody_there_and_slow() -> None:
    with pytest.raises(NoAnswer):
        ask(nowhere(), [b"x"], seconds=1)
    with clamd() as running:
        running.mode = "slow"
        assert ask(running.address, [b"x"], seconds=5).is_clean


def test_another_kind_of_address_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="tcp://host:port"):
        ask("http://127.0.0.1", [b"x"])
