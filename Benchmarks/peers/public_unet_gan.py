"""Drives a checkout of the public U-Net GAN code (github.com/boschresearch/unetgan).

That code is not part of this project and nothing of it is here: it is imported from the path that
the user gives, and a few things are changed at run time so that it does the same work as ours:
layouts for 64 px are added, images get one channel, modules that only load data or plot are
replaced by empty ones, and on a CPU `.cuda()` does nothing.
"""

import contextlib
import io
import re
import sys
from pathlib import Path
from unittest.mock import MagicMock

import torch
import unet_gan_reference as clean
from torch import nn

UNUSED_MODULES = [
    "matplotlib",
    "matplotlib.pyplot",
    "torchvision",
    "torchvision.transforms",
    "torchvision.datasets",
    "PIL",
    "datasets",
]
# The shipped training script for FFHQ; the keys are the public code's.
SETTINGS = dict(
    unconditional=True,
    hier=True,
    G_shared=False,
    dim_z=128,
    G_attn="0",
    D_attn="0",
    SN_eps=1e-6,
    BN_eps=1e-5,
    adam_eps=1e-6,
    G_lr=1e-4,
    D_lr=5e-4,
    G_B2=0.999,
    D_B2=0.999,
    n_classes=1,
)
TRAINING = dict(
    unet_mixup=True,
    slow_mixup=True,
    full_batch_mixup=True,
    warmup_epochs=100,
    consistency_loss_and_augmentation=True,
    consistency_loss=False,
    display_mixed_batch=False,
    num_D_steps=1,
    num_D_accumulations=1,
    num_G_accumulations=1,
    split_D=False,
    toggle_grads=True,
    D_ortho=0.0,
    G_ortho=0.0,
    ema=False,
    dataset="FFHQ",
)


class PublicUNetGAN:
    def __init__(self, path: Path, size: int, ch: int, batch: int, channels_last: bool, device: str = "cpu"):
        if not (path / "BigGAN.py").is_file():
            raise SystemExit(f"{path}: no BigGAN.py; give a checkout of boschresearch/unetgan")
        for name in UNUSED_MODULES:
            sys.modules.setdefault(name, MagicMock())
        sys.path.insert(0, str(path))
        if device == "cpu":
            torch.Tensor.cuda = lambda tensor, *_, **__: tensor
            nn.Module.cuda = lambda module, *_, **__: module
        import BigGAN
        import layers
        import train_fns
        import utils

        self.size, self.batch = size, batch
        BigGAN.G_arch, BigGAN.D_unet_arch = generator_layouts, discriminator_layouts
        with contextlib.redirect_stdout(io.StringIO()):
            generator = BigGAN.Generator(G_ch=ch, resolution=size, no_optim=True, **SETTINGS)
            generator.output_layer[2] = generator.which_conv(generator.arch["out_channels"][-1], 1)
            discriminator = discriminator_class(BigGAN, size)(D_ch=ch, resolution=size, **SETTINGS)
        generator.optim = torch.optim.Adam(generator.parameters(), lr=SETTINGS["G_lr"], betas=(0.0, 0.999), eps=1e-6)
        if channels_last:
            use_channels_last(layers)
        self.generator, self.discriminator = generator.train(), discriminator.train()
        pair = BigGAN.G_D(generator, discriminator, TRAINING)
        latents, labels = utils.prepare_z_y(batch, 128, 1, device=device)
        self.train = train_fns.GAN_training_function(
            generator, discriminator, pair, latents, labels, None, {"itr": 0}, TRAINING
        )
        self.labels = torch.zeros(batch, dtype=torch.long)

    def iteration(self, real: torch.Tensor, mask: torch.Tensor | None) -> None:
        """A discriminator step and a generator step by the public code's own function. It tosses a
        coin for CutMix; a probability of 1 or 0 decides it."""
        probability = 0.0 if mask is None else 1.0
        self.train(real, self.labels, 1, self.batch, target_map=mask, r_mixup=probability)

    def generate(self, latents: torch.Tensor) -> torch.Tensor:
        self.generator.eval()
        with torch.no_grad():
            images = self.generator(latents, None)
        self.generator.train()
        return images


def use_channels_last(layers) -> None:
    """Normalized weights in channels_last, and with them every activation. The parameters keep
    their layout, since the public code takes views of them that another would not allow."""
    normalize = layers.SN.W_
    layers.SNConv2d.W_ = lambda layer: normalize(layer).contiguous(memory_format=torch.channels_last)


