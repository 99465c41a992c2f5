import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from pages.__main__ import PAGES, ROOT
from pages.inline import Names, faults
from pages.reading import PageFault, read_page, read_text
from pages.running import Page, agrees, run_page

PAGE = """
# Page

```sh
echo 1 > number; cat number
```

You will see

```
1
```

<!-- pages: with 1000 = 3 -->
```sh
seq 1000 | tail -1
```

```
1000
```

```python
import os
x = 4
print(os.getcwd().rsplit("/")[-1])
```

```python
print(x + 1)
```

It prints `5`:

```
5
```

<!-- pages: file mine.yaml -->
```yaml
a: 1
```

```sh
cat mine.yaml
```

<!-- pages: skip, needs a GPU -->
```sh
exit 1
```

## Next

```
not the output of anything
```
"""


class PagesTests(unittest.TestCase):
    def outcomes(self, text: str) -> list:
        with TemporaryDirectory() as folder:
            return list(run_page(Page("page", read_text(text), Path(folder))))

    def test_blocks_and_their_outputs(self) -> None:
        blocks = read_text(PAGE)
        self.assertEqual([block.language for block in blocks], ["sh", "sh", "python", "python", "yaml", "sh", "sh"])
        self.assertEqual([block.output for block in blocks], ["1\n", "1000\n", None, "5\n", None, None, None])
        self.assertEqual(blocks[6].skip, "needs a GPU")

    def test_a_page_that_says_what_happens_passes(self) -> None:
        outcomes = self.outcomes(PAGE)
        self.assertEqual([outcome.text for outcome in outcomes if outcome.failed], [])
        self.assertEqual(sum(outcome.passed for outcome in outcomes), 6)

    def test_other_output_and_failing_commands_are_found(self) -> None:
        for wrong in (
            PAGE.replace("echo 1", "echo 2"),
            PAGE.replace("x + 1", "x + 2"),
            PAGE.replace("cat mine", "cat x"),
        ):
            self.assertEqual(sum(outcome.failed for outcome in self.outcomes(wrong)), 1)

    def test_dots_stand_for_any_text(self) -> None:
        self.assertTrue(agrees("a  12 b\nc\n", "a ... c"))
        self.assertTrue(agrees("took 3.2 s", "took 41 s", numbers=False))
        self.assertFalse(agrees("took 3.2 s", "took 41 s"))
        self.assertFalse(agrees("a b c d", "a ... c"))

    def test_what_stands_in_sentences_is_run_from_comments(self) -> None:
        text = PAGE.replace("You will see", "<!-- pages: run test -f number -->\nYou will see")
        text += "<!-- pages: python print(x) -->\n<!-- pages: run test -f nothing -->\n"
        blocks = read_text(text)
        hidden = [(block.language, block.text) for block in blocks if block.hidden]
        self.assertEqual(hidden[1], ("python", "print(x)\n"))
        self.assertEqual(blocks[0].output, None)  # the comment stands between the block and what it prints
        outcomes = self.outcomes(text)
        self.assertEqual(sum(outcome.failed for outcome in outcomes), 1)
        self.assertEqual(sum(outcome.passed for outcome in outcomes), 8)

    def test_a_comment_that_fits_nothing_is_an_error(self) -> None:
        for text in (
            "<!-- pages: with a = b -->\n```sh\nc\n```\n",
            "<!-- pages: what -->\n```sh\n```\n",
            "<!-- pages: skip, x -->\ntext",
        ):
            with self.assertRaises(PageFault):
                read_text(text)


class UserPagesTests(unittest.TestCase):
    """The pages that are run, without running them."""

    def test_only_these_blocks_are_not_run(self) -> None:
        skipped = [
            (name, block.text.split("\n")[0], block.skip)
            for name in PAGES
            for block in read_page(ROOT / name)
            if block.skip
        ]
        wheel = "pip install ganinsar-0.1.0-py3-none-manylinux_2_35_x86_64.whl"
        self.assertEqual(
            [(name, text.split("    ")[0], reason) for name, text, reason in skipped],
            [
                ("README.md", wheel, "installs what is being tested: make wheel-check does"),
                ("README.md", "make demo", "builds from source: .ci/run does"),
                ("docs/python.md", wheel, "installs what is being tested: make wheel-check does"),
                ("docs/faq.md", "pip install pytorch-fid", "downloads 91 MB"),
            ],
        )

    def test_every_block_is_in_a_language_that_is_run_or_is_output(self) -> None:
        for name in PAGES:
            for line in (ROOT / name).read_text(encoding="utf-8").split("\n"):
                if line.strip().startswith("```"):
                    self.assertIn(line.strip(), ("```", "```sh", "```python", "```yaml"), name)

    def test_names_in_sentences_exist(self) -> None:
        names = Names.of(ROOT)
        for name in PAGES:
            path = ROOT / name
            self.assertEqual(list(faults(path.read_text(encoding="utf-8"), names, path.parent)), [], name)

    def test_names_that_do_not_exist_are_found(self) -> None:
        names = Names.of(ROOT)
        for span in (
            "ganinsar draw",
            "ganinsar generate --frobnicate 3",
            "prepare --samples npy",
            "--frobnicate",
            "make coffee",
            "python/examples/none.py",
            "samples.nothing",
            "--set samples.nothing=3",
            "ganinsar.draw(3)",
            "ganinsar.generate(counts=3)",
        ):
            self.assertEqual(len(list(faults(f"a `{span}` b", names, ROOT))), 1, span)
        for span in (
            "ganinsar generate --samples npy",
            "network train --resume RUN",
            "make wheel PREFIX=/x",
            "ganinsar.generate(count=3, spread=(8, 20))",
            "samples.movingCMPerYear",
            "samples.json",
            "ganinsar",
        ):
            self.assertEqual(list(faults(f"a `{span}` b", names, ROOT)), [], span)
        self.assertEqual(list(faults("[x](none.md)", names, ROOT)), ["1: there is no none.md"])
        self.assertEqual(list(faults("```sh\n`ganinsar draw`\n```", names, ROOT)), [])
