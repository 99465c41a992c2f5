"""Trains field networks on one device, several jobs side by side, within a time limit.

    python field_train.py --scenes scenes.npz --jobs nine64:nine2:native:16:32 ... --seconds 480 --output OUT

A job is NAME:DATASET:KIND:CHANNELS:BATCH with KIND native, coarse or detail and DATASET one of those
that field_data.py packed into scenes.npz. On a GPU every job's iteration is one CUDA graph on a stream
of its own. Writes NAME-PERCENT.pt (the averaged generator and what sampling needs) at the moments of
--save and at the end. Prints one line per job every 15 seconds.
"""

import argparse
import copy
import json
import math
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import field_networks as nets
import torch
import torch.nn.functional as F
from field_batched import Batched
from field_data import Windows

REAL, FAKE = 1.0, 0.0


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def block_mean(x):
    return F.avg_pool2d(x, 4)


def smooth_upsample(x):
    return F.interpolate(x, scale_factor=4, mode="bilinear", align_corners=False)


def detail_energy(x, coarse):
    """Log rms per block of the difference from the smoothly upsampled coarse map."""
    return 0.5 * (block_mean((x - smooth_upsample(coarse)) ** 2) + 1e-4).log()


def smooth_energy(energy):
    """The same over 3 x 3 blocks: [N, 1, H, W] -> [N, 1, H - 2, W - 2]."""
    return 0.5 * F.avg_pool2d((2 * energy).exp(), 3, stride=1).log()


def context_of(coarse, energy):
    """[N, 1, H, W] each -> [N, 2, H - 4, W - 4]: what surrounds a pixel, in units of the detail."""
    local = F.avg_pool2d(coarse, 5, stride=1)
    inner = smooth_energy(energy)[:, :, 1:-1, 1:-1]
    relief = (coarse[:, :, 2:-2, 2:-2] - local) / inner.exp()
    return torch.cat([nets.compand(relief, 1.0), inner + 1], 1)


