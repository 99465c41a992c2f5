"""Maps from the field networks that field_train.py saved, as .npy [N, H, W] in cm/yr.

python field_sample.py native MODEL.pt -o maps.npy --count 1000 --seed 5
python field_sample.py pair COARSE.pt DETAIL.pt -o maps256.npy --count 400 --seed 5
"""

import argparse

import field_networks as nets
import field_train as training
import numpy as np
import torch


def load(path):
    saved = torch.load(path, weights_only=True)
    kind, ch = saved["kind"], saved["channels"]
    noise = saved.get("noise", 0)
    if kind == "detail":
        net = nets.detail_generator(ch, noise)
    else:
        net = nets.base_generator(
            ch, saved["table"].shape[1], 1, saved.get("blocks", 4), noise, saved.get("placed", False)
        )
    net.load_state_dict({k: v.float() for k, v in saved["ema"].items()})
    table = saved["table"].float() if "table" in saved else None
    return net.eval(), table


@torch.no_grad()
def draw_base(net, table, count, side, random, map_side=64):
    """Base maps in cm/yr, on the device of the table: [N, 1, side, side]. Networks that know positions draw the
    middle as a map of `map_side` pixels; None for a part of an infinite map."""
    cells, device = 8, table.device
    while True:
        size = cells
        for _ in range(len(net.blocks)):
            size = 2 * size - 4
        if size - 2 >= side:
            break
        cells += 1
    raw = table[torch.randint(len(table), (count,), generator=random, device=device)]
    labels = (raw - table.mean(0)) / table.std(0)
    grid = torch.randn(count, nets.LATENT_CHANNELS, cells, cells, generator=random, device=device)
    if net.placed:
        at = nets.positions(cells, len(net.blocks), map_side or side, device) * (map_side is not None)
        grid = torch.cat([grid, at.expand(count, -1, -1, -1)], 1)
    style = torch.randn(count, 128, generator=random, device=device)
    y = net(grid, style, labels, net.white_noise(grid, random))
    edge = (y.shape[2] - side) // 2
    y = y[:, :, edge : edge + side, edge : edge + side]
    y = (y - y.mean((2, 3), keepdim=True)) / y.std((2, 3), keepdim=True)
    return nets.restored(y, raw, nets.Whitening(side, device=device))


@torch.no_grad()
def refine(net, coarse, latents, style, smallest, random=None):
    """[N, 1, H, W] and latents for [H - 26 + 16] cells -> [N, 1, 4 (H - 26), 4 (H - 26)] with the coarse
    map as block means."""
    energy = training.detail_energy(coarse, smallest)
    coarse = coarse[:, :, 3:-3, 3:-3]
    context = training.context_of(coarse, energy)
    grid = torch.cat([context, latents], 1)
    detail = net(grid, style, None, net.white_noise(grid, random))[:, :, 1:-1, 1:-1]
    scale = training.smooth_upsample(energy)[:, :, 20:-20, 20:-20].exp()
    return training.kept_means(training.enlarged(coarse) + scale * detail, coarse[:, :, 5:-5, 5:-5])


MARGIN = 13  # coarse pixels that `refine` needs around


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kind", choices=["native", "pair"])
    parser.add_argument("models", nargs="+")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--side", type=int)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--floor", type=float, default=0.02, help="rms of detail on smooth ground over the spread")
    arguments = parser.parse_args()
    random = torch.Generator().manual_seed(arguments.seed)
    base, table = load(arguments.models[0])
    detail = load(arguments.models[1])[0] if arguments.kind == "pair" else None
    maps = []
    for first in range(0, arguments.count, arguments.batch):
        count = min(arguments.batch, arguments.count - first)
        if detail is None:
            maps.append(draw_base(base, table, count, arguments.side or 64, random))
        else:
            side = (arguments.side or 256) // 4
            coarse = draw_base(base, table, count, side + 2 * MARGIN, random)
            latents = torch.randn(count, nets.DETAIL_LATENTS, side + 16, side + 16, generator=random)
            style = torch.randn(count, detail.style_size, generator=random)
            smallest = arguments.floor * coarse.std((1, 2, 3), keepdim=True)
            maps.append(refine(detail, coarse, latents, style, smallest, random))
    np.save(arguments.output, torch.cat(maps)[:, 0].numpy())


if __name__ == "__main__":
    main()
