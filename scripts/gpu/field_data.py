"""Random windows of prepared scenes, drawn on the device that trains.

Places are those of `ganinsar patches --no-filter`: every window with at most 10 % no data is equally
likely, half of them at half the resolution. Holes are filled once per scene. Turned windows, at any
angle and at any scale between the two, are further training images: few scenes hold few windows of 256 px.
"""

import hashlib
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F


def fill_holes(values):
    """Harmonic interpolation of a scene's holes, by relaxation on ever finer grids."""
    hole = np.isnan(values)
    filled = torch.tensor(np.where(hole, 0, values))[None, None].double()
    known = torch.tensor(~hole)[None, None].double()
    levels = [(filled, known)]
    while levels[-1][1].min() == 0 and min(levels[-1][1].shape[2:]) > 1:
        f, k = levels[-1]
        weight = F.avg_pool2d(k, 2, ceil_mode=True, count_include_pad=False)
        mean = F.avg_pool2d(f * k, 2, ceil_mode=True, count_include_pad=False)
        levels.append((mean / weight.clamp_min(1e-9), (weight > 0).double()))
    guess = levels[-1][0]
    for f, k in reversed(levels):
        guess = F.interpolate(guess, size=f.shape[2:], mode="nearest")
        guess = f * k + guess * (1 - k)
        for _ in range(60):
            padded = F.pad(guess, (1, 1, 1, 1), mode="replicate")
            mean = (padded[..., 2:, 1:-1] + padded[..., :-2, 1:-1] + padded[..., 1:-1, 2:] + padded[..., 1:-1, :-2]) / 4
            guess = f * k + mean * (1 - k)
    return guess[0, 0].float().numpy()


def pack(output, datasets):
    """The filled scenes of dataset folders, and where there was data, as one file; a scene that
    several have is stored once. `datasets`: name -> folder that `ganinsar prepare` wrote."""
    arrays, sets, names = {}, {}, {}
    for name, folder in datasets.items():
        scenes = json.loads(Path(folder, "dataset.json").read_text())["scenes"]
        sets[name] = []
        for scene in (s for s in scenes if not s.get("isHeldOut")):
            values = np.load(Path(folder, "scenes", f"{scene['name']}.npy"))
            key = hashlib.sha256(values.tobytes()).hexdigest()[:16]
            if key not in names:
                names[key] = scene["name"]
                arrays[key] = fill_holes(values).astype(np.float32)
                arrays[f"{key}.hole"] = np.packbits(np.isnan(values))
            sets[name].append(key)
    np.savez_compressed(output, sets=json.dumps(sets), names=json.dumps(names), **arrays)


QUIET_RATE, QUIET_SHARE = 3, 0.3  # cm/yr and the share of quiet pixels: the paper's filter, a and theta


