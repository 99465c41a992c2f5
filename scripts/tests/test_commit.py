"""scripts/commit.sh in small checkouts."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "commit.sh"


class Commits(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name)
        (self.root / "scripts").mkdir()
        shutil.copy(SCRIPT, self.root / "scripts")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        command = ["git", "-C", str(self.root), *identity, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def printed(self, **variables: str) -> str:
        # What lies above the temporary folder is no checkout of this program.
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(self.root.parent), "GANINSAR_COMMIT": ""}
        command = [str(self.root / "scripts/commit.sh")]
        return subprocess.run(
            command, env={**environment, **variables}, capture_output=True, text=True, check=True
        ).stdout.strip()

    def test_the_commit_is_named_and_changes_are_marked(self) -> None:
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "x")
        commit = self.git("rev-parse", "HEAD")[:12]
        self.assertEqual(self.printed(), commit)
        (self.root / "new.txt").touch()  # an untracked file is no change of the program
        self.assertEqual(self.printed(), commit)
        with (self.root / "scripts/commit.sh").open("a") as file:
            file.write("# changed\n")
        self.assertEqual(self.printed(), f"{commit}-modified")

    def test_without_git_it_is_unknown_or_what_is_given(self) -> None:
        self.assertEqual(self.printed(), "unknown")
        self.assertEqual(self.printed(GANINSAR_COMMIT="abc"), "abc")


if __name__ == "__main__":
    unittest.main()
