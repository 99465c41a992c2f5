"""Trains field networks on one device, several jobs side by side, within a time limit.

    python field_train.py --scenes scenes.npz --jobs nine64:nine2:native:16:32 ... --seconds 480 --output OUT

A job is NAME:DATASET:KIND:CHANNELS:BATCH with KIND native (64 px), native128, native256, coarse or detail and
DATASET one of those that field_data.py packed into scenes.npz; CHANNELS may be G/D, the widths of generator and
discriminator. NAME:...:BATCH:r1=40,cutmix=1 sets options for one job. With --init NAME=NETWORK.pt a job begins
with an averaged generator of an earlier run: a coarse one may begin with a native one, as averages of a map
look much like a map, and a large native one with a small one, whose blocks become its last. On a GPU every
job's iteration is one CUDA graph on a stream of its own. With --score WEIGHTS every job writes the Frechet
distance of 1,000 maps now and then. With projected=1 a second discriminator judges the maps by features that were
learned from photographs (field_features.py). Writes NAME-PERCENT.pt (the averaged generator and what sampling needs) at
the moments of --save and at the end, and every minute NAME-state.pt with everything that training continues
from: the same command with another --seconds continues there. With --end 0.2 a call stops after a fifth of the
training, and a later one, on another machine perhaps, does the rest. Prints one line per job every 15 seconds.
"""

import argparse
import copy
import json
import math
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import field_features as features
import field_networks as nets
import torch
import torch.nn.functional as F
from field_batched import Batched
from field_data import QUIET_RATE, Windows

REAL, FAKE = 1.0, 0.0
STATE_SECONDS = 60
PENALTY_PERIOD = 8  # iterations


@dataclass
class Options:
    """How networks are trained; each is an option of the command line, too."""

    r1: float = 0
    generator_rate: float = 4e-4
    discriminator_rate: float = 16e-4
    hold: int = 0
    bfloat16: bool = False
    cutmix: float = 0
    turned: float = 0
    mirrored: float = 1
    filtered: bool = False
    scales: int = 2
    reoriented: float = 0
    placed: float = 0
    noise: int = 0
    average: float = 0.002
    projected: float = 0
    projected_rate: float = 4e-4
    pixelwise: float = 1

    def changed(self, text):
        """With the values of `text`, such as "r1=40,cutmix=1"."""
        values = dict(entry.split("=", 1) for entry in text.split(",") if entry)
        # By the declared types: a value of now may be a whole number by chance.
        types = {name: field.type for name, field in self.__dataclass_fields__.items()}
        return replace(self, **{name: types[name](float(value)) for name, value in values.items()})


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def block_mean(x):
    return F.avg_pool2d(x, 4)


SIDES = {"native": 64, "native128": 128, "native256": 256, "coarse": 256, "detail": 128}  # of training windows, px

SPLINE_RADIUS = 4  # coarse pixels


def spline_prefilter(device="cpu"):
    """What makes a linear interpolation keep block means: the inverse of [1/8, 3/4, 1/8], cut off where
    it has fallen to 2e-4."""
    pole = math.sqrt(8) - 3
    n = torch.arange(-SPLINE_RADIUS, SPLINE_RADIUS + 1).abs()
    kernel = pole**n
    return (kernel / kernel.sum()).to(device)


def prefiltered(x):
    """[N, 1, H, W] -> [N, 1, H - 8, W - 8]."""
    kernel = spline_prefilter(x.device)
    return F.conv2d(F.conv2d(x, kernel[None, None, :, None]), kernel[None, None, None])


def smooth_upsample(x):
    return F.interpolate(x, scale_factor=4, mode="bilinear", align_corners=False)


def enlarged(coarse):
    """A continuous map with the block means `coarse`: [N, 1, H, W] -> [N, 1, 4 (H - 10), 4 (W - 10)]."""
    return smooth_upsample(prefiltered(coarse))[:, :, 4:-4, 4:-4]


DETAIL_GAIN = 1.17