def sums(mask, span):
    """How many pixels of each window of `span` pixels are true: [H - span + 1, W - span + 1]."""
    integral = np.pad(mask.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return integral[span:, span:] - integral[:-span, span:] - integral[span:, :-span] + integral[:-span, :-span]


class Windows:
    """Windows of `side` pixels at scale 1 or 2 (1 only with one of the `scales`), or those of them that pass the
    paper's filter: `draw(count)` -> [count, 1, side, side], cm/yr.
    `scenes` are their names, `drawn` the numbers of those that the last windows came from."""

    def __init__(self, path, dataset, side, device, generator, scales=2, filtered=False):
        archive = np.load(path)
        names = json.loads(str(archive["sets"]))[dataset]
        titles = json.loads(str(archive["names"])) if "names" in archive else {}
        self.scenes = [titles.get(name, name) for name in names]
        width = max(archive[name].shape[1] for name in names)
        rows, places = [], {1: [], 2: []}
        top, tops, extents, masks = 0, [], [], []
        for name in names:
            tops.append(top)
            scene = archive[name]
            holes = np.unpackbits(archive[f"{name}.hole"], count=scene.size).reshape(scene.shape)
            rows.append(np.pad(scene, ((0, 0), (0, width - scene.shape[1]))))
            quiet = np.abs(scene) <= QUIET_RATE
            for factor in range(1, scales + 1):
                span = side * factor
                if min(scene.shape) < span:
                    continue
                good = sums(holes, span) <= 0.1 * span * span
                if filtered:
                    good &= sums(quiet, span) <= QUIET_SHARE * span * span
                y, x = np.nonzero(good)
                places[factor].append((y + top) * width + x)
            extents.append((top, top + scene.shape[0], scene.shape[1]))
            masks.append(np.pad(holes.astype(bool), ((0, 0), (0, width - scene.shape[1])), constant_values=True))
            top += scene.shape[0]
        canvas = torch.tensor(np.concatenate(rows))
        twice = F.avg_pool2d(F.pad(canvas, (0, 1, 0, 1))[None, None], 2, stride=1)[0, 0]
        self.canvases = torch.stack([canvas, twice]).flatten().to(device)
        self.area, self.width, self.side = canvas.numel(), width, side
        self.places = [torch.tensor(np.concatenate(places[f] or [np.zeros(0, np.int64)])).to(device) for f in (1, 2)]
        self.shares = [len(p) for p in self.places]
        self.tops = torch.tensor(tops[1:], device=device)
        self.device, self.generator = device, generator
        self.canvas, self.extents = canvas.to(device), torch.tensor(extents, device=device)
        self.holes = torch.tensor(np.concatenate(masks)).to(device)
        self.turns = None

    def prepare_turned(self, count=16384, chunk=65536):
        """Looks for `count` places of turned windows: with at most 10 % no data, inside their scene."""
        g, d, side = self.generator, self.device, self.side
        # The canvas, and the same smoothed as twice the pixel size would; a window lies between the two.
        smooth = torch.tensor([1.0, 2, 1], device=d) / 4
        whole = F.pad(self.canvas[None, None], (1, 1, 1, 1), mode="replicate")
        whole = F.conv2d(F.conv2d(whole, smooth[None, None, :, None]), smooth[None, None, None])
        self.levels = torch.cat([self.canvas[None, None], whole], 1)
        n = torch.linspace(-1, 1, 9, device=d) * (side - 1) / 2
        found, total = [], 0
        for _ in range(200):
            y = torch.rand(chunk, device=d, generator=g) * self.canvas.shape[0]
            x = torch.rand(chunk, device=d, generator=g) * self.width
            scale = 2 ** torch.rand(chunk, device=d, generator=g)
            angle = torch.rand(chunk, device=d, generator=g) * 2 * math.pi
            at_y, at_x = self.turned_places(y, x, scale, angle, n)
            low, high, width = self.extents[torch.bucketize(y.long(), self.tops, right=True)].T[:, :, None, None]
            inside = (at_y >= low + 2) & (at_y <= high - 3) & (at_x >= 2) & (at_x <= width - 3)
            index = at_y.long().clamp(0, self.canvas.shape[0] - 1) * self.width + at_x.long().clamp(0, self.width - 1)
            good = inside.all(2).all(1) & (self.holes.flatten()[index].float().mean((1, 2)) <= 0.1)
            found.append(torch.stack([y, x, scale, angle], 1)[good])
            total += int(good.sum())
            if total >= count:
                break
        self.turns = torch.cat(found)[:count]

    @staticmethod
    def turned_places(y, x, scale, angle, n):
        sine, cosine = (scale * angle.sin())[:, None, None], (scale * angle.cos())[:, None, None]
        row, column = n[None, :, None], n[None, None, :]
        return y[:, None, None] + cosine * row + sine * column, x[:, None, None] - sine * row + cosine * column

    def draw_turned(self, count):
        """[count, 1, side, side] at any angle and at scales between 1 and 2, interpolated by cubics."""
        pick = torch.rand(count, device=self.device, generator=self.generator) * len(self.turns)
        y, x, scale, angle = self.turns[pick.long().clamp_max(len(self.turns) - 1)].T
        n = torch.arange(self.side, device=self.device) - (self.side - 1) / 2
        at_y, at_x = self.turned_places(y, x, scale, angle, n)
        mirror = torch.rand(count, device=self.device, generator=self.generator)[:, None, None] < 0.5
        grid = torch.stack([at_x / (self.width - 1), at_y / (self.canvas.shape[0] - 1)], 3) * 2 - 1
        grid = torch.where(mirror[..., None], grid.flip(2), grid)
        levels = F.grid_sample(
            self.levels.expand(count, -1, -1, -1), grid, mode="bicubic", padding_mode="border", align_corners=True
        )
        share = scale.log2()[:, None, None, None]
        return levels[:, :1] * (1 - share) + levels[:, 1:] * share

    def draw(self, count, mirrored=1.0):
        """A share of `mirrored` of them in one of eight orientations, the others as they lie in the scenes."""
        g, d, side = self.generator, self.device, self.side

        def rand():
            return torch.rand(count, device=d, generator=g)

        pick = [
            p[(rand() * len(p)).long().clamp_max(len(p) - 1)]
            if len(p)
            else torch.zeros(count, dtype=torch.long, device=d)
            for p in self.places
        ]
        half = (rand() < 0.5) & (self.shares[1] > 0)
        start = torch.where(half, pick[1] + self.area, pick[0])
        self.drawn = torch.bucketize(start % self.area // self.width, self.tops, right=True)
        start = start[:, None, None]
        step = torch.where(half, 2, 1)[:, None, None]
        n = torch.arange(side, device=d)
        y = n[None, :, None].expand(count, side, side)
        x = n[None, None, :].expand(count, side, side)
        changed = rand()[:, None, None] < mirrored
        flip_y, flip_x, swap = (changed & (rand()[:, None, None] < 0.5) for _ in range(3))
        y = torch.where(flip_y, side - 1 - y, y)
        x = torch.where(flip_x, side - 1 - x, x)
        y, x = torch.where(swap, x, y), torch.where(swap, y, x)
        return self.canvases[start + (y * self.width + x) * step][:, None]


if __name__ == "__main__":
    # field_data.py OUTPUT NAME=DATASET...
    pack(sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:]))
