"""Trains a small network that unwraps: wrapped phase and coherence in, unwrapped phase out, up to a constant.

ganinsar generate -o maps --count 1000 --seed 1
ganinsar dataset maps -o unwrapping --recipe unwrapping --seed 1
python train_unwrapper.py unwrapping
"""

import torch
import training


def inputs_of(batch):
    return torch.cat([training.unit_circle(batch["wrapped"]), batch["coherence"][:, None]], 1)


def errors_of(estimate, batch):
    """Estimate minus truth in rad where there are data, without the constant that no wrapped phase holds."""
    known = batch["wrapped"].isfinite()
    error = torch.where(known, estimate - batch["unwrapped"].nan_to_num(), 0.0)
    constant = error.sum((1, 2)) / known.sum((1, 2)).clamp(min=1)
    return (error - constant[:, None, None])[known]


def main():
    arguments = training.parse(__doc__.split("\n")[0])
    arrays = ["wrapped", "coherence", "unwrapped"]
    network = training.UNet(3, 1, arguments.channels)

    def loss_of(batch):
        return errors_of(network(inputs_of(batch))[:, 0], batch).abs().mean()

    training.train(network, training.loader(arguments, "train", arrays), loss_of, arguments)
    ours, wrapped = [], []
    with torch.no_grad():
        for batch in training.loader(arguments, "validation", arrays):
            ours.append(errors_of(network(inputs_of(batch))[:, 0], batch).abs())
            wrapped.append(errors_of(batch["wrapped"].nan_to_num(), batch).abs())
    print(
        f"validation: mean error {torch.cat(ours).mean():.2f} rad; of the wrapped phase {torch.cat(wrapped).mean():.2f}"
    )


if __name__ == "__main__":
    main()