def detail_energy(coarse, smallest):
    """The logarithm of the detail's rms in cm/yr: [N, 1, H + 6, W + 6] -> [N, 1, H, W]. Its rms follows
    from how far a pixel of the coarse map is from its four neighbors, as rms over 5 x 5 pixels."""
    around = (coarse[:, :, :-2, 1:-1] + coarse[:, :, 2:, 1:-1] + coarse[:, :, 1:-1, :-2] + coarse[:, :, 1:-1, 2:]) / 4
    square = F.avg_pool2d((coarse[:, :, 1:-1, 1:-1] - around) ** 2, 5, stride=1)
    return ((square * DETAIL_GAIN**2 + smallest**2).sqrt() + 1e-6).log()


def context_of(coarse, energy):
    """[N, 1, H, W] each -> [N, 2, H - 4, W - 4]: what surrounds a pixel, in units of the detail."""
    local = F.avg_pool2d(coarse, 5, stride=1)
    inner = energy[:, :, 2:-2, 2:-2]
    relief = (coarse[:, :, 2:-2, 2:-2] - local) / inner.exp()
    return torch.cat([nets.compand(relief, 1.0), inner + 1], 1)


def kept_means(x, coarse):
    """[N, 1, 4 (H + 10), ...] with block means `coarse`, of the same extent, -> [N, 1, 4 H, ...] whose
    means are those of `coarse`; what is missing is added smoothly, so that no block has an edge."""
    x, missing = x[:, :, 20:-20, 20:-20], coarse - block_mean(x)
    x = x + enlarged(missing)
    rest = coarse[:, :, 5:-5, 5:-5] - block_mean(x)
    return x + F.interpolate(rest, scale_factor=4, mode="nearest")


