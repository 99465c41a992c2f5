"""Frechet distances of what field networks draw, while they train.

    python field_score.py WEIGHTS --scenes scenes.npz --dataset NAME COARSE.pt DETAIL.pt      # pairs at 256 px
    python field_score.py WEIGHTS --scenes scenes.npz --dataset NAME NATIVE.pt
    python field_score.py pack WEIGHTS OUTPUT               # in one byte a weight, to take to another machine

WEIGHTS are those of the Inception trunk that FID is defined on (safetensors, any floating type). Maps are
clipped at 15 cm/yr and enlarged to 299 px as in `ganinsar evaluate`; real windows are those of training.
"""

import argparse
import json
import sys
import threading
import time

import field_networks as nets
import field_sample as sampling
import field_train as training
import torch
import torch.nn.functional as F
import torchvision.models.inception as inception
from field_data import Windows
from safetensors.torch import load_file, save_file

CLIP = 15  # cm/yr
COUNT = 1000


class _Pooling:
    """torch.nn.functional with the poolings of the original Inception: borders do not count, and the last
    block takes the largest value."""

    largest = False

    def __getattr__(self, name):
        return getattr(F, name)

    def avg_pool2d(self, x, kernel_size, stride=1, padding=0):
        if self.largest:
            return F.max_pool2d(x, kernel_size, stride, padding)
        return F.avg_pool2d(x, kernel_size, stride, padding, count_include_pad=False)


def packed(weights):
    """Filters in one byte a weight, with a scale each: 22 MB for the trunk. Features change by a tenth and distances by
    some percent, so they say which of two networks is nearer, and no more."""
    state = {}
    for key, value in weights.items():
        if value.dim() == 4:
            scale = value.float().abs().amax((1, 2, 3), keepdim=True) / 127
            state[f"{key}/scale"] = scale
            state[key] = (value / scale).round().to(torch.int8)
        else:
            state[key] = value
    return state


def unpacked(state):
    scales = {key: value for key, value in state.items() if key.endswith("/scale")}
    return {k: v.float() * scales.get(f"{k}/scale", 1) for k, v in state.items() if k not in scales}


class Trunk(torch.nn.Module):
    """Maps in cm/yr [N, 1, H, W] -> features [N, 2048]."""

    def __init__(self, weights, device):
        super().__init__()
        net = inception.inception_v3(weights=None, aux_logits=False, init_weights=False, num_classes=8)
        state = {key: value for key, value in unpacked(load_file(weights)).items() if not key.startswith("fc.")}
        missing, unexpected = net.load_state_dict(state, strict=False)
        given = ("fc.", ".bn.weight", "num_batches_tracked")  # norms of the original have no weight, that is 1
        unknown = [key for key in missing if not any(part in key for part in given)]
        if unknown or unexpected:
            raise ValueError(f"{weights}: {unknown[:3]} are missing, {unexpected[:3]} are unknown")
        net.fc, net.dropout = torch.nn.Identity(), torch.nn.Identity()
        net.transform_input = False
        self.net = net.eval().requires_grad_(False).to(device).to(memory_format=torch.channels_last)
        self.pooling = _Pooling()
        inception.F = self.pooling
        self.net.Mixed_7c.register_forward_pre_hook(lambda *_: setattr(self.pooling, "largest", True))
        self.net.Mixed_7c.register_forward_hook(lambda *_: setattr(self.pooling, "largest", False))

    @torch.no_grad()
    def forward(self, maps):
        features = []
        for part in maps.split(50):
            gray = ((part + CLIP) * 255 / (2 * CLIP)).round().clamp(0, 255) / 255
            large = F.interpolate(gray, (299, 299), mode="bilinear", align_corners=False) * 2 - 1
            features.append(self.net(large.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)))
        return torch.cat(features)


def frechet(a, b):
    """Between sets of features [N, D], through the singular values of the product of both roots."""
    a, b = a.double(), b.double()
    mean = a.mean(0) - b.mean(0)
    a = (a - a.mean(0)) / (len(a) - 1) ** 0.5
    b = (b - b.mean(0)) / (len(b) - 1) ** 0.5
    product = a @ b.T
    roots = torch.linalg.eigvalsh(product @ product.T).clamp_min(0).sqrt().sum()
    return float(mean @ mean + (a**2).sum() + (b**2).sum() - 2 * roots)


