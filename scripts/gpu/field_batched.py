"""Fewer small kernels: computes the spectral norms and modulations of a network in batches.

A network of these widths spends a GPU's time on launching kernels: every spectral norm takes a dozen,
every modulation eight. `Batched(net)` keeps their weights zero-padded in a few tensors, computes all of
them at once before a forward pass, and gives back state with the names and values of `net` itself.
"""

import torch
import torch.nn.functional as F
from torch import nn
from unet_gan_reference import (
    BATCH_NORM_EPS,
    BATCH_NORM_MOMENTUM,
    SPECTRAL_NORM_EPS,
    SelfModulatedBatchNorm,
    SpectralNorm,
)


class SpectralGroup(nn.Module):
    """Layers of similar size: weights [L, rows, columns] and left singular vectors [L, rows]."""

    def __init__(self, layers):
        super().__init__()
        self.layers = [layer for _, layer in layers]  # not registered: they belong to the network
        self.names = [name for name, _ in layers]
        self.shapes = [layer.weight.shape for layer in self.layers]
        rows = max(shape[0] for shape in self.shapes)
        columns = max(shape[1:].numel() for shape in self.shapes)
        stacked = torch.zeros(len(layers), rows, columns)
        left = torch.zeros(len(layers), rows)
        for i, layer in enumerate(self.layers):
            matrix = layer.weight.detach().flatten(1)
            stacked[i, : matrix.shape[0], : matrix.shape[1]] = matrix
            left[i, : matrix.shape[0]] = layer.weight_u
            del layer.weight, layer.weight_u, layer.weight_v
        self.stacked = nn.Parameter(stacked)
        self.register_buffer("left", left)

    def refresh(self, update):
        with torch.no_grad():
            w = self.stacked
            right = F.normalize(torch.bmm(self.left[:, None], w)[:, 0], dim=1, eps=SPECTRAL_NORM_EPS)
            left = F.normalize(torch.bmm(w, right[:, :, None])[:, :, 0], dim=1, eps=SPECTRAL_NORM_EPS)
            if update:
                self.left.copy_(left)
        sigma = (torch.bmm(self.stacked, right[:, :, None])[:, :, 0] * left).sum(1)
        normalized = (self.stacked / sigma[:, None, None]).unbind(0)
        for layer, shape, matrix in zip(self.layers, self.shapes, normalized):
            weight = matrix[: shape[0], : shape[1:].numel()].unflatten(1, shape[1:])
            layer.ready = (
                weight.contiguous(memory_format=torch.channels_last) if len(shape) == 4 and shape[2] > 1 else weight
            )

    def export(self):
        state = {}
        with torch.no_grad():
            right = F.normalize(torch.bmm(self.left[:, None], self.stacked)[:, 0], dim=1, eps=SPECTRAL_NORM_EPS)
        for i, (name, shape) in enumerate(zip(self.names, self.shapes)):
            columns = shape[1:].numel()
            state[f"{name}.weight"] = self.stacked[i, : shape[0], :columns].reshape(shape)
            state[f"{name}.weight_u"] = self.left[i, : shape[0]]
            state[f"{name}.weight_v"] = right[i, :columns]
        return state


class ModulationGroup(nn.Module):
    """Gain and shift of every self-modulated batch norm: 2 M two-layer networks of one input."""

    def __init__(self, norms):
        super().__init__()
        self.norms = [norm for _, norm in norms]
        self.names = [f"{name}.{part}" for name, _ in norms for part in ("gain", "shift")]
        networks = [getattr(norm, part) for norm in self.norms for part in ("gain", "shift")]
        self.widths = [network[2].weight.shape[0] for network in networks]
        size = networks[0][0].weight.shape[0]
        self.first = nn.Parameter(torch.stack([n[0].weight.detach().T for n in networks]))
        self.bias = nn.Parameter(torch.stack([n[0].bias.detach()[None] for n in networks]))
        second = torch.zeros(len(networks), size, max(self.widths))
        for i, network in enumerate(networks):
            second[i, :, : self.widths[i]] = network[2].weight.detach().T
        self.second = nn.Parameter(second)
        for norm in self.norms:
            del norm.gain, norm.shift

    def refresh(self, z):
        hidden = F.relu(torch.baddbmm(self.bias, z.expand(len(self.first), *z.shape), self.first))
        values = torch.bmm(hidden, self.second).unbind(0)
        for i, norm in enumerate(self.norms):
            width = self.widths[2 * i]
            norm.ready = tuple(v[:, :width, None, None] for v in values[2 * i : 2 * i + 2])

    def export(self):
        state = {}
        for i, (name, width) in enumerate(zip(self.names, self.widths)):
            state[f"{name}.0.weight"] = self.first[i].T
            state[f"{name}.0.bias"] = self.bias[i, 0]
            state[f"{name}.2.weight"] = self.second[i, :, :width].T
        return state


def ready_weight(layer):
    return layer.ready


def ready_norm(norm, x, z):
    normalized = F.batch_norm(
        x, norm.running_mean, norm.running_var, None, None, norm.training, BATCH_NORM_MOMENTUM, BATCH_NORM_EPS
    )
    gain, shift = (value.to(normalized.dtype) for value in norm.ready)
    return torch.addcmul(shift, normalized, 1 + gain)


class Batched(nn.Module):
    """`net` with batched spectral norms and modulations; call it as `net`."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.order = list(net.state_dict())
        # A method set on an instance would not survive a deep copy; so the classes are patched.
        SpectralNorm.normalized_weight = ready_weight
        SelfModulatedBatchNorm.forward = ready_norm
        layers = [(n, m) for n, m in net.named_modules() if isinstance(m, SpectralNorm)]
        norms = [(n, m) for n, m in net.named_modules() if isinstance(m, SelfModulatedBatchNorm)]
        layers.sort(key=lambda item: item[1].weight.numel())
        large = layers[-1][1].weight.numel()
        split = [
            [x for x in layers if low < x[1].weight.numel() / large <= high]
            for low, high in ((-1, 0.02), (0.02, 0.2), (0.2, 1))
        ]
        self.groups = nn.ModuleList(SpectralGroup(part) for part in split if part)
        self.modulations = ModulationGroup(norms) if norms else None
        self.frozen_norms = False

    def forward(self, x, *rest):
        """A generator's inputs are latents, style, labels or None, and noise or None."""
        with torch.autocast(x.device.type, enabled=False):  # norms stay float32
            for group in self.groups:
                group.refresh(self.training and not self.frozen_norms)
            if self.modulations is not None:
                style = rest[0]
                labels = rest[1]
                self.modulations.refresh(style if labels is None else torch.cat([style, self.net.embedding(labels)], 1))
        return self.net(x, *rest)

    def export(self):
        """The state of `net` as it was before, key for key."""
        state = dict(self.net.state_dict())
        for group in [*self.groups, *([self.modulations] if self.modulations is not None else [])]:
            state |= group.export()
        return {key: state[key].detach() for key in self.order}
