"""Runs the benchmarks, and writes docs/performance.md from all available results.

    python3 Benchmarks/run.py [--only NAME ...] [--rounds N] [--fresh] [--page]

`make bench` calls it; Benchmarks/README.md says how it is meant to be used. Needs Python 3.11 and
nothing else itself; the peers' Python is given by --python.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from cases import ALL
from harness import page, runner
from harness.case import Bench
from harness.results import ResultFile

RESULTS, NOTES = HERE / "results", HERE / "notes"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [case.name for case in ALL]
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, help="number of sizes per benchmark, from the smallest on")
    parser.add_argument("--fresh", action="store_true", help="repeat measurements that exist for this binary")
    parser.add_argument("--page", action="store_true", help="only write the page")
    parser.add_argument("--python", help="of the peers (default: the environment of peers.sh)")
    parser.add_argument("--reference", help="a checkout of boschresearch/unetgan")
    parser.add_argument("--syinterferopy", help="a checkout of matthew-gaddes/SyInterferoPy")
    parser.add_argument("--weights", help="Inception weights")
    parser.add_argument("--binary", help="default: .build/release/ganinsar")
    options = parser.parse_args()
    unknown = set(options.only) - set(names)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}: {', '.join(names)}")
    if options.rounds < 1 or (options.sizes is not None and options.sizes < 1):
        parser.error("--rounds and --sizes take 1 or more")
    return options


def main() -> int:
    options = parse()
    root = HERE.parent
    python = options.python or str(root / ".build/benchmarks/venv/bin/python")
    complete = True
    machine_file = RESULTS / "machine.json"
    if not options.page:
        if shutil.which(python) is None:
            print(f"bench: no {python}: run Benchmarks/peers.sh, or give PYTHON=INTERPRETER", file=sys.stderr)
            python = sys.executable
        # Not resolved: a virtual environment is recognized by its link.
        bench = Bench(root, python, vars(options))
        for binary in (bench.binary, Path(f"{bench.binary}-bench")):
            if not binary.exists():
                print(f"bench: {binary} is not there: run 'make build build-bench'", file=sys.stderr)
                return 1
        bench.machine = runner.machine(bench)
        machine_file.write_text(json.dumps(bench.machine, indent=1) + "\n")
        for case in ALL:
            if options.only and case.name not in options.only:
                continue
            results = ResultFile(RESULTS, case.name)
            if options.fresh:
                results.content["points"] = []
            complete &= runner.run_case(case, bench, results, options.rounds, options.sizes)
    order = [case.name for case in ALL]
    notes = {path.stem: path.read_text() for path in NOTES.glob("*.md")}
    machine = json.loads(machine_file.read_text()) if machine_file.exists() else {}
    page.write(root / "docs/performance.md", page.load(RESULTS, order), machine, notes)
    print(root / "docs/performance.md")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