class Job:
    def __init__(self, spec, scenes, device, seed):
        self.name, dataset, self.kind, ch, batch = spec.split(":")
        self.ch, self.batch, self.device = int(ch), int(batch), device
        self.random = torch.Generator(device=device).manual_seed(seed)
        torch.manual_seed(seed)
        side = {"native": 64, "coarse": 256, "detail": 104}[self.kind]
        self.windows = Windows(scenes, dataset, side, device, self.random)
        self.whitening = nets.Whitening(64, device=device)
        if self.kind == "detail":
            self.labels = 0
            g, d = nets.detail_generator(self.ch), nets.ProjectionDiscriminator(self.ch, 3, 0)
        else:
            channels = 2 if self.kind == "coarse" else 1
            self.labels = 5 if self.kind == "native" else 7
            g = nets.base_generator(self.ch, self.labels, channels)
            d = nets.ProjectionDiscriminator(self.ch, channels, self.labels)
            with torch.no_grad():
                self.table = torch.cat([self.seen(self.maps(64))[1] for _ in range(48)])
            self.center, self.spread = self.table.mean(0), self.table.std(0)
        self.g, self.d = Batched(g).to(device), Batched(d).to(device)
        self.ema = copy.deepcopy(self.g).requires_grad_(False)
        self.rates = (4e-4, 8e-4 if self.kind == "coarse" else 16e-4)
        self.lr = [torch.tensor(rate, device=device) for rate in self.rates]
        options = dict(betas=(0.0, 0.999), eps=1e-6, fused=True)
        if device.type == "cuda":
            options["capturable"] = True
        self.optimizers = [
            torch.optim.Adam(net.parameters(), lr=rate, **options) for net, rate in zip((self.g, self.d), self.lr)
        ]
        self.report = torch.zeros(4, device=device)
        self.iterations, self.graph = 0, None
        self.ema_pairs = (list(self.ema.parameters()), list(self.g.parameters()))

    # Data

    def maps(self, count):
        """Channels of real maps in cm/yr and log cm/yr: [N, 1 or 2, 64, 64]."""
        x = self.windows.draw(count)
        if self.kind == "native":
            return x
        coarse = block_mean(x)
        return torch.cat([coarse, detail_energy(x, coarse)], 1)

    def seen(self, maps):
        """Real maps -> what the discriminator sees of them, and their raw labels [N, L]."""
        rate = maps[:, :1]
        mean, deviation = nets.moments(rate)
        white = self.whitening.apply(rate) - mean
        spread = nets.moments(white)[1]
        small = nets.compand(white / spread, nets.KNEE)
        shift, tau = nets.moments(small)
        channels = [(small - shift) / tau * nets.INPUT_SPREAD]
        labels = [torch.asinh(mean / 2), spread.log(), tau.log(), deviation.log() - spread.log(), shift]
        if maps.shape[1] > 1:
            middle, width = nets.moments(maps[:, 1:])
            channels.append((maps[:, 1:] - middle) / width * nets.INPUT_SPREAD)
            labels += [middle, width.log()]
        return torch.cat(channels, 1), torch.cat(labels, 1).flatten(1)

    def random_labels(self, count):
        index = torch.rand(count, device=self.device, generator=self.random) * len(self.table)
        raw = self.table[index.long().clamp_max(len(self.table) - 1)]
        return (raw - self.center) / self.spread + 0.05 * self.normal(count, self.labels)

    def normal(self, *shape):
        return torch.randn(*shape, device=self.device, generator=self.random)

    # One iteration

    def base_fake(self, net, labels):
        count = len(labels)
        raw = net(self.normal(count, nets.LATENT_CHANNELS, 8, 8), self.normal(count, 128), labels)
        raw = raw[:, :, 1:-1, 1:-1]
        mean, deviation = raw.mean((2, 3), keepdim=True), raw.std((2, 3), keepdim=True)
        return (raw - mean) / (deviation + 1e-3) * nets.INPUT_SPREAD

    def detail_parts(self, count):
        """Real windows as what the detail generator takes, with what the discriminator sees."""
        x = self.windows.draw(count)
        coarse = block_mean(x)
        energy = detail_energy(x, coarse)
        context = context_of(coarse, energy)  # [N, 2, 22, 22]
        inner = slice(20, 84)
        smooth = smooth_upsample(coarse)[:, :, inner, inner]
        scale = smooth_upsample(smooth_energy(energy))[:, :, 16:80, 16:80].exp()
        shown = torch.cat([smooth_upsample(context[:, :1]), 2 * smooth_upsample(context[:, 1:])], 1)
        real = (x[:, :, inner, inner] - smooth) / scale
        shown = shown[:, :, 12:76, 12:76]
        return context, smooth, scale, coarse[:, :, 5:21, 5:21], real, shown

    def detail_fake(self, net, parts):
        context, smooth, scale, coarse, _, shown = parts
        count = len(context)
        grid = torch.cat([context, self.normal(count, nets.DETAIL_LATENTS, 22, 22)], 1)
        detail = net(grid, self.normal(count, 64))[:, :, 1:-1, 1:-1]
        x = smooth + scale * detail
        x = x + F.interpolate(coarse - block_mean(x), scale_factor=4, mode="nearest")
        return self.detail_seen((x - smooth) / scale, shown)

    @staticmethod
    def detail_seen(detail, shown):
        return torch.cat([nets.INPUT_SPREAD * nets.compand(detail, 1.0), shown], 1)

    def iterate(self):
        n = self.batch
        if self.kind == "detail":
            with torch.no_grad():
                parts = self.detail_parts(n)
                real, labels = self.detail_seen(parts[4], parts[5]), None
                fake = self.detail_fake(self.g, parts)
                others = self.detail_parts(n)
        else:
            with torch.no_grad():
                real, raw = self.seen(self.maps(n))
                own = (raw - self.center) / self.spread
                fake = self.base_fake(self.g, own)
                others = self.random_labels(n)
                labels = torch.cat([own, own])
        both = torch.cat([real, fake]).contiguous(memory_format=torch.channels_last)
        image, pixels = self.d(both, labels)
        loss_d = 0.5 * sum(cross_entropy(part[:n], REAL) + cross_entropy(part[n:], FAKE) for part in (image, pixels))
        self.optimizers[1].zero_grad(set_to_none=True)
        loss_d.backward()
        self.optimizers[1].step()

        self.d.requires_grad_(False)
        if self.kind == "detail":
            judged = self.d(self.detail_fake(self.g, others))
        else:
            judged = self.d(self.base_fake(self.g, others), others)
        loss_g = 0.5 * sum(cross_entropy(part, REAL) for part in judged)
        self.optimizers[0].zero_grad(set_to_none=True)
        loss_g.backward()
        self.optimizers[0].step()
        self.d.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(*self.ema_pairs, 0.002)
            gap = image[:n].mean() - image[n:].mean()
            self.report.copy_(
                torch.stack([loss_d.detach(), loss_g.detach(), gap, pixels[:n].mean() - pixels[n:].mean()])
            )

    def capture(self):
        """Records an iteration as a CUDA graph, after a few that warm up."""
        self.stream = torch.cuda.Stream()
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            for _ in range(3):
                self.iterate()
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self.random)
        with torch.cuda.graph(graph, stream=self.stream):
            self.iterate()
        self.graph = graph

    def train(self, clock, saves, output):
        """Iterates until the time is over; runs in one thread."""
        stream = torch.cuda.stream(self.stream) if self.graph is not None else nullcontext()
        events, saves = [], list(saves)
        with stream:
            while (done := clock.done()) < 1:
                factor = clock.rate_factor()
                for rate, value in zip(self.lr, self.rates):
                    rate.fill_(value * factor)
                for _ in range(20 if self.graph is not None else 1):
                    if self.graph is None:
                        self.iterate()
                    else:
                        self.graph.replay()
                        event = torch.cuda.Event()
                        event.record()
                        events.append(event)
                        if len(events) > 3:
                            events.pop(0).synchronize()
                    self.iterations += 1
                if saves and done >= saves[0]:
                    self.save(output / f"{self.name}-{round(100 * saves.pop(0))}.pt")
            self.save(output / f"{self.name}-100.pt")

    # Files

    @torch.no_grad()
    def averaged(self):
        """A copy of the averaged generator with its own batch statistics."""
        net = copy.deepcopy(self.ema)
        for mine, theirs in zip(net.buffers(), self.g.buffers()):
            mine.copy_(theirs)
        net.train()
        net.frozen_norms = True
        for _ in range(100):
            if self.kind == "detail":
                self.detail_fake(net, self.detail_parts(self.batch))
            else:
                self.base_fake(net, self.random_labels(self.batch))
        return net.eval()

    def save(self, path):
        def half(net):
            return {k: v.detach().half().cpu().contiguous() for k, v in net.export().items()}

        saved = {
            "kind": self.kind,
            "channels": self.ch,
            "iterations": self.iterations,
            "batch": self.batch,
            "ema": half(self.averaged()),
        }
        if self.labels:
            saved["table"] = self.table.half().cpu()
        torch.save(saved, path)


