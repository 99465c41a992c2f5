"""Field networks in PyTorch: generators that can generate any window of an infinite map.

A field generator is a function of latents on a grid that has no border: every convolution is valid
(no padding), so a pixel depends on the latents around it and on nothing else. Two kinds:

  base    latents [N, 24, h, w], a style [N, 128] and labels [N, L] -> [N, C, 16h - 60 - 2, ...]:
          four blocks that double. Draws a map, or the coarse map that a detail generator refines.
          With six blocks 64h - 252 - 2: maps with features of up to 256 px. With `positions` the latents
          are followed by where each cell lies in the map, or by zeros in an infinite one.
  detail  latents and coarse context [N, 16 + 2, h, w] and a style [N, 64] -> [N, 1, 4h - 22, ...]:
          a 3 x 3 convolution and two blocks. Draws what a coarse map lacks.

Sources: spatial latents, Bergmann et al., "Learning texture manifolds with the periodic spatial GAN",
ICML 2017; projection, Miyato and Koyama, "cGANs with projection discriminator", ICLR 2018; blocks as
in scripts/fixtures/unet_gan_reference.py.
"""

import math
import sys
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

for folder in (Path(__file__).parent, Path(__file__).parents[1] / "fixtures"):
    if (folder / "unet_gan_reference.py").exists():
        sys.path.insert(0, str(folder))
import unet_gan_reference as reference  # noqa: E402

LATENT_CHANNELS = 24
POSITION_CHANNELS = 5
EMBEDDING = 32
INPUT_SPREAD = 4.0  # standard deviation of the input of the discriminators
KNEE = 0.1  # of the companding of normalized, whitened maps


# Maps as networks see them


def compand(x, knee):
    """Linear near zero, a square root far out; `expand` is its inverse."""
    return x.sign() * knee * ((1 + 2 * x.abs() / knee).sqrt() - 1)


def expand(y, knee):
    return y + y * y.abs() / (2 * knee)


class Whitening:
    """Multiplies the cosine transform of square maps by (1 + k): wave number k in half cycles a
    patch of `patch` pixels, whatever the size of the map. The mean stays."""

    def __init__(self, side, patch=64, device="cpu"):
        n = torch.arange(side, dtype=torch.float64)
        k = n[:, None]
        scale = torch.where(k == 0, math.sqrt(1 / side), math.sqrt(2 / side))
        cosines = torch.cos(math.pi * (n[None] + 0.5) * k / side) * scale
        gains = 1 + (k**2 + k.T**2).sqrt() * patch / side
        self.cosines = cosines.float().to(device)
        self.gains = gains.float().to(device)

    def apply(self, x):
        return self.cosines.T @ ((self.cosines @ x @ self.cosines.T) * self.gains) @ self.cosines

    def invert(self, x):
        return self.cosines.T @ ((self.cosines @ x @ self.cosines.T) / self.gains) @ self.cosines


def moments(x):
    """Mean and standard deviation of each map: [N, 1, 1, 1]."""
    return x.mean((2, 3), keepdim=True), x.std((2, 3), keepdim=True) + 1e-6


def restored(y, raw, whitening):
    """Companded maps of mean 0 and spread 1, as generators draw them [N, 1, S, S], and raw labels [N, 5] -> cm/yr."""
    labels = raw[:, :, None, None]
    mean, spread, tau, shift = labels[:, :1].sinh() * 2, labels[:, 1:2].exp(), labels[:, 2:3].exp(), labels[:, 4:5]
    white = expand(y * tau + shift, KNEE)
    white = white - white.mean((2, 3), keepdim=True)
    white = white / white.std((2, 3), keepdim=True) * spread
    return whitening.invert(white) + mean


# Generators


class ValidBlock(reference.GeneratorBlock):
    """[N, in, S, S] -> [N, out, 2S - 4, 2S - 4]; `added` [N, out, 2S - 2, 2S - 2] joins between the convolutions."""

    def __init__(self, inputs, outputs, latent_size):
        super().__init__(inputs, outputs, latent_size)
        self.conv1.padding = 0
        self.conv2.padding = 0

    def forward(self, x, z, added=None):
        h = self.conv1(reference.upsample(F.relu(self.norm1(x, z))))
        if added is not None:
            h = h + added
        h = self.conv2(F.relu(self.norm2(h, z)))
        return h + reference.upsample(self.shortcut(x))[:, :, 2:-2, 2:-2]


