"""Kills jobs at random moments (kill -9), gives the same command again, and compares the results.

    GANINSAR=.build/release/ganinsar python3 scripts/reliability/kills.py [--kills 100] [--seed 1]

Prints a table for docs/reliability.md; exits with 1 where a result differs from the undisturbed one,
something is left behind, or a process stays. Needs nothing but Python.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jobs import ENVIRONMENT, GANINSAR, debris, fresh, jobs, must, run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--job", action="append", help="only this job; repeat for more")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    faults = []
    with tempfile.TemporaryDirectory(prefix="ganinsar-kills-") as scratch:
        scratch = Path(scratch)
        chosen = [j for j in jobs(fresh(scratch / "inputs")) if not options.job or j.name in options.job]
        rows = []
        for position, job in enumerate(chosen):
            whole = fresh(scratch / "whole")
            start = time.monotonic()
            must(job.command(whole))
            seconds = time.monotonic() - start
            expected = job.result(whole)
            share = options.kills // len(chosen) + (position < options.kills % len(chosen))
            kills = trials = restarts = 0
            while kills < share:
                folder = fresh(scratch / "killed")
                trials += 1
                # Up to three kills, then the job may finish.
                for _ in range(min(3, share - kills)):
                    killed = kill(job.command(folder), draw.uniform(0.02, 1) * seconds)
                    kills += killed
                    if not killed:
                        break
                code, _, err = run(job.command(folder))
                restarts += code == 0
                # After a kill that came after the last file there is nothing left to do; some commands say so.
                if code != 0 and "exists already" not in err:
                    faults.append(f"{job.name}: given again it ends with {code}: {err.strip()[-200:]}")
                got = job.result(folder)
                if got != expected:
                    names = {n for n in {*got, *expected} if got.get(n) != expected.get(n)}
                    faults.append(f"{job.name}: {len(names)} files differ: {sorted(names)[:5]}")
                if debris(folder):
                    faults.append(f"{job.name}: left behind: {debris(folder)[:5]}")
            rows.append((job.name, f"{seconds:.1f}", kills, trials, restarts, len(expected)))
            print(f"{job.name}: {kills} kills in {trials} trials", file=sys.stderr)
        # The child processes that read rasters end with their parent.
        time.sleep(0.5)
        left = subprocess.run(["pgrep", "-f", str(scratch)], capture_output=True, text=True).stdout.split()
        if left:
            faults.append(f"processes still run: {left}")
    print("| job | undisturbed (s) | kills | trials | came through when given again | files compared |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    for fault in faults:
        print(f"FAULT: {fault}")
    sys.exit(1 if faults else 0)


def kill(arguments, after):
    """Starts the command and kills it after a delay in s; returns whether it was still running."""
    process = subprocess.Popen(
        [GANINSAR, *map(str, arguments)],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


if __name__ == "__main__":
    main()
