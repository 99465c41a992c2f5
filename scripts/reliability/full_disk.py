"""Runs jobs on file systems that are too small: each must say so and leave no half-written file.

    sudo GANINSAR=.build/release/ganinsar python3 scripts/reliability/full_disk.py

Mounts tmpfs of 1/8 to 7/8 of what a job writes, so it needs root. Prints a table for docs/reliability.md;
exits with 1 where a job crashes, ends with 0, does not name the cause, or leaves temporary files, and
where the same command does not come through once there is room.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from jobs import debris, fresh, jobs, must, run

PARTS = 8


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--job", action="append", help="only this job; repeat for more")
    options = parser.parse_args()
    faults, rows = [], []
    with tempfile.TemporaryDirectory(prefix="ganinsar-disk-") as scratch:
        scratch = Path(scratch)
        disk = scratch / "disk"
        disk.mkdir()
        for job in jobs(fresh(scratch / "inputs")):
            if options.job and job.name not in options.job:
                continue
            whole = fresh(scratch / "whole")
            must(job.command(whole))
            expected = job.result(whole)
            size = sum(p.stat().st_size for p in whole.rglob("*") if p.is_file())
            refused = resumed = 0
            for part in range(1, PARTS):
                kibibytes = max(64, size * part // PARTS // 1024 // 4 * 4)
                mount(disk, kibibytes)
                try:
                    code, _, err = run(job.command(disk))
                    what = f"{job.name} on {kibibytes} KiB"
                    # A training run writes more in total than it keeps, because old checkpoints are deleted.
                    if code == 0 and job.result(disk) == expected:
                        continue
                    refused += 1
                    if code != 1 or "No space left on device" not in err:
                        faults.append(f"{what}: exit {code}: {err.strip()[-200:]}")
                    left = [p for p in debris(disk) if ".part-" in p]
                    if left:
                        faults.append(f"{what}: left behind: {left[:5]}")
                    subprocess.run(["mount", "-o", f"remount,size={4 * size // 1024 + 4096}k", disk], check=True)
                    code, _, err = run(job.command(disk))
                    if code != 0:
                        faults.append(f"{what}, with room again: exit {code}: {err.strip()[-200:]}")
                    elif job.result(disk) != expected:
                        faults.append(f"{what}, with room again: another result")
                    else:
                        resumed += 1
                finally:
                    subprocess.run(["umount", disk], check=True)
            rows.append((job.name, size // 1024, PARTS - 1, refused, resumed))
            print(f"{job.name}: {refused} refusals", file=sys.stderr)
    print("| job | writes (KiB) | disks | too small, and said so | came through with room |")
    print("|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    for fault in faults:
        print(f"FAULT: {fault}")
    sys.exit(1 if faults else 0)


def mount(folder, kibibytes):
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", folder], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SystemExit(f"cannot mount a small disk (root is needed): {done.stderr.strip()}")


if __name__ == "__main__":
    main()
