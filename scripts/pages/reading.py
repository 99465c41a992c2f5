"""The blocks of a Markdown page."""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Block:
    """A fenced block that is run, and what it should print."""

    line: int
    language: str
    text: str
    #: Why it is not run.
    skip: str | None = None
    #: What is replaced before it is run, by what.
    changes: list[tuple[str, str]] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    #: The file that it is written to instead of run.
    file: str | None = None
    #: What the page shows as its output.
    output: str | None = None
    #: Whether it stands in a comment: readers do not see it.
    hidden: bool = False


RUN = ("sh", "python")
#: Comments that are blocks themselves, and their language.
HIDDEN = {"run": "sh", "python": "python"}


class PageFault(Exception):
    """A comment of a page that cannot be understood."""


def read_page(path: Path) -> list[Block]:
    """The blocks in the languages `sh` and `python`, and those that are written to files, in order."""
    return read_text(path.read_text(encoding="utf-8"), path.name)


def read_text(text: str, name: str = "page") -> list[Block]:
    blocks: list[Block] = []
    notes: list[str] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        note = re.fullmatch(r"\s*<!-- pages: (.*?) -->\s*", line)
        if note:
            word, _, rest = note[1].partition(" ")
            if word in HIDDEN:
                blocks.append(Block(at, HIDDEN[word], rest + "\n", hidden=True))
            else:
                notes.append(note[1])
            continue
        fence = re.fullmatch(r"(\s*)```(\w*)\s*", line)
        if not fence:
            if line.strip() and notes:
                raise PageFault(f"{name}:{at}: a comment for a block must stand right above it")
            continue
        start, body = at, []
        while at < len(lines) and lines[at].strip() != "```":
            body.append(lines[at].removeprefix(fence[1]))
            at += 1
        at += 1
        content = "\n".join(body) + "\n"
        if fence[2] in RUN or any(note.startswith("file ") for note in notes):
            blocks.append(_noted(Block(start, fence[2], content), notes, name))
        elif fence[2] in ("", "text") and blocks and _is_output(lines, blocks[-1], start):
            blocks[-1].output = content
        notes = []
    return blocks


def _is_output(lines: list[str], block: Block, start: int) -> bool:
    """Whether a fence shows what a block prints: at most one paragraph stands between them."""
    if block.hidden or block.output is not None:
        return False
    between = lines[block.line + block.text.count("\n") + 1 : start - 1]
    return not any(line.startswith("#") for line in between) and sum(1 for line in between if not line.strip()) <= 2


def _noted(block: Block, notes: list[str], name: str) -> Block:
    for note in notes:
        word, _, rest = note.partition(" ")
        if word == "skip,":
            block.skip = rest
        elif word == "with" and " = " in rest:
            before, after = rest.split(" = ")
            if before not in block.text:
                raise PageFault(f"{name}:{block.line}: the block has no '{before}'")
            block.changes.append((before, after))
        elif word == "needs":
            block.needs += rest.split(", ")
        elif word == "file":
            block.file = rest
        else:
            raise PageFault(f"{name}:{block.line}: '{note}' is not a comment that this program knows")
    return block
