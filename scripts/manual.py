#!/usr/bin/env python3
"""Writes manual pages from the program's own help: one for each subcommand.

scripts/manual.py PROGRAM FOLDER     ganinsar.1, ganinsar-train.1, ... in FOLDER (made if missing)

`make build` writes them to .build/release/man, `make install` installs them.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

Command = dict[str, Any]
Argument = dict[str, Any]


def escaped(text: str) -> str:
    """Text that troff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    # A line that begins with a period or an apostrophe would be a request.
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def paragraphs(text: str) -> list[str]:
    """The lines of a discussion: paragraphs are filled, indented lines are kept as they are."""
    lines: list[str] = []
    literal = False
    for line in text.strip("\n").split("\n"):
        indented = line.startswith("  ")
        if indented != literal:
            lines += [".PP", ".nf"] if indented else [".fi"]
            literal = indented
        if not line.strip():
            if lines and lines[-1] != ".PP":
                lines.append(".PP")
        else:
            lines.append(escaped(line.rstrip()))
    return lines + ([".fi"] if literal else [])


def spelled(name: dict[str, str]) -> str:
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def term(argument: Argument) -> str:
    """How an argument is written: `-o, --output <output>`."""
    value = f"<{argument.get('valueName', 'value')}>"
    if argument["kind"] == "positional":
        return value
    names = sorted((spelled(name) for name in argument.get("names", [])), key=len)
    return ", ".join(names) + (f" {value}" if argument["kind"] == "option" else "")


def usage(argument: Argument) -> str:
    """How an argument appears in the synopsis."""
    value = f"<{argument.get('valueName', 'value')}>"
    if argument["kind"] == "positional":
        text = value
    else:
        preferred = argument.get("preferredName") or argument["names"][0]
        text = spelled(preferred) + (f" {value}" if argument["kind"] == "option" else "")
    if argument.get("isRepeating"):
        text += " ..."
    return f"[{text}]" if argument.get("isOptional") else text


def description(argument: Argument) -> str:
    """An argument's help, its values and its default."""
    text = argument.get("abstract", "")
    if argument.get("allValues") and not all(value in text for value in argument["allValues"]):
        text += f" One of {', '.join(argument['allValues'])}."
    default = argument.get("defaultValue")
    if default and argument["kind"] != "flag":
        text += f" Default: {default}."
    return text.strip()


def shown(command: Command) -> list[Command]:
    """The subcommands that have a page."""
    found = command.get("subcommands", [])
    return [each for each in found if each.get("shouldDisplay", True) and each["commandName"] != "help"]


def section(title: str, arguments: list[Argument]) -> list[str]:
    lines = [f'.SH "{escaped(title.upper())}"']
    for argument in arguments:
        lines += [".TP", f"\\fB{escaped(term(argument))}\\fR", escaped(description(argument)) or "\\&"]
    return lines


def page(command: Command, path: list[str], version: str) -> str:
    """One manual page; `path` is the command with the words before it: ganinsar, train."""
    name = "-".join(path)
    arguments = [each for each in command.get("arguments", []) if each.get("shouldDisplay", True)]
    lines = [
        '.\\" Written by scripts/manual.py.',
        f'.TH "{escaped(name.upper())}" 1 "" "ganinsar {version}" "GANInSAR"',
        ".SH NAME",
        f"{escaped(name)} \\- {escaped(command.get('abstract', ''))}",
        ".SH SYNOPSIS",
        f"\\fB{escaped(' '.join(path))}\\fR",
        *[escaped(usage(each)) for each in arguments],
    ]
    if shown(command):
        lines.append("<subcommand>")
    if command.get("discussion"):
        lines += [".SH DESCRIPTION", *paragraphs(command["discussion"])]
    sections: dict[str, list[Argument]] = {}
    for argument in arguments:
        title = argument.get("sectionTitle") or ("Arguments" if argument["kind"] == "positional" else "Options")
        sections.setdefault(title, []).append(argument)
    for title in sorted(sections, key=["Arguments", "Options"].__contains__, reverse=True):
        lines += section(title, sections[title])
    if shown(command):
        lines.append(".SH SUBCOMMANDS")
        for each in shown(command):
            lines += [".TP", f"\\fB{escaped(each['commandName'])}\\fR", escaped(each.get("abstract", ""))]
    related = [path[:-1]] if len(path) > 1 else []
    related += [[*path, each["commandName"]] for each in shown(command)]
    if related:
        lines += [".SH SEE ALSO", ",\n".join(f"\\fB{escaped('-'.join(each))}\\fR(1)" for each in related)]
    return "\n".join(lines) + "\n"


def pages(command: Command, version: str, path: list[str] | None = None) -> dict[str, str]:
    """The pages of a command and all commands below it, by file name."""
    path = [*(path or []), command["commandName"]]
    found = {"-".join(path) + ".1": page(command, path, version)}
    for each in shown(command):
        found |= pages(each, version, path)
    return found


def answer(program: str, word: str) -> str:
    return subprocess.run([program, word], capture_output=True, text=True, check=True).stdout


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: scripts/manual.py PROGRAM FOLDER")
    program, folder = sys.argv[1], Path(sys.argv[2])
    try:
        command = json.loads(answer(program, "--experimental-dump-help"))["command"]
        version = re.split(r"\s", answer(program, "--version"))[0]
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError) as error:
        sys.exit(f"manual: {program} does not describe itself ({error}): run 'make build' first.")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("ganinsar*.1"):
        old.unlink()
    for name, text in pages(command, version).items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
