"""A zip file with a compressor of our choice, which `zipfile` does not allow: files below 4 GB, names in ASCII."""

import stat
import struct
import time
import zlib
from collections.abc import Callable
from typing import IO

DEFLATE = 8
UNIX = 3


class Archive:
    """Writes one entry after the other; `finish` writes the directory. Source: PKWARE, APPNOTE.TXT 6.3.10."""

    def __init__(self, file: IO[bytes], seconds: int, compress: Callable[[bytes], bytes]) -> None:
        self._file, self._compress = file, compress
        year, month, day, hour, minute, second = time.gmtime(max(seconds, 315532800))[:6]  # a zip begins in 1980
        self._moment = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
        self._offset = 0
        self._directory: list[bytes] = []

    def add(self, name: str, content: bytes, mode: int) -> None:
        label, packed = name.encode("ascii"), self._compress(content)
        # Version that is needed, flags, method, time, date, checksum, sizes, lengths of name and extra field.
        facts = struct.pack(
            "<HHHHHIIIHH", 20, 0, DEFLATE, *self._moment, zlib.crc32(content), len(packed), len(content), len(label), 0
        )
        attributes = (stat.S_IFREG | mode) << 16
        self._directory.append(
            struct.pack("<IH", 0x02014B50, UNIX << 8 | 20)
            + facts
            + struct.pack("<HHHII", 0, 0, 0, attributes, self._offset)
            + label
        )
        self._write(struct.pack("<I", 0x04034B50) + facts + label + packed)

    def finish(self) -> None:
        start, count = self._offset, len(self._directory)
        self._write(b"".join(self._directory))
        self._write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, self._offset - start, start, 0))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._offset += len(data)
