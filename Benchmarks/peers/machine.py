"""How fast this machine multiplies, copies, transforms and writes: what the floors are made of.

    python Benchmarks/peers/machine.py FOLDER

One thread, medians; prints one line of JSON. A multiply-accumulate counts as two operations.
"""

import json
import os
import statistics
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
import torch.nn.functional as F


def seconds(work, repetitions=7):
    """CPU seconds of this process: other programs disturb them less than wall time."""
    work()
    found = []
    for _ in range(repetitions):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)


def main():
    folder = sys.argv[1]
    torch.set_num_threads(1)
    torch.manual_seed(0)
    a, b = torch.randn(2048, 2048), torch.randn(2048, 2048)
    product = 2 * 2048**3 / seconds(lambda: a @ b)
    a, b = torch.randn(1024, 1024).double(), torch.randn(1024, 1024).double()
    double_product = 2 * 1024**3 / seconds(lambda: a @ b)
    image = torch.randn(4, 128, 64, 64).to(memory_format=torch.channels_last)
    kernel = torch.randn(128, 128, 3, 3).to(memory_format=torch.channels_last)
    operations = 2 * 4 * 128 * 128 * 9 * 64 * 64
    with torch.no_grad():
        convolution = operations / seconds(lambda: F.conv2d(image, kernel, padding=1))
    source, target = np.ones(64 << 20, np.uint8), np.empty(64 << 20, np.uint8)
    copying = source.nbytes / seconds(lambda: np.copyto(target, source))
    spectra = torch.randn(8, 320, 161, dtype=torch.complex64)
    transform = seconds(lambda: torch.fft.irfft2(spectra, s=(320, 320))) / (8 * 320 * 320)
    normals = torch.empty(1 << 20)
    drawing = seconds(lambda: normals.normal_()) / normals.numel()

    path = os.path.join(folder, "written")

    def write():
        with open(path, "wb", buffering=0) as file:
            file.write(source)

    writing = source.nbytes / seconds(write, 3)
    os.remove(path)
    print(
        json.dumps(
            {
                "product_gflops": round(product / 1e9, 1),
                "double_product_gflops": round(double_product / 1e9, 1),
                "convolution_gflops": round(convolution / 1e9, 1),
                "copy_gb_per_second": round(copying / 1e9, 2),
                "write_gb_per_second": round(writing / 1e9, 2),
                "transform_ns_per_value": round(transform * 1e9, 2),
                "normal_ns_per_value": round(drawing * 1e9, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
