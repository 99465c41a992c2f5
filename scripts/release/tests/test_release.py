"""Releases of a small made-up checkout, with a bundle that holds nothing."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from release.making import Refused, make, readiness_faults
from release.version import HEADER, agreement_faults, sections, version

ROOT = Path(__file__).resolve().parents[3]
CHANGELOG = "# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-01-31\n\n- New.\n\n## 1.1.0 - 2025-12-01\n\n- Old.\n"


class Releases(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name) / "checkout"
        self.write(HEADER, '#define GANINSAR_VERSION "1.2.0"\n')
        self.write("CITATION.cff", "cff-version: 1.2.0\nversion: 1.2.0\n")
        self.write("CHANGELOG.md", CHANGELOG)
        self.script("bundle.sh", 'mkdir "$1/ganinsar-1.2.0" && echo x >"$1/ganinsar-1.2.0.tar.gz"')
        self.script("check-bundle.sh", '[ -s "$1" ]')
        self.git("init", "-q")
        self.commit()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def script(self, name: str, commands: str) -> None:
        self.write(f"scripts/{name}", f"#!/bin/sh\n{commands}\n")
        (self.root / "scripts" / name).chmod(0o755)

    def git(self, *arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(self.root), *identity, *arguments], check=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "x")

    def test_a_ready_checkout_gives_archive_sums_and_notes_but_no_tag(self) -> None:
        self.assertEqual(agreement_faults(self.root) + readiness_faults(self.root), [])
        folder = self.root.parent / "release"
        text = make(self.root, folder)
        names = sorted(path.name for path in folder.iterdir())
        self.assertEqual(names, ["NOTES.md", "SHA256SUMS", "ganinsar-1.2.0.tar.gz"])
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
        self.assertEqual((folder / "NOTES.md").read_text(), "## 1.2.0 - 2026-01-31\n\n- New.\n")
        self.assertIn("git tag -a v1.2.0", text)
        make(self.root, folder)  # again: no tag is in the way, and the folder is replaced

    def test_a_bundle_that_fails_its_check_is_not_released(self) -> None:
        self.script("check-bundle.sh", "exit 1")
        self.commit()
        with self.assertRaisesRegex(Refused, "check-bundle.sh failed"):
            make(self.root, self.root.parent / "release")
        self.assertFalse((self.root.parent / "release").exists())

    def test_what_is_not_ready_is_said_all_at_once(self) -> None:
        self.write("CHANGELOG.md", "## Unreleased\n\n- New.\n\n## 1.1.0 - 2025-12-01\n\n- Old.\n")
        self.git("tag", "v1.2.0")
        faults = readiness_faults(self.root)
        self.assertEqual(len(faults), 4, faults)
        for fault, words in zip(faults, ("uncommitted", "v1.2.0 exists", "Unreleased", "no section for"), strict=True):
            self.assertIn(words, fault)
        with self.assertRaises(Refused):
            make(self.root, self.root.parent / "release")

    def test_versions_that_differ_are_named(self) -> None:
        self.write("CITATION.cff", "version: 1.1.0\n")
        self.assertRegex(" ".join(agreement_faults(self.root)), "CITATION.cff states version 1.1.0.*1.2.0")
        self.write(HEADER, '#define GANINSAR_VERSION "1.2"\n')
        self.assertRegex(" ".join(agreement_faults(self.root)), "'1.2': give three numbers")

    def test_a_changelog_out_of_order_is_named(self) -> None:
        for text, words in (
            ("## 1.2.0 - 2026-01-31\n", "first section"),
            ("## Unreleased\n\n## 1.2.0\n", "heading '1.2.0' must be"),
            ("## Unreleased\n\n## 1.1.0 - 2025-12-01\n\n## 1.2.0 - 2026-01-31\n", "newest version"),
            ("## Unreleased\n\n## 1.10.0 - 2026-02-01\n\n## 1.2.0 - 2026-01-31\n", "newer version than"),
        ):
            self.write("CHANGELOG.md", text)
            with self.subTest(text=text):
                self.assertRegex(" ".join(agreement_faults(self.root)), words)

    def test_this_checkout_agrees_with_itself(self) -> None:
        self.assertEqual(agreement_faults(ROOT), [])
        self.assertRegex(version(ROOT), r"^\d+\.\d+\.\d+$")
        self.assertIn("Unreleased", sections(ROOT))
