"""One network from several that field_train.py saved in the course of one training: the mean of their weights.

python field_average.py NETWORK.pt... -o AVERAGE.pt

What a discriminator changes back and forth averages out. Labels and everything else are those of the last network.
"""

import argparse

import torch
import torch.nn.functional as F

POWER_ITERATIONS = 50


def averaged(states):
    mean = {key: sum(state[key].float() for state in states) / len(states) for key in states[0]}
    for name in [key.removesuffix("_u") for key in mean if key.endswith("weight_u")]:
        # Averages of singular vectors are no singular vectors.
        matrix, left = mean[name].flatten(1), states[-1][f"{name}_u"].float()
        for _ in range(POWER_ITERATIONS):
            right = F.normalize(matrix.t() @ left, dim=0)
            left = F.normalize(matrix @ right, dim=0)
        mean[f"{name}_u"], mean[f"{name}_v"] = left, right
    return {key: value.half() for key, value in mean.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("networks", nargs="+")
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    saved = [torch.load(path, map_location="cpu", weights_only=True) for path in arguments.networks]
    if len({(network["kind"], network["channels"], network.get("blocks", 4)) for network in saved}) > 1:
        parser.error("the networks differ in kind, channels or blocks")
    torch.save(saved[-1] | {"ema": averaged([network["ema"] for network in saved])}, arguments.output)


if __name__ == "__main__":
    main()
