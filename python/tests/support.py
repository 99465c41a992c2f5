"""What the tests of the package share. They use the program of the installed wheel, or $GANINSAR_PROGRAM."""

import os
import tempfile
import unittest
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small maps; other tests may run beside these

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "python" / "examples"


def needs(*modules: str) -> unittest.case.skip:
    """Skips a test where a module is not installed."""
    missing = [module for module in modules if find_spec(module) is None]
    return unittest.skipIf(bool(missing), f"needs {', '.join(missing)}")


class FolderTestCase(unittest.TestCase):
    """A test case with a folder of its own, for all of its tests."""

    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
