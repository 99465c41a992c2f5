import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from pages.reading import PageFault, read_text
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

    def test_a_comment_that_fits_nothing_is_an_error(self) -> None:
        for text in (
            "<!-- pages: with a = b -->\n```sh\nc\n```\n",
            "<!-- pages: what -->\n```sh\n```\n",
            "<!-- pages: skip, x -->\ntext",
        ):
            with self.assertRaises(PageFault):
                read_text(text)