class Job:
    def __init__(self, spec, scenes, device, seed, options=None, initial=None, trunk=None):
        options = options or Options()
        self.name, dataset, kind, widths, batch, changes = (spec + ":").split(":")[:6]
        options = options.changed(changes)
        self.kind = "native" if kind.startswith("native") else kind
        self.ch, judge = (int(width) for width in (widths + "/" + widths).split("/")[:2])
        self.batch, self.device = int(batch), device
        self.random = torch.Generator(device=device).manual_seed(seed)
        torch.manual_seed(seed)
        self.windows = Windows(scenes, dataset, SIDES[kind], device, self.random, options.scales, options.filtered)
        self.dataset = dataset
        self.side = SIDES[kind] if self.kind == "native" else 64
        self.blocks = 4 + round(math.log2(self.side / 64))
        self.whitening = nets.Whitening(self.side, device=device)
        self.turned = round(options.turned * self.batch)
        self.mirrored, self.reoriented = options.mirrored, options.reoriented
        if self.turned:
            self.windows.prepare_turned()
        if self.kind == "detail":
            self.labels = 0
            g, d = nets.detail_generator(self.ch, options.noise), nets.ProjectionDiscriminator(judge, 3, 0)
        else:
            self.labels = 5
            self.placed = options.placed
            g = nets.base_generator(self.ch, self.labels, 1, self.blocks, options.noise, self.placed > 0)
            d = nets.ProjectionDiscriminator(judge, 1, self.labels, self.side)
            with torch.no_grad():
                self.table, self.scenes, self.quiet = map(torch.cat, zip(*(self.entries(64) for _ in range(48))))
            self.center, self.spread = self.table.mean(0), self.table.std(0)
        if initial:
            begin(g, initial, self)
        self.g, self.d = Batched(g).to(device), Batched(d).to(device)
        self.projected, self.pixelwise = options.projected, options.pixelwise
        if self.projected:
            if not trunk:
                raise ValueError(f"{self.name}: a discriminator on learned features needs --features")
            self.p = features.ProjectedDiscriminator(trunk, self.labels, max(128, self.side)).to(device)
        self.ema = copy.deepcopy(self.g).requires_grad_(False)
        self.r1, self.cutmix, self.average = options.r1, options.cutmix, options.average
        self.rates = [options.generator_rate, options.discriminator_rate]
        self.hold = options.hold
        self.autocast = options.bfloat16
        learning = [self.g, self.d]
        if self.projected:
            learning.append(self.p)
            self.rates.append(options.projected_rate)
        self.lr = [torch.tensor(rate, device=device) for rate in self.rates]
        adam = dict(betas=(0.0, 0.999), eps=1e-6, fused=True)
        if device.type == "cuda":
            adam["capturable"] = True
        self.optimizers = [
            torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=rate, **adam)
            for net, rate in zip(learning, self.lr)
        ]
        self.report = torch.zeros(6, device=device)
        self.iterations, self.graphs, self.nearest = 0, {}, math.inf
        self.ema_pairs = (list(self.ema.parameters()), list(self.g.parameters()))

    # Data

    def maps(self, count, turned=0):
        """Real maps or coarse maps in cm/yr, `turned` of them at any angle: [N, 1, side, side]."""
        x = self.windows.draw(count - turned, self.mirrored)
        if turned:
            x = torch.cat([x, self.windows.draw_turned(turned)])
        return x if self.kind == "native" else block_mean(x)

    def seen(self, maps):
        """Real maps -> what the discriminator sees of them, and their raw labels [N, L]."""
        mean, deviation = nets.moments(maps)
        white = self.whitening.apply(maps) - mean
        spread = nets.moments(white)[1]
        small = nets.compand(white / spread, nets.KNEE)
        shift, tau = nets.moments(small)
        labels = [torch.asinh(mean / 2), spread.log(), tau.log(), deviation.log() - spread.log(), shift]
        return (small - shift) / tau * nets.INPUT_SPREAD, torch.cat(labels, 1).flatten(1)

    def entries(self, count):
        """Rows of the table of labels, the scenes that they came from, and the fractions of quiet pixels."""
        maps = self.maps(count)
        quiet = (maps.abs() <= QUIET_RATE).float().mean((1, 2, 3))
        return self.seen(maps)[1], self.windows.drawn, quiet

    def random_labels(self, count):
        index = torch.rand(count, device=self.device, generator=self.random) * len(self.table)
        raw = self.table[index.long().clamp_max(len(self.table) - 1)]
        return (raw - self.center) / self.spread + 0.05 * self.normal(count, self.labels)

    def normal(self, *shape):
        return torch.randn(*shape, device=self.device, generator=self.random)

    # One iteration

    def base_fake(self, net, labels):
        count = len(labels)
        grid = self.normal(count, nets.LATENT_CHANNELS, 8, 8)
        if self.placed:
            known = torch.rand(count, 1, 1, 1, device=self.device, generator=self.random) < self.placed
            grid = torch.cat([grid, known * nets.positions(8, self.blocks, self.side, self.device)], 1)
        raw = self.made(net, grid, self.normal(count, 128), labels)
        raw = raw[:, :, 1:-1, 1:-1]
        mean, deviation = raw.mean((2, 3), keepdim=True), raw.std((2, 3), keepdim=True)
        return (raw - mean) / (deviation + 1e-3) * nets.INPUT_SPREAD

    def detail_parts(self, count):
        """Real windows as what the detail generator takes, with what the discriminator sees."""
        x = self.windows.draw(count, self.mirrored)
        wide = block_mean(x)  # [N, 1, 32, 32]
        # What is added on smooth ground is a fraction of a raster's spread, which is larger than a window's.
        fraction = 0.01 * 10 ** torch.rand(count, 1, 1, 1, device=self.device, generator=self.random)
        energy = detail_energy(wide, fraction * nets.moments(wide)[1])
        coarse = wide[:, :, 3:-3, 3:-3]
        context = context_of(coarse, energy)  # [N, 2, 22, 22]
        smooth = enlarged(coarse)
        scale = smooth_upsample(energy)[:, :, 20:-20, 20:-20].exp()
        shown = torch.cat([smooth_upsample(context[:, :1]), 2 * smooth_upsample(context[:, 1:])], 1)
        real = (x[:, :, 32:-32, 32:-32] - smooth) / scale
        shown = shown[:, :, 12:76, 12:76]
        return context, smooth, scale, coarse[:, :, 5:21, 5:21], real, shown

    def detail_fake(self, net, parts):
        context, _, scale, _, _, shown = parts
        count = len(context)
        grid = torch.cat([context, self.normal(count, nets.DETAIL_LATENTS, 22, 22)], 1)
        detail = self.made(net, grid, self.normal(count, 64))[:, :, 1:-1, 1:-1]
        # Beyond the window nothing is known of the means; `kept_means` knows it when maps are drawn.
        missing = -block_mean(scale * detail)
        detail = detail + enlarged(F.pad(missing, (5, 5, 5, 5), mode="replicate")) / scale
        return detail, self.detail_seen(detail, shown)

    def shown(self, maps, seen):
        """Both as a discriminator is shown them: a share of `reoriented`, real or generated, in one of eight
        orientations. The generator still learns the orientation of the real maps, as long as the share is below 1
        (Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020)."""
        if not self.reoriented:
            return maps, seen
        rand = torch.rand(4, len(seen), 1, 1, 1, device=self.device, generator=self.random)
        changed = rand[0] < self.reoriented
        flip_y, flip_x, swap = (changed & (part < 0.5) for part in rand[1:])

        def turned(x):
            x = torch.where(flip_y, x.flip(2), x)
            x = torch.where(flip_x, x.flip(3), x)
            return torch.where(swap, x.transpose(2, 3), x)

        return None if maps is None else turned(maps), turned(seen)

    def pictures(self, maps, seen):
        return features.augmented(features.picture(maps, seen[:, :1]), self.random)

    def projected_logits(self, pictures, labels):
        with self.mixed():
            return [logits.float() for logits in self.p(pictures, labels)]

    @staticmethod
    def detail_seen(detail, shown):
        return torch.cat([nets.INPUT_SPREAD * nets.compand(detail, 1.0), shown], 1)

    def mixed(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.autocast)

    def judged(self, x, labels=None):
        with self.mixed():
            image, pixels = self.d(x, labels)
        return image.float(), pixels.float()

    def made(self, net, grid, style, labels=None):
        noise = net.net.white_noise(grid, self.random)
        with self.mixed():
            return net(grid, style, labels, noise).float()

    def boxes(self, count):
        """Masks of CutMix: true in a rectangle, or outside of it; its area is uniform in 0 to 1."""

        def uniform():
            return torch.rand(count, 1, 1, 1, device=self.device, generator=self.random)

        n = (torch.arange(self.side, device=self.device) + 0.5) / self.side
        half = uniform().sqrt() / 2
        y, x = (half + uniform() * (1 - 2 * half) for _ in range(2))
        inside = ((n[:, None] - y).abs() < half) & ((n - x).abs() < half)
        return inside ^ (uniform() < 0.5)

    def cutmix_loss(self, pixels, image, mask):
        """Of real, generated and mixed images: Schonfeld et al., CVPR 2020, equations 3 to 5."""
        n = len(mask)
        mixed, blend = pixels[2 * n :], torch.where(mask, pixels[:n], pixels[n : 2 * n])
        judged = F.binary_cross_entropy_with_logits(mixed, mask.float()) + cross_entropy(image[2 * n :], FAKE)
        return 0.5 * judged + self.cutmix * F.mse_loss(mixed, blend)

    def generated(self, source):
        """What the generator makes of labels or of parts of windows: maps in cm/yr and what is judged of them."""
        if self.kind == "detail":
            detail, seen = self.detail_fake(self.g, source)
            return source[1] + source[2] * detail, seen, None
        labels, raw = source
        seen = self.base_fake(self.g, labels)
        maps = nets.restored(seen / nets.INPUT_SPREAD, raw, self.whitening) if self.projected else None
        return maps, seen, labels

    def sources(self, count):
        """Real maps in cm/yr, what is judged of them, and two sources of generated ones: of these maps, of others."""
        if self.kind == "detail":
            parts = self.detail_parts(count)
            return parts[1] + parts[2] * parts[4], self.detail_seen(parts[4], parts[5]), parts, self.detail_parts(count)
        maps = self.maps(count, self.turned)
        seen, raw = self.seen(maps)
        others = self.random_labels(count)
        own = (raw - self.center) / self.spread
        return maps, seen, (own, raw), (others, others * self.spread + self.center)

    def learn(self, number, loss, penalty=None):
        """A step of optimizer `number`; `penalty` is computed when the gradients of `loss` are there."""
        self.optimizers[number].zero_grad(set_to_none=True)
        loss.backward()
        if penalty:
            penalty().backward()
        self.optimizers[number].step()

    def learn_projected(self, real, fake, labels):
        """A step of the heads on learned features. Returns their loss and how far their logits are apart."""
        n = self.batch
        logits = self.projected_logits(torch.cat([self.pictures(*real), self.pictures(*fake)]), labels)
        loss = features.hinge_discriminator(logits, n)
        self.learn(2, loss)
        return loss.detach(), sum(x[:n].mean() - x[n:].mean() for x in logits).detach() / len(logits)

    def learn_pixelwise(self, real, fake, labels, penalize):
        """A step of the U-Net discriminator. Returns its loss and how far its logits are apart."""
        n, shown = self.batch, [real, fake]
        if self.cutmix:
            mask = self.boxes(n)
            shown.append(torch.where(mask, real, fake))
            labels = None if labels is None else torch.cat([labels, labels[:n]])
        image, pixels = self.judged(torch.cat(shown).contiguous(memory_format=torch.channels_last), labels)
        loss = 0.5 * sum(
            cross_entropy(part[:n], REAL) + cross_entropy(part[n : 2 * n], FAKE) for part in (image, pixels)
        )
        if self.cutmix:
            loss = loss + self.cutmix_loss(pixels, image, mask)
        own = None if labels is None else labels[:n]
        self.learn(1, loss, (lambda: self.gradient_penalty(real, own)) if penalize else None)
        return loss.detach(), *(part[:n].mean().detach() - part[n : 2 * n].mean().detach() for part in (image, pixels))

    def iterate(self, penalize=False):
        with torch.no_grad():
            maps, real, own, others = self.sources(self.batch)
            fake_maps, fake, labels = self.generated(own)
            labels = None if labels is None else torch.cat([labels, labels])
            maps, real = self.shown(maps, real)
            fake_maps, fake = self.shown(fake_maps, fake)
        nothing = torch.zeros((), device=self.device)
        apart, pixelwise = (nothing,) * 2, (nothing,) * 3
        judges = []
        if self.projected:
            apart = self.learn_projected((maps, real), (fake_maps, fake), labels)
            judges.append(self.p.heads)
        if self.pixelwise:
            pixelwise = self.learn_pixelwise(real, fake, labels, penalize)
            judges.append(self.d)

        for net in judges:
            net.requires_grad_(False)
        maps, fake, labels = self.generated(others)
        maps, fake = self.shown(maps, fake)
        loss = nothing
        if self.pixelwise:
            loss = loss + self.pixelwise * 0.5 * sum(cross_entropy(part, REAL) for part in self.judged(fake, labels))
        if self.projected:
            logits = self.projected_logits(self.pictures(maps, fake), labels)
            loss = loss + self.projected * features.hinge_generator(logits)
        self.learn(0, loss)
        for net in judges:
            net.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(*self.ema_pairs, self.average)
            self.report.copy_(torch.stack([pixelwise[0], loss.detach(), *pixelwise[1:], *apart]))

    def is_penalized(self):
        return self.r1 > 0 and self.iterations % PENALTY_PERIOD == 0

    def gradient_penalty(self, real, labels):
        """R1 (Mescheder et al., ICML 2018) of both outputs, weighted for one iteration in `PENALTY_PERIOD`
        (Karras et al., "Analyzing and improving the image quality of StyleGAN", CVPR 2020, B)."""
        seen = real.detach().requires_grad_(True)
        image, pixels = self.judged(seen, labels)
        total = image.sum() + pixels.mean((1, 2, 3)).sum()
        (gradient,) = torch.autograd.grad(total, seen, create_graph=True)
        return 0.5 * self.r1 * PENALTY_PERIOD * gradient.square().sum((1, 2, 3)).mean()

    def capture(self):
        """Records an iteration as a CUDA graph, with and without the penalty, after a few that warm up."""
        self.stream = torch.cuda.Stream()
        kinds = [False, True] if self.r1 else [False]
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            for penalize in kinds * 2:
                self.iterate(penalize)
        torch.cuda.synchronize()
        graphs, pool = {}, None
        for penalize in kinds:
            graph = torch.cuda.CUDAGraph()
            graph.register_generator_state(self.random)
            with torch.cuda.graph(graph, pool=pool, stream=self.stream):
                self.iterate(penalize)
            graphs[penalize], pool = graph, graph.pool()
        self.graphs = graphs

    def step(self):
        if self.graphs:
            self.graphs[self.is_penalized()].replay()
        else:
            self.iterate(self.is_penalized())
        self.iterations += 1

    def train(self, clock, saves, output, compact, score=None):
        """Iterates until the time is over; runs in one thread. `score` is a function of this job, called
        every `score.seconds`."""
        events, saves = [], [moment for moment in saves if moment > clock.done()]
        kept = scored = time.time()
        with torch.cuda.stream(self.stream) if self.graphs else nullcontext():
            while not clock.is_over():
                done = clock.done()
                factor = clock.rate_factor()
                for rate, value in zip(self.lr, self.rates):
                    rate.fill_(value * factor)
                if self.iterations < self.hold:
                    self.lr[0].zero_()  # a new discriminator learns first what a trained generator draws
                for _ in range(20 if self.graphs else 1):
                    self.step()
                    if self.graphs:
                        event = torch.cuda.Event()
                        event.record()
                        events.append(event)
                        if len(events) > 3:
                            events.pop(0).synchronize()
                if saves and done >= saves[0]:
                    self.save(output / f"{self.name}-{round(100 * saves.pop(0))}.pt")
                if time.time() > kept + STATE_SECONDS:
                    self.save_state(output, clock.done())
                    kept = time.time()
                if score is not None and time.time() > scored + score.seconds:
                    self.keep_best(score(self), output)
                    scored = time.time()
            self.save(output / f"{self.name}-{round(100 * clock.end)}.pt")
            self.save_state(output, clock.end, compact=compact)
            if score is not None:
                self.keep_best(score(self), output)

    # Files

    @torch.no_grad()
    def averaged(self, batches=100):
        """A copy of the averaged generator with its own batch statistics."""
        net = copy.deepcopy(self.ema)
        precision, self.autocast = self.autocast, False
        for mine, theirs in zip(net.buffers(), self.g.buffers()):
            mine.copy_(theirs)
        net.train()
        net.frozen_norms = True
        for _ in range(batches):
            if self.kind == "detail":
                self.detail_fake(net, self.detail_parts(self.batch))
            else:
                self.base_fake(net, self.random_labels(self.batch))
        self.autocast = precision
        return net.eval()

    def save(self, path):
        def half(net):
            return {k: v.detach().half().cpu().contiguous() for k, v in net.export().items()}

        saved = {
            "kind": self.kind,
            "channels": self.ch,
            "iterations": self.iterations,
            "batch": self.batch,
            "noise": self.ema.net.noise_planes,
            "ema": half(self.averaged()),
        }
        if self.kind == "detail":
            saved["refinement"] = "spline"
        if self.labels:
            saved |= {"table": self.table.half().cpu(), "row scenes": self.scenes.cpu(), "quiet": self.quiet.cpu()}
            saved["scenes"] = self.windows.scenes
            saved["blocks"] = self.blocks
            saved["placed"] = self.placed > 0
        torch.save(saved, path)

    def keep_best(self, distance, output):
        """Saves the network if it draws maps that are nearer to the real ones than before."""
        if distance < self.nearest:
            self.nearest = distance
            self.save(output / f"{self.name}-best.pt")

    def parts(self):
        parts = {"g": self.g, "d": self.d, "ema": self.ema, "G": self.optimizers[0], "D": self.optimizers[1]}
        return parts | ({"p": self.p.heads, "P": self.optimizers[2]} if self.projected else {})

    def save_state(self, output, done, compact=False):
        """Everything that training continues from, as one file that appears whole; `compact` with two
        bytes per number, for files that leave a lent machine."""
        state = {name: part.state_dict() for name, part in self.parts().items()}
        if compact:
            state = {
                name: halved(part, torch.bfloat16 if len(name) == 1 and name.isupper() else torch.half)
                for name, part in state.items()
            }
        state |= {
            "nearest": self.nearest,
            "iterations": self.iterations,
            "done": done,
            "random": self.random.get_state(),
        }
        if self.labels:
            state["labels"] = (self.table, self.center, self.spread, self.scenes, self.quiet)
        path = output / f"{self.name}-state.pt"
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def resume(self, output):
        """Loads the state of an earlier call, if there is one. Returns the fraction that it had done."""
        path = output / f"{self.name}-state.pt"
        if not path.exists():
            return 0.0
        state = torch.load(path, map_location=self.device, weights_only=True)
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        for optimizer, rate in zip(self.optimizers, self.lr):
            optimizer.param_groups[0]["lr"] = rate  # the tensor that `train` changes
        self.iterations, self.nearest = state["iterations"], state.get("nearest", math.inf)
        self.random.set_state(state["random"].cpu())
        if self.labels:
            self.table, self.center, self.spread, self.scenes, self.quiet = state["labels"]
        return state["done"]


