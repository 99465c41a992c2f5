"""scripts/manual.py: a page for each subcommand, which groff formats without a warning."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("manual", ROOT / "scripts/manual.py")
assert SPEC is not None and SPEC.loader is not None
manual = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(manual)

HELP: dict[str, Any] = {
    "commandName": "ganinsar",
    "abstract": "Makes maps.",
    "subcommands": [
        {
            "commandName": "train",
            "abstract": "Train a generator.",
            "discussion": "One paragraph.\n\nExamples:\n  ganinsar train x\n  .dotted\n\nAfter.",
            "arguments": [
                {"kind": "positional", "valueName": "dataset", "abstract": "A folder.", "names": []},
                {
                    "kind": "option",
                    "isOptional": True,
                    "valueName": "mode",
                    "abstract": "How.",
                    "defaultValue": "fid",
                    "allValues": ["fid", "clean"],
                    "names": [{"kind": "long", "name": "mode"}, {"kind": "short", "name": "m"}],
                    "preferredName": {"kind": "long", "name": "mode"},
                    "sectionTitle": "Speed",
                },
                {"kind": "flag", "shouldDisplay": False, "names": [{"kind": "long", "name": "secret"}]},
            ],
            "subcommands": [{"commandName": "again", "abstract": "Nested."}],
        },
        {"commandName": "hidden", "shouldDisplay": False},
        {"commandName": "help", "abstract": "Help."},
    ],
}


def subcommands(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.1")}


class Manual(unittest.TestCase):
    def test_every_subcommand_that_is_shown_has_a_page(self) -> None:
        pages = manual.pages(HELP, "1.2.3")
        self.assertEqual(set(pages), {"ganinsar.1", "ganinsar-train.1", "ganinsar-train-again.1"})
        self.assertIn("ganinsar 1.2.3", pages["ganinsar.1"])

    def test_a_page_says_what_the_help_says(self) -> None:
        page = manual.pages(HELP, "1")["ganinsar-train.1"]
        for text in (
            "<dataset>\n[\\-\\-mode <mode>]",
            '.SH "SPEED"\n.TP\n\\fB\\-m, \\-\\-mode <mode>\\fR\nHow. One of fid, clean. Default: fid.',
            ".nf\n  ganinsar train x\n  .dotted\n.fi\n.PP\nAfter.",
            "\\fBganinsar\\fR(1),\n\\fBganinsar\\-train\\-again\\fR(1)",
        ):
            self.assertIn(text, page)
        self.assertNotIn("secret", page)

    def check_with_groff(self, folder: Path) -> None:
        if shutil.which("groff") is None:
            self.skipTest("groff is not installed: apt-get install groff-base")
        for path in sorted(folder.glob("*.1")):
            done = subprocess.run(
                ["groff", "-man", "-ww", "-Tutf8", "-z", str(path)], capture_output=True, text=True, check=False
            )
            self.assertEqual((done.returncode, done.stderr), (0, ""), path.name)

    def test_groff_has_no_warning(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            for file, text in manual.pages(HELP, "1").items():
                (Path(name) / file).write_text(text)
            self.check_with_groff(Path(name))

    def test_the_built_program_has_a_page_for_each_subcommand(self) -> None:
        built = [ROOT / ".build" / kind / "ganinsar" for kind in ("release", "debug")]
        program = next((path for path in built if path.with_name("ganinsar-torch").exists()), None)
        if program is None:
            self.skipTest("the program is not built: run 'make build'")
        with tempfile.TemporaryDirectory() as name:
            subprocess.run([str(ROOT / "scripts/manual.py"), str(program), name], check=True)
            listed = subprocess.run([str(program), "--help"], capture_output=True, text=True, check=True).stdout
            words = re.findall(r"^  (\S+)", listed.split("SUBCOMMANDS:")[1].split("\n\n")[0], re.MULTILINE)
            pages = subcommands(Path(name))
            self.assertGreater(len(words), 10)
            for word in words:
                self.assertIn(f"ganinsar-{word}.1", pages)
            self.check_with_groff(Path(name))


if __name__ == "__main__":
    unittest.main()
