"""Gives a base network that field_train.py saved a new table of labels, which knows scenes, and a filter.

python field_label.py NETWORK.pt --scenes scenes.npz --dataset NAME -o LABELED.pt [--filter]

The table holds 3,072 windows of the dataset: their statistics, their scenes, their fractions of quiet
pixels. The network's first layer takes over the normalization by its earlier table. With --filter the mean
power spectrum of what it draws is compared with that of training windows, wave number by wave number, each
relative to the mean of its ring; what would make them equal is stored as a filter of 31 x 31 pixels behind
the network, which takes away preferred directions and leaves the roughness (decision 0036).
"""

import argparse

import field_networks as nets
import field_sample as sampling
import torch
import torch.nn.functional as F
from field_train import Job
from unet_gan_reference import SelfModulatedBatchNorm, SpectralNorm

RADIUS = 15
LIMIT = 3.0  # greatest factor of an amplitude
MAPS = 1024


def power(maps):
    maps = maps[:, 0] - maps[:, 0].mean((1, 2), keepdim=True)
    return (torch.fft.fft2(maps).abs() ** 2).mean(0)


def symmetric(spectrum):
    """Its mean over the eight symmetries of the square, under which training windows are drawn."""
    spectrum = (spectrum + spectrum.flip(0).roll(1, 0)) / 2
    spectrum = (spectrum + spectrum.flip(1).roll(1, 1)) / 2
    return (spectrum + spectrum.T) / 2


def by_ring(spectrum):
    """Relative to the mean over all wave numbers of about the same length."""
    k = torch.fft.fftfreq(64) * 64
    ring = (k[:, None] ** 2 + k**2).sqrt().round().long().flatten()
    sums = torch.zeros(46).index_add_(0, ring, spectrum.flatten()) / torch.bincount(ring)
    return spectrum / sums[ring].reshape(spectrum.shape)


def middle(drawn, side=64):
    edge = (drawn.shape[2] - side) // 2
    drawn = drawn[:, :, edge : edge + side, edge : edge + side]
    return (drawn - drawn.mean((2, 3), keepdim=True)) / drawn.std((2, 3), keepdim=True)


@torch.no_grad()
def fitted_filter(net, labels, real, random):
    """[1, 1, 31, 31]: brings the mean spectrum of maps to that of `real` [N, 1, 64, 64], both of spread 1."""
    target = by_ring(symmetric(power(real)))
    drawn = []
    for _ in range(MAPS // 64):
        row = torch.randint(len(labels), (64,), generator=random)
        grid = torch.randn(64, nets.LATENT_CHANNELS, 10, 10, generator=random)
        style = torch.randn(64, net.style_size, generator=random)
        drawn.append(net(grid, style, labels[row], net.white_noise(grid, random)))
    drawn = torch.cat(drawn)
    taper = torch.hann_window(2 * RADIUS + 3, periodic=False)[1:-1]
    gain = torch.ones(64, 64)
    for _ in range(3):
        impulse = torch.fft.ifft2(gain).real.roll((RADIUS, RADIUS), (0, 1))
        kernel = impulse[: 2 * RADIUS + 1, : 2 * RADIUS + 1] * taper[:, None] * taper
        ratio = target / by_ring(power(middle(F.conv2d(drawn, kernel[None, None]))))
        ratio[0, 0] = 1
        print(f"spectra differ by {ratio.log().std():.2f} (rms of the log), at most {ratio.log().abs().max():.2f}")
        gain = (gain * ratio.sqrt()).clamp(1 / LIMIT, LIMIT)
    return kernel[None, None]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("network")
    parser.add_argument("--scenes", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--filter", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    saved = torch.load(arguments.network, weights_only=True)
    plain = SpectralNorm.normalized_weight, SelfModulatedBatchNorm.forward
    spec = f"label:{arguments.dataset}:{saved['kind']}:{saved['channels']}:16"
    job = Job(spec, arguments.scenes, torch.device("cpu"), arguments.seed, initial=arguments.network)
    with torch.no_grad():
        real = torch.cat([job.seen(job.maps(64))[0] / nets.INPUT_SPREAD for _ in range(MAPS // 64)])
    state = {key: value.half() for key, value in job.ema.export().items()}
    SpectralNorm.normalized_weight, SelfModulatedBatchNorm.forward = plain  # Job computes them in batches
    saved |= {"ema": state, "table": job.table.half(), "row scenes": job.scenes, "quiet": job.quiet}
    saved["scenes"] = job.windows.scenes
    if arguments.filter:
        torch.save(saved, arguments.output)
        net, table = sampling.load(arguments.output)
        labels = (table - table.mean(0)) / table.std(0)
        saved["filter"] = fitted_filter(net, labels, real, torch.Generator().manual_seed(arguments.seed + 1))
    torch.save(saved, arguments.output)


if __name__ == "__main__":
    main()
