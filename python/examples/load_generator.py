"""The generator of a .safetensors file in PyTorch: to train it further, or to differentiate through it.

    python load_generator.py [MODEL]      default: the model that ships with the package

Draws map 0 of seed 1, and compares it with `ganinsar generate`. For models for any size without a detail network, as
the one that ships (docs/field-models.md). Needs torch, numpy, safetensors.
"""

import math
import sys

import torch
import torch.nn.functional as F
from safetensors import safe_open


class Generator(torch.nn.Module):
    """Latents of an endless map -> rates in cm/yr: [N, 24, h, w], [N, 128], [N, 5] -> [N, 1, 16 h - 64, 16 w - 64]."""

    def __init__(self, path):
        super().__init__()
        with safe_open(path, "pt") as file:
            tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        if "labels" not in tensors:
            sys.exit(f"{path} is a generator of one size: this example is for models for any size")
        self.table = tensors["labels"]  # statistics of the training patches: maps are drawn with one of its rows
        weights = {key.removeprefix("base."): value for key, value in tensors.items() if key.startswith("base.")}
        for key in [key for key in weights if key.endswith("weight_u")]:  # spectral normalization, by one iteration
            u, _, weight = weights.pop(key), weights.pop(key[:-1] + "v"), weights[key[:-2]]
            v = F.normalize(weight.flatten(1).T @ u, dim=0)
            weights[key[:-2]] = weight / (weight.flatten(1) @ v).norm()
        self.weights = torch.nn.ParameterDict({key.replace(".", "/"): value for key, value in weights.items()})

    def get(self, name):
        return self.weights[name.replace(".", "/")]

    def linear(self, name, x, bias=True):
        return F.linear(x, self.get(f"{name}.weight"), self.get(f"{name}.bias") if bias else None)

    def conv(self, name, x):
        return F.conv2d(x, self.get(f"{name}.weight"), self.get(f"{name}.bias"))  # no padding: maps have no border

    def norm(self, name, x, z):
        x = F.batch_norm(x, self.get(f"{name}.running_mean"), self.get(f"{name}.running_var"))
        gain, shift = (
            self.linear(f"{name}.{part}.2", self.linear(f"{name}.{part}.0", z).relu(), bias=False)[:, :, None, None]
            for part in ("gain", "shift")
        )
        return (x * (1 + gain) + shift).relu()

    def forward(self, cells, style, labels):
        z = self.linear("embedding.0", (labels - self.table.mean(0)) / self.table.std(0)).relu()
        z = torch.cat([style, self.linear("embedding.2", z)], 1)
        x = self.conv("first", cells)
        for block in (f"blocks.{number}" for number in range(4)):
            h = self.conv(f"{block}.conv1", upsample(self.norm(f"{block}.norm1", x, z)))
            h = self.conv(f"{block}.conv2", self.norm(f"{block}.norm2", h, z))
            x = h + upsample(self.conv(f"{block}.shortcut", x))[:, :, 2:-2, 2:-2]
        moments = (self.get(f"output_norm.{part}") for part in ("running_mean", "running_var", "weight", "bias"))
        x = self.conv("output_conv", F.batch_norm(x, *moments).relu())
        return rates(x[:, :, 1:-1, 1:-1], labels)


def upsample(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


def standardized(x):
    return (x - x.mean((2, 3), keepdim=True)) / x.std((2, 3), keepdim=True)


def rates(x, labels):
    """What the network draws is companded, whitened and of standard deviation 1: undone with a map's statistics."""
    label = labels[:, :, None, None, None]
    x = standardized(x) * label[:, 2].exp() + label[:, 4]
    white = standardized(x + x * x.abs() / 0.2) * label[:, 1].exp()
    (down, rows), (across, columns) = cosines(x.shape[2]), cosines(x.shape[3])
    spectrum = down @ white @ across.T / (1 + torch.hypot(rows[:, None], columns[None]))
    return down.T @ spectrum @ across + 2 * label[:, 0].sinh()


def cosines(size):
    """The orthonormal cosine transform as a matrix, and its wave numbers in half cycles per 64 pixels."""
    k, n = torch.arange(size, dtype=torch.float64)[:, None], torch.arange(size, dtype=torch.float64)
    matrix = torch.cos(math.pi * (n + 0.5) * k / size) * (torch.where(k == 0, 1.0, 2.0) / size).sqrt()
    return matrix.float(), (k[:, 0] * 64 / size).float()


# With torch.randn for latents and any row of `table`, `Generator` draws new maps. What follows repeats the random
# numbers of `ganinsar generate`, so that map i of a seed is the same in both.


def random_words(seed, *numbers):
    """SplitMix64, from a state that depends on a seed, the purpose and indices."""
    mask = 2**64 - 1

    def mix(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    state = mix((seed + 0x9E3779B97F4A7C15) & mask)
    for place, number in enumerate(numbers, 1):
        state = mix(state ^ mix((number + place * 0xD1B54A32D192ED03) & mask))
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        yield mix(state)


def normals(count, *key):
    """Box-Muller: two normal numbers of two uniform ones."""
    uniform = ((word >> 11) * 2.0**-53 for word in random_words(*key))
    pairs = ((math.sqrt(-2 * math.log(1 - next(uniform))), 2 * math.pi * next(uniform)) for _ in range(-(-count // 2)))
    return [value for radius, angle in pairs for value in (radius * math.cos(angle), radius * math.sin(angle))][:count]


@torch.no_grad()
def rate_map(generator, seed, index):
    """Map `index` of `ganinsar generate --seed`: [64, 64], cm/yr."""
    cells = [[normals(24, seed, 70, index, row, column) for column in range(-2, 6)] for row in range(-2, 6)]
    table = generator.table
    row = (next(random_words(seed, 73, index)) * len(table)) >> 64
    style = torch.tensor([normals(128, seed, 72, index, 0)])
    return generator(torch.tensor(cells).permute(2, 0, 1)[None], style, table[row : row + 1])[0, 0]


def main():
    import ganinsar

    model = sys.argv[1] if len(sys.argv) > 1 else ganinsar.shipped_model()
    ours = ganinsar.generate(None if len(sys.argv) < 2 else model, count=1, seed=1)[0]
    theirs = rate_map(Generator(model), seed=1, index=0).numpy()
    difference = abs(theirs - ours).max() / abs(ours).max()
    print(f"{ours.shape[1]} x {ours.shape[0]} px, {ours.min():.2f} to {ours.max():.2f} cm/yr")
    print("equal to 1e-5 of the largest rate" if difference < 1e-5 else f"not equal: they differ by {difference:.1e}")


if __name__ == "__main__":
    main()