def generator_layouts(ch: int, attention: str) -> dict:
    return {
        size: {
            "in_channels": [ch * width for width in clean.GENERATOR_INPUTS[size]],
            "out_channels": [ch * width for width in outputs],
            "upsample": [True] * len(outputs),
            "resolution": [8 * 2**i for i in range(len(outputs))],
            "attention": {8 * 2**i: False for i in range(len(outputs))},
        }
        for size, outputs in clean.GENERATOR_OUTPUTS.items()
    }


def discriminator_layouts(ch: int, attention: str, out_channel_multiplier: int = 1) -> dict:
    layouts = {}
    for size, encoder in clean.ENCODER_OUTPUTS.items():
        decoder, stages = clean.DECODER_OUTPUTS[size], len(encoder)
        skips = encoder[-2::-1]
        decoder_inputs = [encoder[-1]] + [a + b for a, b in zip(decoder, skips)]
        down = [size // 2 ** (i + 1) for i in range(stages)]
        layouts[size] = {
            "in_channels": [1] + [ch * width for width in encoder[:-1] + decoder_inputs],
            "out_channels": [ch * width for width in encoder + decoder],
            "downsample": [True] * stages + [False] * stages,
            "upsample": [False] * stages + [True] * stages,
            "resolution": down + [2 * side for side in reversed(down)],
            "attention": {4 * 2**i: False for i in range(10)},
        }
    return layouts


def discriminator_class(BigGAN, size: int) -> type:
    """The public discriminator; as its forward knows 128 and 256 px alone, with another that makes
    the same calls for other sizes."""
    if size in (128, 256):
        return BigGAN.Unet_Discriminator

    class AnySize(BigGAN.Unet_Discriminator):
        def forward(self, x, y=None):
            stages = (len(self.blocks) - 1) // 2
            features = []
            h = x
            for i, blocks in enumerate(self.blocks[:-1]):
                if i > stages:
                    h = torch.cat((h, features[2 * stages - 1 - i]), dim=1)
                h = blocks[0](h)
                if i < stages:
                    features.append(h)
                if i == stages - 1:
                    scalar = self.linear_middle(self.activation(h).sum(dim=(2, 3)))
            return self.blocks[-1](h), scalar

    return AnySize


def to_public_state(state: dict[str, torch.Tensor], public: dict[str, torch.Tensor]) -> dict:
    """Our reference's values under the public code's keys."""
    stages = sum(re.fullmatch(r"encoder\.\d+\.conv1\.weight", key) is not None for key in state)
    found = dict(public)
    for key in public:
        ours = re.sub(r"^blocks\.(\d+)\.0\.", lambda match: block_name(int(match[1]), stages), key)
        ours = re.sub(r"^blocks\.\d+\.(weight|bias)$", r"output_conv.\1", ours)
        for theirs, name in [
            ("conv_sc", "shortcut"),
            ("bn1", "norm1"),
            ("bn2", "norm2"),
            ("stored_", "running_"),
            (".bias.0.", ".shift.0."),
            (".bias.2.", ".shift.2."),
            ("output_layer.2", "output_conv"),
            ("output_layer.0.gain", "output_norm.weight"),
            ("output_layer.0", "output_norm"),
            ("linear_middle", "linear"),
        ]:
            ours = ours.replace(theirs, name)
        if ours.endswith(".u0"):
            value = state.get(ours.removesuffix("u0") + "weight_u")
            found[key] = found[key] if value is None else value[None]
        elif stages and key.startswith("linear."):
            continue  # A layer that the public discriminator has and never uses.
        elif not ours.endswith(".sv0"):
            found[key] = state[ours]
    return found


def block_name(index: int, encoder_stages: int) -> str:
    if encoder_stages == 0:
        return f"blocks.{index}."
    name, i = ("encoder", index) if index < encoder_stages else ("decoder", index - encoder_stages)
    return f"{name}.{i}."


def check_same_networks(public: PublicUNetGAN, ch: int) -> dict[str, float]:
    """Largest differences between the public networks and our reference with the same weights:
    image, scalar and map logits in training mode, and an image of the eval-mode generator."""
    generator = clean.Generator(public.size, ch, tanh=True).train()
    discriminator = clean.UNetDiscriminator(public.size, ch).train()
    for ours, theirs in [(generator, public.generator), (discriminator, public.discriminator)]:
        theirs.load_state_dict(to_public_state(ours.state_dict(), theirs.state_dict()))
    with torch.no_grad():
        latents = torch.randn(2, 128)
        ours, theirs = generator(latents), public.generator(latents, None)
        scalar, map = discriminator(ours)
        their_map, their_scalar = public.discriminator(ours)
        generator.eval()
        generated = generator(latents)
    return {
        "image": (ours - theirs).abs().max().item(),
        "generated": (generated - public.generate(latents)).abs().max().item(),
        "scalar": (scalar - their_scalar).abs().max().item(),
        "map": (map - their_map).abs().max().item(),
    }
