"""Trains a small network that filters: noisy wrapped phase in, the phase without decorrelation noise out.

ganinsar generate -o maps --count 1000 --seed 1
ganinsar dataset maps -o denoising --recipe denoising --arrays wrapped,clean,filtered --set model.goldstein.alpha=0.6
python train_denoiser.py denoising
"""

import torch
import training


def deviation(phase, clean):
    """The mean angle between two phases in rad, where both are known."""
    return torch.angle(torch.exp(1j * (phase - clean))).abs().nanmean()


def main():
    arguments = training.parse(__doc__.split("\n")[0])
    arrays = ["wrapped", "clean", "filtered"]
    network = training.UNet(2, 2, arguments.channels)

    def loss_of(batch):
        known = (batch["wrapped"] + batch["clean"]).isfinite()[:, None]
        difference = network(training.unit_circle(batch["wrapped"])) - training.unit_circle(batch["clean"])
        return (difference**2 * known).sum() / known.sum()

    training.train(network, training.loader(arguments, "train", arrays), loss_of, arguments)
    sums = {"noisy": [], "Goldstein": [], "network": []}
    with torch.no_grad():
        for batch in training.loader(arguments, "validation", arrays):
            cosine, sine = network(training.unit_circle(batch["wrapped"])).unbind(1)
            phases = {"noisy": batch["wrapped"], "Goldstein": batch["filtered"], "network": torch.atan2(sine, cosine)}
            for name, phase in phases.items():
                sums[name].append(deviation(phase, batch["clean"]))
    means = (f"{name} {torch.stack(values).mean():.3f}" for name, values in sums.items())
    print("validation: mean deviation from the clean phase in rad:", ", ".join(means))


if __name__ == "__main__":
    main()
