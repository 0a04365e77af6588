"""Sealing: what is changed, moved or cut off never opens (CRY-01, CRY-02, CRY-03, CRY-07, CRY-11)."""

import io
import uuid
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.vault import sealing, streaming
from portal.vault.sealing import Unreadable

RECORD = uuid.UUID("11111111-1111-4111-8111-111111111111")
OTHER = uuid.UUID("22222222-2222-4222-8222-222222222222")
KEY = bytes(range(32))


def sealed(data: bytes = b"needs") -> bytes:
    return sealing.seal(KEY, data, record=RECORD, field="needs", version=3)


def test_cry_01_the_cipher_gives_the_answers_of_the_standard() -> None:
    # Test case 16 of McGrew and Viega's GCM specification (AES-256 with associated data).
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
    text = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    nonce, place = bytes.fromhex("cafebabefacedbaddecaf888"), bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    assert AESGCM(key).encrypt(nonce, text, place).hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )


@settings(max_examples=300)
@given(data=st.binary(max_size=3000))
def test_cry_01_every_content_comes_back(data: bytes) -> None:
    assert sealing.unseal(KEY, sealed(data), record=RECORD, field="needs", version=3) == data


@pytest.mark.parametrize("data", [b"", bytes(1024 * 1024), "ܫܠܡܐ 🕊 ሰላም".encode()])
def test_cry_01_empty_large_and_every_script(data: bytes) -> None:
    assert sealing.unseal(KEY, sealed(data), record=RECORD, field="needs", version=3) == data


def test_cry_02_any_flipped_bit_is_refused() -> None:
    blob = sealed(b"x" * 40)
    for position in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(Unreadable):
            sealing.unseal(KEY, bytes(changed), record=RECORD, field="needs", version=3)


@pytest.mark.parametrize(
    "place",
    [
        {"record": OTHER, "field": "needs", "version": 3},
        {"record": RECORD, "field": "risks", "version": 3},
        {"record": RECORD, "field": "needs", "version": 2},
    ],
)
def test_cry_02_a_blob_in_another_place_is_refused(place: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        sealing.unseal(KEY, sealed(), **place)  # type: ignore[arg-type]


def test_cry_02_another_key_and_a_short_blob_are_refused() -> None:
    for key, blob in ((bytes(32), sealed()), (KEY, b""), (KEY, b"\x01short")):
        with pytest.raises(Unreadable):
            sealing.unseal(key, blob, record=RECORD, field="needs", version=3)


def test_cry_03_no_nonce_comes_twice() -> None:
    trials = 100_000
    assert len({sealed()[1:13] for _ in range(trials)}) == trials


def test_cry_03_without_randomness_nothing_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_count: int) -> bytes:
        raise OSError("no randomness")

    monkeypatch.setattr(sealing.os, "urandom", fail)
    for act in (sealed, sealing.new_key):
        with pytest.raises(OSError, match="no randomness"):
            act()


def test_cry_07_a_choice_from_a_list_cannot_be_told_by_its_length() -> None:
    options = ["", "yes", "no", "prefer_not_to_say", "x" * 400]
    assert len({len(sealing.seal_json(KEY, option, record=RECORD, field="f", version=1)) for option in options}) == 1
    assert (len(sealed(b"a" * 505)) - len(sealed(b"a" * 504))) == sealing.STEP


# --- Files ------------------------------------------------------------------------------------------------------------


def stream(data: bytes, file: uuid.UUID = RECORD) -> bytes:
    return b"".join(streaming.seal_stream(KEY, [data[:7], data[7:]], file=file))


def opened(blob: bytes, file: uuid.UUID = RECORD) -> bytes:
    return b"".join(streaming.unseal_stream(KEY, io.BytesIO(blob), file=file))


CONTENT = bytes(range(256)) * 4096 * 3 + b"the end"  # three whole chunks and a bit
HEAD, STEP = 12, streaming.CHUNK + streaming.TAG


@pytest.mark.parametrize("data", [b"", b"a", CONTENT, CONTENT[: 2 * streaming.CHUNK]])
def test_cry_11_a_file_comes_back(data: bytes) -> None:
    assert opened(stream(data)) == data


def swap(blob: bytes) -> bytes:
    return blob[:HEAD] + blob[HEAD + STEP : HEAD + 2 * STEP] + blob[HEAD : HEAD + STEP] + blob[HEAD + 2 * STEP :]


@pytest.mark.parametrize(
    "harm",
    [
        lambda blob: blob[:-1],
        lambda blob: blob[: HEAD + 2 * STEP],  # whole chunks are missing at the end
        lambda blob: blob[:HEAD] + blob[HEAD + STEP :],
        swap,
        lambda blob: blob[: HEAD + STEP] + blob[HEAD : HEAD + STEP] + blob[HEAD + STEP :],
        lambda blob: blob[: HEAD + STEP] + stream(CONTENT)[HEAD + STEP :],  # spliced from another sealing
        lambda blob: blob + b"x",
        lambda _blob: b"",
    ],
)
def test_cry_11_cut_moved_doubled_and_spliced_chunks_are_refused(harm: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Unreadable):
        opened(harm(stream(CONTENT)))


def test_cry_11_another_file_is_refused() -> None:
    with pytest.raises(Unreadable):
        opened(stream(CONTENT), OTHER)