class Clock:
    """The fraction of the time that has passed, and the factor of the learning rates: 1 at first, then a
    cosine down to 1/20."""

    def __init__(self, seconds, warm):
        self.start, self.seconds, self.warm = time.time(), max(1.0, seconds), warm

    def done(self):
        return (time.time() - self.start) / self.seconds

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
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    begin = time.time()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.allow_tf32 = True  # products stay float32: whitening amplifies rounding
    torch.backends.cudnn.benchmark = True
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    jobs = []
    for number, spec in enumerate(arguments.jobs):
        job = Job(spec, arguments.scenes, device, arguments.seed + 100 * number)
        if device.type == "cuda":
            try:
                job.capture()
            except Exception as error:  # single iterations without a graph are slower, but work
                print(f"{job.name}: no graph: {str(error)[:300]}", flush=True)
        jobs.append(job)
        print(f"[{time.time() - begin:.0f} s] {job.name} ready", flush=True)
    clock = Clock(arguments.seconds - (time.time() - begin) - arguments.reserve, arguments.warm)
    saves = sorted(arguments.save)
    threads = [threading.Thread(target=job.train, args=(clock, saves, output)) for job in jobs]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(min(15, max(1, arguments.seconds / 10)))
        for job in jobs:
            values = [round(v, 3) for v in job.report.tolist()]
            print(
                json.dumps(
                    {"s": round(time.time() - begin), "job": job.name, "it": job.iterations, "D, G, gaps": values}
                ),
                flush=True,
            )
    if device.type == "cuda":
        print(f"peak memory {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB", flush=True)
    print(f"[{time.time() - begin:.0f} s] done", flush=True)


if __name__ == "__main__":
    main()