def begin(net, path, job):
    """Loads an averaged generator. Its labels were normalized by its own table: the first layer that sees
    them takes that over for the table of the new job."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    state = {key: value.float() for key, value in saved["ema"].items()}
    if job.labels:
        table = saved["table"].float()
        center, spread = job.center.cpu(), job.spread.cpu()
        weight, bias = state["embedding.0.weight"], state["embedding.0.bias"]
        state["embedding.0.bias"] = bias + weight @ ((center - table.mean(0)) / table.std(0))
        state["embedding.0.weight"] = weight * spread / table.std(0)
    more = job.blocks - saved.get("blocks", 4) if job.labels else 0
    if more:  # its blocks become the last ones; those before them, for larger features, are new
        mine = net.state_dict()
        state = {
            f"blocks.{int(k.split('.')[1]) + more}.{k.split('.', 2)[2]}" if k.startswith("blocks.") else k: v
            for k, v in state.items()
            if not k.startswith("first.")
        }
        state = mine | state
    elif job.labels and len(net.first.weight[0]) > len(state["first.weight"][0]):  # positions are new
        known = state["first.weight"]
        added = torch.randn(len(known), nets.POSITION_CHANNELS, 1, 1) * known.std() / 2
        state["first.weight"] = torch.cat([known, added], 1)
        state["first.weight_v"] = F.normalize(state["first.weight"].flatten(1).t() @ state["first.weight_u"], dim=0)
    if net.noise_planes and "noise" not in state:  # what mixes its noise is new
        state["noise"] = net.noise.detach()
    net.load_state_dict(state)


def halved(value, dtype):
    """The numbers of a state (nested dictionaries and lists) in another type; whole numbers stay."""
    if isinstance(value, dict):
        return {key: halved(entry, dtype) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [halved(entry, dtype) for entry in value]
    if torch.is_tensor(value) and value.is_floating_point() and value.dim() > 0:
        return value.to(dtype)
    return value


class Clock:
    """The fraction of the training that is done, and the factor of the learning rates: 1 at first, then a
    cosine down to 1/20. `seconds` are the time from `begin`, where an earlier call stopped, to `end`."""

    def __init__(self, seconds, warm, begin=0.0, end=1.0):
        self.start, self.seconds, self.warm, self.begin, self.end = time.time(), max(1.0, seconds), warm, begin, end

    def done(self):
        return self.begin + (self.end - self.begin) * (time.time() - self.start) / self.seconds

    def is_over(self):
        return self.done() >= self.end

    def rate_factor(self):
        fall = min(1.0, max(0.0, (self.done() - self.warm) / (1 - self.warm)))
        return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * fall))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scenes", required=True)
    parser.add_argument("--jobs", nargs="+", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--save", type=float, nargs="*", default=[0.45])
    parser.add_argument("--warm", type=float, default=0.4, help="share of the time at full rates")
    parser.add_argument("--reserve", type=float, default=0, help="seconds for saving at the end")
    parser.add_argument("--r1", type=float, default=0, help="weight of the gradient penalty; 0 for none")
    parser.add_argument("--generator-rate", type=float, default=4e-4)
    parser.add_argument("--discriminator-rate", type=float, default=16e-4)
    parser.add_argument("--init", nargs="*", default=[], metavar="NAME=NETWORK.pt", help="generators to begin with")
    parser.add_argument("--hold", type=int, default=0, help="iterations before generators begin to learn")
    parser.add_argument("--bfloat16", action="store_true", help="compute the networks in bfloat16")
    parser.add_argument("--cutmix", type=float, default=0, help="weight of the consistency of CutMix; 0 for none")
    parser.add_argument("--turned", type=float, default=0, help="share of training windows at any angle")
    parser.add_argument("--mirrored", type=float, default=1, help="share of training windows in any orientation")
    parser.add_argument("--filtered", action="store_true", help="train on windows that pass the paper's filter")
    parser.add_argument("--scales", type=int, default=2, choices=[1, 2], help="1: no windows at half the resolution")
    parser.add_argument(
        "--reoriented", type=float, default=0, help="share of maps, real or not, turned before they are judged"
    )
    parser.add_argument("--placed", type=float, default=0, help="share of base maps that know where their middle is")
    parser.add_argument(
        "--noise", type=int, default=0, help="planes of white noise that a generator's last block takes"
    )
    parser.add_argument("--projected", type=float, default=0, help="weight of the discriminator on learned features")
    parser.add_argument("--projected-rate", type=float, default=4e-4)
    parser.add_argument("--pixelwise", type=float, default=1, help="weight of the U-Net discriminator; 0 for none")
    parser.add_argument("--features", metavar="WEIGHTS", help="what field_features.py wrote; for --projected")
    parser.add_argument("--average", type=float, default=0.002, help="step of the generator's moving average")
    parser.add_argument("--score", metavar="WEIGHTS", help="weights of the Inception trunk: score maps")
    parser.add_argument("--score-seconds", type=float, default=60)
    parser.add_argument("--score-count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--end", type=float, default=1, help="fraction of the whole training at which this call stops")
    parser.add_argument("--compact-state", action="store_true", help="write the last states with two bytes per number")
    arguments = parser.parse_args()
    begin = time.time()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.allow_tf32 = True  # products stay float32: whitening amplifies rounding
    torch.backends.cudnn.benchmark = True
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    options = Options(**{name: getattr(arguments, name) for name in Options.__dataclass_fields__})
    initial = dict(entry.split("=", 1) for entry in arguments.init)
    jobs, fractions = [], []
    for number, spec in enumerate(arguments.jobs):
        job = Job(
            spec,
            arguments.scenes,
            device,
            arguments.seed + 100 * number,
            options,
            initial.get(spec.split(":")[0]),
            arguments.features,
        )
        fractions.append(job.resume(output))
        if device.type == "cuda":
            try:
                job.capture()
            except Exception as error:  # single iterations without a graph are slower, but work
                print(f"{job.name}: no graph: {str(error)[:300]}", flush=True)
        jobs.append(job)
        print(f"[{time.time() - begin:.0f} s] {job.name} ready", flush=True)
    clock = Clock(
        arguments.seconds - (time.time() - begin) - arguments.reserve, arguments.warm, min(fractions), arguments.end
    )
    saves = sorted(arguments.save)
    score = None
    if arguments.score:
        from field_score import Score

        score = Score(arguments.score, arguments.scenes, device, arguments.score_seconds, begin, arguments.score_count)
        for job in jobs:
            score.prepare(job)
    threads = [
        threading.Thread(target=job.train, args=(clock, saves, output, arguments.compact_state, score)) for job in jobs
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(min(15, max(1, arguments.seconds / 10)))
        for job in jobs:
            values = [round(v, 3) for v in job.report.tolist()]
            print(
                json.dumps(
                    {
                        "s": round(time.time() - begin),
                        "job": job.name,
                        "it": job.iterations,
                        "D, G, gaps, P, gap": values,
                    }
                ),
                flush=True,
            )
    if device.type == "cuda":
        print(f"peak memory {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB", flush=True)
    print(f"[{time.time() - begin:.0f} s] done", flush=True)


if __name__ == "__main__":
    main()
