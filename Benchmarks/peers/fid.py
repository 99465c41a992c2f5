"""pytorch-fid from two folders of pictures to the distance, with the weights given to us.

    python Benchmarks/peers/fid.py WEIGHTS FOLDER_A FOLDER_B

pytorch-fid downloads its network; here its constructor is handed the same tensors instead.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/conformance"))

from peers import inception


def main() -> None:
    weights, a, b = sys.argv[1:4]
    inception(weights)
    from pytorch_fid.fid_score import calculate_fid_given_paths

    value = calculate_fid_given_paths([a, b], batch_size=50, device="cpu", dims=2048, num_workers=0)
    print(json.dumps({"fid": float(value)}))


if __name__ == "__main__":
    main()
