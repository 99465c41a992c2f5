"""The Frechet distance of two files of features by pytorch-fid: `frechet.py A.npy B.npy`.

Means and covariances by NumPy, the square root by SciPy. Reading the files is not timed.
"""

import json
import sys
import time

import numpy as np
from pytorch_fid.fid_score import calculate_frechet_distance


def main() -> None:
    a, b = map(np.load, sys.argv[1:3])
    start, cpu = time.perf_counter(), time.process_time()
    sums = [(np.mean(x, axis=0), np.cov(x, rowvar=False)) for x in (a, b)]
    value = calculate_frechet_distance(*sums[0], *sums[1])
    print(
        json.dumps(
            {"fid": float(value), "seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}
        )
    )


if __name__ == "__main__":
    main()