class Score:
    def __init__(self, weights, scenes, device, seconds, begin, count=COUNT):
        self.trunk = Trunk(weights, device)
        self.scenes, self.device, self.seconds, self.begin, self.count = scenes, device, seconds, begin, count
        self.lock = threading.Lock()  # of the trunk's poolings

    def windows(self, dataset, side, seed):
        random = torch.Generator(device=self.device).manual_seed(seed)
        return Windows(self.scenes, dataset, side, self.device, random)

    def drawn(self, source, side, coarse=False):
        parts = []
        for _ in range(self.count // 50):
            x = source.draw(50, mirrored=0)  # as `ganinsar patches` cuts them
            parts.append(training.block_mean(x) if coarse else x)
        return torch.cat(parts)

    def prepare(self, job):
        """Features of real windows of the job's kind, and the distance of others from them."""
        dataset = job.dataset
        if job.kind == "detail":
            source = self.windows(dataset, 4 * (16 + 2 * sampling.MARGIN), 7)
            job.wide = self.drawn(source, source.side)
            edge = 4 * sampling.MARGIN
            real, other = job.wide[:, :, edge:-edge, edge:-edge], self.drawn(self.windows(dataset, 64, 8), 64)
        else:
            coarse = job.kind == "coarse"
            side = training.SIDES["coarse"] if coarse else job.side
            real, other = (self.drawn(self.windows(dataset, side, seed), side, coarse) for seed in (7, 8))
        job.real = self.trunk(real)
        self.say(job, frechet(job.real, self.trunk(other)), "real windows")

    @torch.no_grad()
    def maps(self, job, net):
        random = torch.Generator(device=self.device).manual_seed(9)
        parts = []
        for first in range(0, self.count, 50):
            if job.kind == "detail":
                coarse = training.block_mean(job.wide[first : first + 50])
                parts.append(refined(net, coarse, random, 0.02))
            else:
                parts.append(sampling.draw_base(net, job.table, 50, job.side, random, job.side))
        return torch.cat(parts)

    def __call__(self, job):
        begin = time.time()
        net = job.averaged(batches=40)
        for name in ("blocks", "style_size", "placed", "white_noise"):
            object.__setattr__(net, name, getattr(net.net, name))
        with self.lock:
            value = frechet(job.real, self.trunk(self.maps(job, net)))
        self.say(job, value, f"scored in {time.time() - begin:.1f} s")
        return value

    def say(self, job, value, what):
        line = {"s": round(time.time() - self.begin), "job": job.name, "it": job.iterations, "FID": round(value, 1)}
        print(json.dumps(line | {"of": what}), flush=True)


def refined(net, coarse, random, floor):
    side = coarse.shape[2] - 2 * sampling.MARGIN
    latents = torch.randn(
        len(coarse), nets.DETAIL_LATENTS, side + 16, side + 16, generator=random, device=coarse.device
    )
    style = torch.randn(len(coarse), net.style_size, generator=random, device=coarse.device)
    return sampling.refine(net, coarse, latents, style, floor * coarse.std((1, 2, 3), keepdim=True), random)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("weights")
    parser.add_argument("networks", nargs="+")
    parser.add_argument("--scenes", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--count", type=int, default=COUNT)
    arguments = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    score = Score(arguments.weights, arguments.scenes, device, 0, time.time(), arguments.count)
    random = torch.Generator(device=device).manual_seed(9)
    loaded = [sampling.load(path) for path in arguments.networks]
    base, table = loaded[0][0].to(device), loaded[0][1].to(device)
    detail = loaded[1][0].to(device) if len(loaded) == 2 else None
    side = 256 if detail is not None else 64 * 2 ** (len(base.blocks) - 4)
    parts = []
    for _ in range(arguments.count // 50):
        if detail is None:
            parts.append(sampling.draw_base(base, table, 50, side, random, side))
        else:
            coarse = sampling.draw_base(base, table, 50, side // 4 + 2 * sampling.MARGIN, random)
            parts.append(refined(detail, coarse, random, 0.02))
    real, other = (score.trunk(score.drawn(score.windows(arguments.dataset, side, seed), side)) for seed in (7, 8))
    value, control = frechet(real, score.trunk(torch.cat(parts))), frechet(real, other)
    print(f"{' '.join(arguments.networks)}: FID {value:.1f}, real windows {control:.1f} ({arguments.count} maps)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["pack"]:
        save_file(packed(load_file(sys.argv[2])), sys.argv[3])
    else:
        main()
