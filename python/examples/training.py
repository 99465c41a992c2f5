"""What the three training examples share: arguments, a small U-Net, and a loop. Each takes a few minutes on a CPU."""

import argparse
from itertools import pairwise

import ganinsar
import torch
from torch import nn
from torch.utils.data import DataLoader


def parse(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("dataset", help="a folder that 'ganinsar dataset' wrote")
    parser.add_argument("-o", "--output", default="network.pt", help="the file for the weights")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--channels", type=int, default=16, help="width of the network")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def loader(arguments, part, arrays):
    dataset = ganinsar.open_dataset(arguments.dataset, part, arrays)
    return DataLoader(dataset, arguments.batch, shuffle=part == "train", num_workers=arguments.workers)


def block(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1), nn.GroupNorm(4, outputs), nn.SiLU(),
        nn.Conv2d(outputs, outputs, 3, padding=1), nn.GroupNorm(4, outputs), nn.SiLU(),
    )  # fmt: skip


class UNet(nn.Module):
    """[N, inputs, H, W] -> [N, outputs, H, W]; sides are multiples of 8."""

    def __init__(self, inputs, outputs, channels):
        super().__init__()
        widths = [channels, 2 * channels, 4 * channels, 8 * channels]
        self.down = nn.ModuleList(block(a, b) for a, b in zip([inputs, *widths], widths))
        self.up = nn.ModuleList(block(a + b, a) for a, b in pairwise(widths))
        self.last = nn.Conv2d(channels, outputs, 1)

    def forward(self, x):
        skips = []
        for number, layer in enumerate(self.down):
            x = layer(x if number == 0 else nn.functional.max_pool2d(x, 2))
            skips.append(x)
        for layer, skip in zip(reversed(self.up), reversed(skips[:-1])):
            x = layer(torch.cat([skip, nn.functional.interpolate(x, scale_factor=2)], 1))
        return self.last(x)


def unit_circle(phase):
    """A wrapped phase as cosine and sine, which have no jump; 0 where there are no data: [N, 2, H, W]."""
    return torch.stack([phase.cos(), phase.sin()], 1).nan_to_num()


def train(network, batches, loss_of, arguments):
    """`loss_of(batch)` returns the loss of one batch."""
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    for epoch in range(1, arguments.epochs + 1):
        total, count = 0.0, 0
        for batch in batches:
            loss = loss_of(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item(), count + 1
        print(f"epoch {epoch}: loss {total / count:.3g}", flush=True)
    torch.save(network.state_dict(), arguments.output)
    print(f"weights: {arguments.output}")
