"""Trains a small network that finds moving ground: wrapped phase and coherence in, the probability of motion out.

ganinsar generate -o maps --count 1000 --seed 1
ganinsar dataset maps -o detection --recipe detection --seed 1
python train_detector.py detection
"""

import torch
import training
from torch.nn.functional import binary_cross_entropy_with_logits


def inputs_of(batch):
    return torch.cat([training.unit_circle(batch["wrapped"]), batch["coherence"][:, None]], 1)


def main():
    arguments = training.parse(__doc__.split("\n")[0])
    arrays = ["wrapped", "coherence", "moving"]
    network = training.UNet(3, 1, arguments.channels)

    def loss_of(batch):
        return binary_cross_entropy_with_logits(network(inputs_of(batch))[:, 0], batch["moving"])

    training.train(network, training.loader(arguments, "train", arrays), loss_of, arguments)
    probabilities, moving = [], []
    with torch.no_grad():
        for batch in training.loader(arguments, "validation", arrays):
            probabilities.append(network(inputs_of(batch))[:, 0].sigmoid().flatten())
            moving.append(batch["moving"].flatten() > 0.5)
    found, truth = torch.cat(probabilities) > 0.5, torch.cat(moving)
    overlap = (found & truth).sum() / (found | truth).sum().clamp(min=1)
    print(
        f"validation: {truth.float().mean():.1%} of the ground moves, found {found.float().mean():.1%}, "
        f"overlap {overlap:.2f}"
    )


if __name__ == "__main__":
    main()