class FieldGenerator(nn.Module):
    """`first` kernel 1 (base) or 3 (detail); widths in channels, one block between each two. In the last block
    each channel gets a mixture of `noise` planes of white noise, for what differs from pixel to pixel: latents lie 4
    to 64 pixels apart."""

    def __init__(self, inputs, widths, first_kernel, style_size, labels, outputs, noise=0):
        super().__init__()
        latent = style_size + (EMBEDDING if labels else 0)
        if labels:
            self.embedding = nn.Sequential(nn.Linear(labels, EMBEDDING), nn.ReLU(), nn.Linear(EMBEDDING, EMBEDDING))
        self.first = reference.SpectralConv2d(inputs, widths[0], first_kernel)
        self.first.padding = 0
        self.blocks = nn.ModuleList(ValidBlock(a, b, latent) for a, b in pairwise(widths))
        if noise:
            self.noise = nn.Parameter(0.2 * torch.randn(widths[-1], noise))
        self.output_norm = reference.BatchNorm(widths[-1])
        self.output_conv = reference.SpectralConv2d(widths[-1], outputs, 3)
        self.output_conv.padding = 0
        self.style_size, self.first_kernel, self.noise_planes = style_size, first_kernel, noise
        self.placed = False  # whether the latents are followed by positions

    def white_noise(self, grid, random):
        """For latents `grid`: [N, K, H + 4, W + 4], where the output has H x W pixels; None without noise."""
        if not self.noise_planes:
            return None
        sides = [side - self.first_kernel + 1 for side in grid.shape[2:]]
        for _ in self.blocks:
            sides = [2 * side - 4 for side in sides]
        sides = [side + 2 for side in sides]
        return torch.randn(len(grid), self.noise_planes, *sides, device=grid.device, generator=random)

    def forward(self, grid, style, labels=None, noise=None):
        z = style if labels is None else torch.cat([style, self.embedding(labels)], 1)
        h = self.first(grid)
        for block in self.blocks[:-1]:
            h = block(h, z)
        h = self.blocks[-1](h, z, None if noise is None else F.conv2d(noise, self.noise[:, :, None, None]))
        return self.output_conv(F.relu(self.output_norm(h)))


def positions(cells, blocks, side, device="cpu"):
    """Where the cells of the latents lie in a map of `side` pixels in the middle of their output:
    [1, 5, cells, cells] with 1, the coordinates from -1 to 1 at the map's edges and beyond, and their squares."""
    at = (torch.arange(cells, device=device) - (cells - 1) / 2) * 2 ** (blocks + 1) / side
    y, x = at[:, None].expand(cells, cells), at.expand(cells, cells)
    return torch.stack([torch.ones_like(y), y, x, y * y, x * x])[None]


def base_generator(ch, labels, outputs, blocks=4, noise=0, positions=False):
    """8 x 8 latents give a window of 64 px with four blocks, of 256 px with six."""
    widths = [16 * ch] * (blocks - 2) + [8 * ch, 4 * ch, 2 * ch]
    inputs = LATENT_CHANNELS + (POSITION_CHANNELS if positions else 0)
    net = FieldGenerator(inputs, widths, 1, 128, labels, outputs, noise)
    net.placed = positions
    return net


CONTEXT = 2
DETAIL_LATENTS = 16


def detail_generator(ch, noise=0):
    return FieldGenerator(CONTEXT + DETAIL_LATENTS, [8 * ch, 4 * ch, 2 * ch], 3, 64, 0, 1, noise)


# Discriminators


class ProjectionDiscriminator(reference.UNetDiscriminator):
    """The U-Net discriminator; labels are compared with its features by projection."""

    def __init__(self, ch, channels, labels, side=64):
        super().__init__(side, ch, image_channels=channels)
        if labels:
            self.image_projection = projection(labels, 16 * ch)
            self.pixel_projection = projection(labels, ch)
        self.labels = labels

    def forward(self, x, labels=None):
        skips, h = [], x
        for block in self.encoder:
            h = block(h)
            skips.append(h)
        features = F.relu(skips.pop()).sum((2, 3))
        image = self.linear(features)
        if self.labels:
            image = image + 0.1 * (self.image_projection(labels) * features).sum(1, keepdim=True)
        for i, block in enumerate(self.decoder):
            if i > 0:
                h = torch.cat([h, skips.pop()], 1)
            h = block(h)
        pixels = self.output_conv(h)
        if self.labels:
            by_label = self.pixel_projection(labels)[:, :, None, None]
            pixels = pixels + 0.5 * (by_label * h).sum(1, keepdim=True)
        return image, pixels


def projection(labels, features):
    return nn.Sequential(nn.Linear(labels, 64), nn.ReLU(), reference.SpectralLinear(64, features))
