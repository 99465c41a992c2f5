"""Leaves languages, converters and dictionaries that the program does not use out of Foundation's ICU.

lib_FoundationICU.so carries 34 MB of tables for all languages of the world, a quarter of a whole wheel. The program
speaks English and writes numbers and dates by the rules of no language. ICU takes what is missing for a language from
`root`, as it does for languages that it never knew (docs/decisions/0042-icu-of-the-wheel.md).
"""

import re
import struct

from wheel.building import Failure

NAME = "lib_FoundationICU.so"
#: The format of ICU's packages of data, after the size of the header and two magic bytes.
MAGIC = b"\xda\x27"
FORMAT = b"CmnD"


def is_needed(name: str) -> bool:
    """Whether a table stays: those of no language, of English, and none that convert old encodings or split words."""
    file = name.rsplit("/", 1)[-1]
    if file.endswith((".cnv", ".dict")):
        return False
    language = re.fullmatch(r"([a-z]{2,3})(_\w+)?\.res", file)
    return language is None or language[1] in ("en", "res")  # res_index.res is an index


def without_languages(library: bytes) -> bytes:
    """The library with a shorter table of contents and zeros in place of the tables that are gone: its size and all
    addresses stay, and zeros take no room in a wheel.

    Source: ICU, `ucmndata.h`: a header, the number of entries, then offsets of name and data for each, by name.
    """
    starts = [found.start() - 12 for found in re.finditer(FORMAT, library)]
    starts = [start for start in starts if start >= 0 and library[start + 2 : start + 4] == MAGIC]
    if len(starts) != 1:
        raise Failure(f"{NAME} holds {len(starts)} packages of ICU's data instead of one: see scripts/wheel/icu.py")
    (header,) = struct.unpack_from("<H", library, starts[0])
    base = starts[0] + header
    (count,) = struct.unpack_from("<I", library, base)
    table = base + 4
    entries = [struct.unpack_from("<II", library, table + 8 * index) for index in range(count)]
    names = [library[base + name : library.index(b"\0", base + name)].decode("ascii") for name, _ in entries]
    places = [data for _, data in entries]
    if names != sorted(names) or places != sorted(places):
        raise Failure(f"ICU's data in {NAME} are in an order that scripts/wheel/icu.py does not know")
    changed = bytearray(library)
    kept = [index for index in range(count) if is_needed(names[index])]
    # The last one has no end of its own in the table, so it stays as it is.
    for index in set(range(count - 1)) - set(kept):
        start, end = base + places[index], base + places[index + 1]
        changed[start:end] = bytes(end - start)
    struct.pack_into("<I", changed, base, len(kept))
    changed[table : table + 8 * count] = b"".join(struct.pack("<II", *entries[index]) for index in kept).ljust(
        8 * count, b"\0"
    )
    return bytes(changed)
