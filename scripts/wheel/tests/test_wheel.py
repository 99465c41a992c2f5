import csv
import struct
import unittest
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from wheel import icu
from wheel.auditing import _glibc
from wheel.building import Failure
from wheel.contents import EXECUTABLE, INFORMATION, check_contents, expected
from wheel.packing import metadata, release_version, torch_version, write_wheel

ROOT = Path(__file__).resolve().parents[3]


def compress(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


class WheelTests(unittest.TestCase):
    def setUp(self) -> None:
        temporary = TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        (self.folder / "stage/ganinsar").mkdir(parents=True)
        (self.folder / "stage/ganinsar/__init__.py").write_text("print()\n" * 1000)
        (self.folder / "stage/ganinsar/program").write_bytes(bytes(range(256)) * 1000)
        (self.folder / "stage/ganinsar/program").chmod(0o755)

    def wheel(self, name: str) -> Path:
        return write_wheel(self.folder / "stage", "g.dist-info", self.folder / name, 1_700_000_000, compress)

    def test_others_can_read_it(self) -> None:
        with zipfile.ZipFile(self.wheel("a.whl")) as archive:
            self.assertIsNone(archive.testzip())
            names = archive.namelist()
            self.assertEqual(names, ["ganinsar/__init__.py", "ganinsar/program", "g.dist-info/RECORD"])
            self.assertEqual(archive.read("ganinsar/program"), bytes(range(256)) * 1000)
            modes = [entry.external_attr >> 16 & 0o777 for entry in archive.infolist()]
            self.assertEqual(modes, [0o644, 0o755, 0o644])
            self.assertEqual(archive.infolist()[0].date_time, (2023, 11, 14, 22, 13, 20))
            record = list(csv.reader(archive.read("g.dist-info/RECORD").decode().splitlines()))
        self.assertEqual([row[0] for row in record], names)
        self.assertEqual([row[2] for row in record], ["8000", "256000", ""])

    def test_the_same_files_give_the_same_bytes(self) -> None:
        self.assertEqual(self.wheel("a.whl").read_bytes(), self.wheel("b.whl").read_bytes())

    def test_metadata_names_what_it_needs(self) -> None:
        project = {
            "name": "ganinsar", "description": "maps", "requires-python": ">=3.10", "license": "Apache-2.0",
            "classifiers": ["A :: B"], "dependencies": ["numpy"], "optional-dependencies": {"stacks": ["xarray"]},
            "readme": "README.md",
        }  # fmt: skip
        lines = metadata(project, "1.2.3", ROOT).split("\n")
        for line in ("Version: 1.2.3", "Requires-Dist: numpy", 'Requires-Dist: xarray; extra == "stacks"'):
            self.assertIn(line, lines)

    def test_versions_are_those_of_the_sources(self) -> None:
        self.assertRegex(release_version(ROOT), r"^\d+\.\d+\.\d+$")
        needs = (ROOT / "python/pyproject.toml").read_text()
        self.assertIn(f"torch=={torch_version(ROOT).rsplit('.', 1)[0]}.*", needs)

    def test_tags(self) -> None:
        self.assertEqual(_glibc("manylinux_2_35_x86_64"), (2, 35))
        with self.assertRaises(Failure):
            _glibc("linux_x86_64")


class ContentsTests(unittest.TestCase):
    """A wheel of the right names with no programs in it."""

    def setUp(self) -> None:
        temporary = TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.stage = Path(temporary.name) / "stage"
        names = [*expected(ROOT), "ganinsar/_program/lib/libswiftCore.so", "ganinsar/_program/lib/libgdal-1.so"]
        names += [f"g.dist-info/{name}" for name in (*INFORMATION, "licenses/swift-log-LICENSE.txt")]
        for name in names:
            file = self.stage / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name)
            file.chmod(0o755 if name in EXECUTABLE else 0o644)

    def check(self) -> str:
        path = self.stage.parent / "g.whl"
        return check_contents(ROOT, write_wheel(self.stage, "g.dist-info", path, 1_700_000_000, compress))

    def test_a_whole_wheel_passes(self) -> None:
        self.assertRegex(self.check(), r"g.whl \(\d\.\d MB, \d+ files\)")

    def test_what_is_missing_is_named(self) -> None:
        for name in ("ganinsar/_datasets.py", "ganinsar/_program/models/large.safetensors", "g.dist-info/METADATA"):
            (self.stage / name).rename(self.stage.parent / "away")
            with self.assertRaisesRegex(Failure, name):
                self.check()
            (self.stage.parent / "away").rename(self.stage / name)

    def test_programs_can_be_executed(self) -> None:
        (self.stage / EXECUTABLE[1]).chmod(0o644)
        with self.assertRaisesRegex(Failure, "ganinsar-torch of g.whl cannot be executed"):
            self.check()

    def test_the_licenses_of_what_is_linked_in_are_needed(self) -> None:
        (self.stage / "g.dist-info/licenses/swift-log-LICENSE.txt").unlink()
        with self.assertRaisesRegex(Failure, "licenses of the Swift packages"):
            self.check()


class ICUTests(unittest.TestCase):
    """A library with a package of five tables in it."""

    NAMES = ("icudt76l/af.res", "icudt76l/coll/en_GB.res", "icudt76l/gb18030-2022.cnv", "icudt76l/root.res", "last.icu")

    def library(self, names: tuple[str, ...] = NAMES) -> bytes:
        header = struct.pack("<H", 24) + b"\xda\x27" + bytes(8) + b"CmnD" + bytes(8)
        labels = [name.encode() + b"\0" for name in names]
        label, data = 4 + 8 * len(names), 4 + 8 * len(names) + sum(map(len, labels))
        table = struct.pack("<I", len(names))
        for text in labels:
            table += struct.pack("<II", label, data)
            label, data = label + len(text), data + 16
        tables = b"".join(name[-8:].encode().ljust(16, b"#") for name in names)
        return b"\x7fELF CmnD code" + header + table + b"".join(labels) + tables + b"more code"

    def test_languages_are_left_out(self) -> None:
        library = self.library()
        changed = icu.without_languages(library)
        self.assertEqual(len(changed), len(library))
        self.assertEqual(changed[:38], library[:38])
        self.assertTrue(changed.endswith(b"more code"))
        base = library.index(b"CmnD", 10) + 12
        (count,) = struct.unpack_from("<I", changed, base)
        entries = [struct.unpack_from("<II", changed, base + 4 + 8 * index) for index in range(count)]
        names = [changed[base + name :].split(b"\0")[0].decode() for name, _ in entries]
        self.assertEqual(names, [self.NAMES[1], self.NAMES[3], self.NAMES[4]])
        for name, (_, data) in zip(names, entries, strict=True):
            self.assertTrue(changed[base + data :].startswith(name[-8:].encode()))
        self.assertNotIn(b"l/af.res###", changed)
        self.assertNotIn(b"2022.cnv###", changed)

    def test_an_unknown_library_is_an_error(self) -> None:
        for library in (b"nothing", self.library() * 2, self.library(tuple(reversed(self.NAMES)))):
            with self.assertRaises(Failure):
                icu.without_languages(library)
